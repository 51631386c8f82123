/* SPDX-License-Identifier: MIT */
/*
 * The inside of a perf stream: the buffers, for perf_stream.c, and the CPUs that come, for
 * perf_cpus.c. For these two only.
 */
#ifndef PERF_CPUS_H
#define PERF_CPUS_H

#include <bcc/perf_reader.h>

#include "online_cpus.h"
#include "perf_stream.h"

/*
 * The buffer of a CPU.
 * @reader:   NULL: none yet
 * @replaced: the one before, until the next look: a program that was running may have written to
 *            it
 * @records:  read from it so far; @records_then: at the last look
 * @dropped:  on the CPU for want of a buffer or of room in it, at the last look
 * @is_gone:  its CPU went offline
 * @asked_ns: when it was last opened anew on a suspicion
 */
struct cpu_buffer {
	struct perf_stream *stream;
	struct perf_reader *reader, *replaced;
	int cpu;
	bool is_gone;
	uint64_t records, records_then;
	uint64_t dropped;
	uint64_t asked_ns;
};

/*
 * @readers, @fds: those of @buffers, as libbcc and poll(2) want them
 * @count:   how many CPUs have or had a buffer; @room: how many can have one
 * @looked_ns: when it last looked for CPUs
 * @ncame:   CPUs that came since the last notice, @came the first of them; @refused: why one has no
 *           buffer, a positive errno
 */
struct perf_stream {
	struct perf_stream_setup setup;
	struct time_merge *merge;
	struct cpu_buffer buffers[PERF_STREAM_CPUS_MAX];
	struct perf_reader *readers[PERF_STREAM_CPUS_MAX];
	int fds[PERF_STREAM_CPUS_MAX];
	size_t count, room;
	struct online_cpus online;
	size_t possible;
	uint64_t *dropped; /* by possible CPU, as the kernel has it */
	uint64_t round_ns; /* when the last reading began */
	uint64_t looked_ns;
	int wakeup_events;
	int failed; /* in on_record(), which cannot return it */
	size_t ncame;
	int came;
	int refused;
};

/* perf_stream.c */

/* Callbacks of libbcc for one record, and for the kernel's notice of lost ones; @cookie: the
 * buffer.
 */
void perf_on_record(void *cookie, void *raw, int raw_size);
void perf_on_lost(void *cookie, uint64_t lost);

/** perf_add_cpu() - a place for the buffer of a CPU that has none. Return: NULL: there is no room.
 */
struct cpu_buffer *perf_add_cpu(struct perf_stream *s, int cpu);

/** perf_connect() - give a CPU this buffer. Return: 0, or negative errno of the map. */
int perf_connect(struct cpu_buffer *buffer, struct perf_reader *reader);

/** perf_read_round() - read all buffers once. Return: 0, or what failed in a callback. */
int perf_read_round(struct perf_stream *s);

/* perf_cpus.c */

/** perf_look_for_cpus() - give CPUs that have come a buffer; call it after each reading. */
void perf_look_for_cpus(struct perf_stream *s);

#endif
