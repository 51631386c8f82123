/* SPDX-License-Identifier: MIT */
/* Perf buffers, one per CPU, read as one stream. See perf_stream.h. */
#define _GNU_SOURCE
#include "perf_stream.h"

#include <bcc/libbpf.h>
#include <bcc/perf_reader.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "mute_stderr.h"

enum {
	/* Far longer than a program takes from reading the clock to submitting its record. */
	SETTLE_NS = 5000000,
	/* A batch that wakes the reader. Smaller ones wait until the caller reads by the clock. */
	WAKEUP_EVENTS_MAX = 128,
};

struct perf_stream {
	struct time_merge *merge;
	struct perf_reader *readers[PERF_STREAM_CPUS_MAX];
	int fds[PERF_STREAM_CPUS_MAX];
	size_t count;
	uint64_t round_ns; /* when the last reading began */
	int wakeup_events;
	int failed; /* in on_record(), which cannot return it */
};

static void on_record(void *cookie, void *raw, int raw_size)
{
	struct perf_stream *s = cookie;
	int r = time_merge_add(s->merge, raw, (size_t)raw_size);

	if (r < 0 && !s->failed)
		s->failed = r;
}

/* The program counts lost records itself: see perf_stream.h. */
static void on_lost(void *cookie, uint64_t lost)
{
	(void)cookie;
	(void)lost;
}

/* A batch of large records must not fill the buffer before the reader wakes up. */
static int wakeup_events(unsigned pages, size_t largest)
{
	size_t events = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE) / 2 / largest;

	return events < 1 ? 1 : events > WAKEUP_EVENTS_MAX ? WAKEUP_EVENTS_MAX : (int)events;
}

static int explain_open(struct error *err, int code, unsigned pages, int cpu)
{
	error_set(err, -code, "opening a perf buffer of %u pages on CPU %d: %s", pages, cpu,
		  error_words(code));
	if (code == EACCES)
		return error_hint(err, "kernel.perf_event_paranoid forbids it; see --check");
	if (code == EMFILE)
		return error_hint(err, "each CPU takes a descriptor; see ulimit -n");
	return error_hint(err, "fewer pages (--buffer), or CAP_IPC_LOCK, or a larger "
			       "kernel.perf_event_mlock_kb");
}

/*
 * ENODEV: the CPU went offline after the file named it. It stays without a buffer, as a CPU that
 * was offline before, and the program counts what it cannot submit there.
 */
static int open_cpu(struct perf_stream *s, int map, unsigned pages, int cpu, struct error *err)
{
	struct bcc_perf_buffer_opts opts = { .pid = -1,
					     .cpu = cpu,
					     .wakeup_events = s->wakeup_events };
	struct perf_reader *reader;
	FILE *before;
	int fd, saved;

	if (s->count == PERF_STREAM_CPUS_MAX)
		return error_set(err, -E2BIG, "perf buffers: more than %d CPUs",
				 PERF_STREAM_CPUS_MAX);
	before = mute_stderr_begin();
	reader = bpf_open_perf_buffer_opts(on_record, on_lost, s, (int)pages, &opts);
	saved = errno;
	mute_stderr_end(before);
	if (!reader)
		return saved == ENODEV ? 0 : explain_open(err, saved, pages, cpu);
	fd = perf_reader_fd(reader);
	s->readers[s->count] = reader;
	s->fds[s->count++] = fd;
	if (bpf_update_elem(map, &cpu, &fd, 0) < 0)
		return error_set(err, -errno, "connecting the perf buffer of CPU %d: %s", cpu,
				 error_words(errno));
	return 0;
}

/* The file has ranges: "0-3,8". */
static int open_online(struct perf_stream *s, int map, unsigned pages, struct error *err)
{
	cleanup_fclose FILE *file = fopen("/sys/devices/system/cpu/online", "re");
	int first, last, r = 0;

	if (!file)
		return error_set(err, -errno, "reading which CPUs are online: %s",
				 error_words(errno));
	while (r == 0 && fscanf(file, "%d", &first) == 1) {
		int c = fgetc(file);

		last = first;
		if (c == '-' && fscanf(file, "%d", &last) == 1)
			c = fgetc(file);
		for (int cpu = first; r == 0 && cpu <= last; cpu++)
			r = open_cpu(s, map, pages, cpu, err);
		if (c != ',')
			break;
	}
	if (r == 0 && s->count == 0)
		return explain_open(err, ENODEV, pages, first);
	return r;
}

int perf_stream_open(struct perf_stream **streamp, int map, unsigned pages, size_t largest,
		     time_merge_record_fn record, void *context, struct error *err)
{
	struct perf_stream *s = calloc(1, sizeof(*s));
	int r;

	if (!s || time_merge_new(&s->merge, record, context) < 0) {
		free(s);
		return error_nomem(err);
	}
	s->wakeup_events = wakeup_events(pages, largest);
	r = open_online(s, map, pages, err);
	if (r < 0) {
		perf_stream_close(s);
		return r;
	}
	*streamp = s;
	return 0;
}

void perf_stream_close(struct perf_stream *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		perf_reader_free(s->readers[i]);
	time_merge_free(s->merge);
	free(s);
}

size_t perf_stream_fds(const struct perf_stream *s, const int **fds)
{
	*fds = s->fds;
	return s->count;
}

/*
 * perf_reader_poll() would poll the descriptors once more. The event loop has done that, so it
 * would find nothing and wait.
 */
static int read_round(struct perf_stream *s)
{
	perf_reader_consume((int)s->count, s->readers);
	return s->failed;
}

int perf_stream_read(struct perf_stream *s)
{
	uint64_t before = s->round_ns;
	int r;

	s->round_ns = clock_monotonic_ns();
	if (before > s->round_ns - SETTLE_NS)
		before = s->round_ns - SETTLE_NS;
	r = read_round(s);
	return r < 0 ? r : time_merge_release(s->merge, before);
}

int perf_stream_finish(struct perf_stream *s)
{
	int r = read_round(s);

	return r < 0 ? r : time_merge_release(s->merge, UINT64_MAX);
}
