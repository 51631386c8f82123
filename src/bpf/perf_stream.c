/* SPDX-License-Identifier: MIT */
/* Perf buffers, one per CPU, read as one stream. See perf_stream.h. */
#define _GNU_SOURCE
#include "perf_stream.h"

#include <bcc/libbpf.h>
#include <bcc/perf_reader.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "mute_stderr.h"
#include "perf_cpus.h"

enum {
	/* Far longer than a program takes from reading the clock to submitting its record. */
	SETTLE_NS = 5000000,
	/* A batch that wakes the reader. Smaller ones wait until the caller reads by the clock. */
	WAKEUP_EVENTS_MAX = 128,
};

void perf_on_record(void *cookie, void *raw, int raw_size)
{
	struct cpu_buffer *buffer = cookie;
	struct perf_stream *s = buffer->stream;
	int r = time_merge_add(s->merge, raw, (size_t)raw_size);

	buffer->records++;
	if (r < 0 && !s->failed)
		s->failed = r;
}

/* The program counts lost records itself: see perf_stream.h. */
void perf_on_lost(void *cookie, uint64_t lost)
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

struct cpu_buffer *perf_add_cpu(struct perf_stream *s, int cpu)
{
	struct cpu_buffer *buffer = &s->buffers[s->count];

	if (s->count == s->room)
		return NULL;
	*buffer = (struct cpu_buffer){ .stream = s, .cpu = cpu };
	return buffer;
}

int perf_connect(struct cpu_buffer *buffer, struct perf_reader *reader)
{
	struct perf_stream *s = buffer->stream;
	size_t i = (size_t)(buffer - s->buffers);
	int fd = perf_reader_fd(reader);

	buffer->replaced = buffer->reader;
	buffer->reader = s->readers[i] = reader;
	buffer->is_gone = false;
	s->fds[i] = fd;
	if (i == s->count)
		s->count++;
	return bpf_update_elem(s->setup.events, &buffer->cpu, &fd, 0) < 0 ? -errno : 0;
}

/*
 * ENODEV: the CPU went offline after the file named it. It stays without a buffer, as a CPU that
 * was offline before.
 */
static int open_cpu(struct perf_stream *s, int cpu, struct error *err)
{
	struct bcc_perf_buffer_opts opts = { .pid = -1,
					     .cpu = cpu,
					     .wakeup_events = s->wakeup_events };
	struct cpu_buffer *buffer = perf_add_cpu(s, cpu);
	struct perf_reader *reader;
	FILE *before;
	int saved, r;

	if (!buffer)
		return error_set(err, -E2BIG, "perf buffers: more than %zu CPUs", s->room);
	before = mute_stderr_begin();
	reader = bpf_open_perf_buffer_opts(perf_on_record, perf_on_lost, buffer,
					   (int)s->setup.pages, &opts);
	saved = errno;
	mute_stderr_end(before);
	if (!reader)
		return saved == ENODEV ? 0 : explain_open(err, saved, s->setup.pages, cpu);
	r = perf_connect(buffer, reader);
	return r < 0 ? error_set(err, r, "connecting the perf buffer of CPU %d: %s", cpu,
				 error_words(r))
		     : 0;
}

static int open_online(struct perf_stream *s, struct error *err)
{
	const char *at = s->online.text;
	int cpu = -1, r = 0;

	while (r == 0 && online_cpus_next(&at, &cpu))
		r = open_cpu(s, cpu, err);
	if (r == 0 && s->count == 0)
		return explain_open(err, ENODEV, s->setup.pages, cpu);
	return r;
}

int perf_stream_open(struct perf_stream **streamp, const struct perf_stream_setup *setup,
		     struct error *err)
{
	struct perf_stream *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return error_nomem(err);
	s->setup = *setup;
	s->possible = (size_t)libbpf_num_possible_cpus();
	s->online.file = -1;
	s->room = s->possible < PERF_STREAM_CPUS_MAX ? s->possible : PERF_STREAM_CPUS_MAX;
	for (size_t i = 0; i < PERF_STREAM_CPUS_MAX; i++)
		s->fds[i] = -1;
	s->wakeup_events = wakeup_events(setup->pages, setup->largest);
	s->dropped = calloc(s->possible, sizeof(*s->dropped));
	r = s->dropped && time_merge_new(&s->merge, setup->record, setup->context) == 0
		    ? online_cpus_open(&s->online, err)
		    : error_nomem(err);
	if (r == 0)
		r = open_online(s, err);
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
	for (size_t i = 0; i < s->count; i++) {
		perf_reader_free(s->buffers[i].replaced);
		perf_reader_free(s->buffers[i].reader);
	}
	time_merge_free(s->merge);
	online_cpus_close(&s->online);
	free(s->dropped);
	free(s);
}

size_t perf_stream_fds(const struct perf_stream *s, const int **fds)
{
	*fds = s->fds;
	return s->room;
}

/*
 * perf_reader_poll() would poll the descriptors once more. The event loop has done that, so it
 * would find nothing and wait.
 */
int perf_read_round(struct perf_stream *s)
{
	perf_reader_consume((int)s->count, s->readers);
	for (size_t i = 0; i < s->count; i++)
		if (s->buffers[i].replaced)
			perf_reader_consume(1, &s->buffers[i].replaced);
	return s->failed;
}

int perf_stream_read(struct perf_stream *s)
{
	uint64_t before = s->round_ns;
	int r;

	s->round_ns = clock_monotonic_ns();
	if (before > s->round_ns - SETTLE_NS)
		before = s->round_ns - SETTLE_NS;
	r = perf_read_round(s);
	if (r == 0)
		perf_look_for_cpus(s);
	return r < 0 ? r : time_merge_release(s->merge, before);
}

int perf_stream_finish(struct perf_stream *s)
{
	int r = perf_read_round(s);

	return r < 0 ? r : time_merge_release(s->merge, UINT64_MAX);
}
