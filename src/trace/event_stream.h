/* SPDX-License-Identifier: MIT */
/*
 * A collector of events: perf buffers in the kernel, records in the order of time, each a line of
 * the report.
 *
 * A tool embeds struct event_stream at the beginning of its own struct and says with struct
 * stream_ops what a record means.
 */
#ifndef EVENT_STREAM_H
#define EVENT_STREAM_H

#include "clock.h"
#include "collector.h"

struct event_stream;

/**
 * struct stream_ops - what only the tool knows
 * @start:    before the perf buffers are opened; NULL: nothing
 * @enable:   after attaching; NULL: nothing
 * @print:    one record, in order; 8-byte aligned, @size up to 7 bytes more than the program sent.
 *            It counts the record in @events and @failed
 * @read:     after each reading, before the report is flushed; NULL: nothing
 * @finish:   after the last record, see struct collector_ops; NULL: nothing
 * @summary:  see struct collector_ops; NULL: nothing
 * @counters: see struct collector_ops; NULL: @events and @failed, under their keys
 * @clear:    release what the tool's own struct holds, and not the struct; NULL: nothing
 */
struct stream_ops {
	int (*start)(struct event_stream *stream, struct error *err);
	int (*enable)(struct event_stream *stream, struct error *err);
	int (*print)(struct event_stream *stream, const void *record, size_t size);
	int (*read)(struct event_stream *stream);
	int (*finish)(struct event_stream *stream, uint64_t *in_flight, struct error *err);
	int (*summary)(struct event_stream *stream, const struct drops *drops, struct error *err);
	size_t (*counters)(const struct event_stream *stream, const struct drops *drops,
			   struct report_end_counter *counters);
	void (*clear)(struct event_stream *stream);
};

/**
 * struct event_stream
 * @collector:   what the run sees of it
 * @ops:         the tool's
 * @trace:       after start()
 * @pages:       size of each CPU's perf buffer, a power of two; 0: the default
 * @record_max:  bytes of a large record
 * @events_key, @failed_key: what the two counters are called in the `end` record; a NULL one is not
 *               in it
 * @events, @failed: so far
 * @clock:       from a record's time to the time of day
 * @perf:        the buffers
 */
struct event_stream {
	struct collector collector;
	const struct stream_ops *ops;
	const struct trace *trace;
	uint64_t pages;
	size_t record_max;
	const char *events_key;
	const char *failed_key;
	uint64_t events;
	uint64_t failed;
	struct clock clock;
	struct perf_stream *perf;
};

/**
 * event_stream_init() - before the tool sets the members it knows
 * @stream: zeroed, on the heap, at the beginning of the tool's struct: the collector's free() frees
 *          it
 */
void event_stream_init(struct event_stream *stream, const struct stream_ops *ops);

#endif
