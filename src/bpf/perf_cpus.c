/* SPDX-License-Identifier: MIT */
/*
 * CPUs that come online while a perf stream is read. See perf_stream.h.
 *
 * Two things tell: the kernel's list of online CPUs, and that a program drops records on a CPU
 * whose buffer stays empty. The second finds the CPUs that went and came between two looks.
 */
#define _GNU_SOURCE
#include "perf_cpus.h"

#include <bcc/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "drops.h"
#include "inspector.h"
#include "mute_stderr.h"
#include "realtime.h"

enum {
	LOOK_NS = 50000000,      /* between two looks */
	SUSPECT_NS = 1000000000, /* between two buffers that a CPU gets on a suspicion */
};

/* The process may not open an event any more. Return: 0 or a negative errno. */
static int open_late(struct cpu_buffer *buffer)
{
	const struct perf_stream *s = buffer->stream;
	const struct inspector_asked asked = { .question = INSPECTOR_BUFFER,
					       .id = (uint64_t)buffer->cpu,
					       .pages = s->setup.pages,
					       .wakeup_events = (uint32_t)s->wakeup_events };
	int fd = inspector_ask_descriptor(&asked), r;
	struct perf_reader *reader;
	FILE *before;

	if (fd < 0)
		return fd;
	reader = perf_reader_new(perf_on_record, perf_on_lost, buffer, (int)s->setup.pages);
	if (!reader) {
		close(fd);
		return -ENOMEM;
	}
	perf_reader_set_fd(reader, fd);
	before = mute_stderr_begin();
	r = perf_reader_mmap(reader) < 0 ? -errno : 0;
	mute_stderr_end(before);
	if (r == 0)
		return perf_connect(buffer, reader);
	perf_reader_free(reader);
	return r;
}

static struct cpu_buffer *find_cpu(struct perf_stream *s, int cpu)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->buffers[i].cpu == cpu)
			return &s->buffers[i];
	return NULL;
}

/*
 * The file names a CPU a moment before events can be opened there (ENODEV): it is looked at once
 * more.
 */
static void take_in(struct perf_stream *s, int cpu)
{
	struct cpu_buffer *buffer = find_cpu(s, cpu);
	int r;

	if (buffer && !buffer->is_gone)
		return;
	buffer = buffer ? buffer : perf_add_cpu(s, cpu);
	r = buffer ? open_late(buffer) : -E2BIG;
	if (r == -ENODEV) {
		online_cpus_forget(&s->online);
		return;
	}
	if (s->ncame++ == 0)
		s->came = cpu;
	if (r < 0)
		s->refused = -r;
}

static void follow_online(struct perf_stream *s)
{
	const char *at = s->online.text;
	int cpu = -1;

	for (size_t i = 0; i < s->count; i++) {
		const char *from = s->online.text;
		int online = -1;

		while (online_cpus_next(&from, &online) && online < s->buffers[i].cpu)
			;
		if (online != s->buffers[i].cpu)
			s->buffers[i].is_gone = true;
	}
	while (online_cpus_next(&at, &cpu))
		take_in(s, cpu);
}

/*
 * A CPU that goes and comes between two looks, as all do when the machine sleeps, has a buffer that
 * nothing is written to any more. Then its program drops records although the buffer is empty. It
 * does so, too, if a record is larger than the buffer: so this is asked for only now and then.
 */
static void suspect(struct cpu_buffer *buffer, uint64_t dropped, uint64_t now_ns)
{
	bool is_silent = buffer->records == buffer->records_then;

	if (dropped != buffer->dropped && is_silent && !buffer->is_gone) {
		if (now_ns - buffer->asked_ns < SUSPECT_NS)
			return;
		buffer->asked_ns = now_ns;
		open_late(buffer);
	}
	buffer->dropped = dropped;
	buffer->records_then = buffer->records;
}

/* The kernel lists the values of the possible CPUs. Their ids have no gaps where CPUs can come. */
static void follow_drops(struct perf_stream *s)
{
	uint32_t kind = DROP_BUFFER;
	struct realtime before;
	int r;

	if (s->setup.drops < 0)
		return;
	/* At raised priority, so that the CPU misses no events during the call: see realtime.h. */
	realtime_raise(&before);
	r = bpf_lookup_elem(s->setup.drops, &kind, s->dropped);
	realtime_restore(&before);
	if (r < 0)
		return;
	/* What was dropped for want of room since the last reading is followed by records. */
	perf_read_round(s);
	for (size_t i = 0; i < s->count; i++)
		if ((size_t)s->buffers[i].cpu < s->possible)
			suspect(&s->buffers[i], s->dropped[s->buffers[i].cpu], s->round_ns);
}

/* They were read after they were replaced, by this look's reading at the latest. */
static void close_replaced(struct perf_stream *s)
{
	for (size_t i = 0; i < s->count; i++) {
		perf_reader_free(s->buffers[i].replaced);
		s->buffers[i].replaced = NULL;
	}
}

void perf_look_for_cpus(struct perf_stream *s)
{
	if (s->round_ns - s->looked_ns < LOOK_NS || s->possible == 1)
		return;
	s->looked_ns = s->round_ns;
	close_replaced(s);
	if (online_cpus_changed(&s->online))
		follow_online(s);
	follow_drops(s);
}

bool perf_stream_notice(struct perf_stream *s, char *text, size_t size)
{
	int len;

	if (!s->ncame)
		return false;
	len = s->ncame == 1 ? snprintf(text, size, "CPU %d came online", s->came)
			    : snprintf(text, size, "%zu CPUs came online, CPU %d first", s->ncame,
				       s->came);
	if (s->refused && (size_t)len < size)
		snprintf(text + len, size - (size_t)len,
			 ", without a perf buffer: %s; their events count as dropped",
			 error_words(s->refused));
	else if ((size_t)len < size)
		snprintf(text + len, size - (size_t)len,
			 "; events there, before there was a perf buffer, count as dropped");
	s->ncame = 0;
	s->refused = 0;
	return true;
}
