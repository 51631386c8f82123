/* SPDX-License-Identifier: MIT */
/* Perf buffers to lines of the report. See event_stream.h. */
#include "event_stream.h"

#include <stdlib.h>

#include "container_of.h"
#include "perf_stream.h"

enum {
	TICK_NS = 50000000, /* a reader who waits for a line does not notice this */
};

static struct event_stream *stream_of(struct collector *collector)
{
	return container_of(collector, struct event_stream, collector);
}

static int take_record(const void *data, size_t size, void *context)
{
	struct event_stream *s = context;

	return s->ops->print(s, data, size);
}

static int start(struct collector *collector, const struct trace *trace, struct error *err)
{
	struct event_stream *s = stream_of(collector);
	struct perf_stream_setup setup = {
		.events = loader_map_of_any_size(trace->loaded, "events"),
		.drops = loader_map(trace->loaded, "drops", sizeof(uint32_t), sizeof(uint64_t)),
		.pages = (unsigned)(s->pages ? s->pages : PERF_STREAM_PAGES_DEFAULT),
		.largest = s->record_max,
		.record = take_record,
		.context = s,
	};
	int r;

	s->trace = trace;
	clock_start(&s->clock);
	r = s->ops->start ? s->ops->start(s, err) : 0;
	if (r == 0)
		r = perf_stream_open(&s->perf, &setup, err);
	if (r == 0)
		collector->nfds = perf_stream_fds(s->perf, &collector->fds);
	return r;
}

static int enable(struct collector *collector, struct error *err)
{
	struct event_stream *s = stream_of(collector);

	return s->ops->enable ? s->ops->enable(s, err) : 0;
}

static int poll_stream(struct collector *collector, struct error *err)
{
	struct event_stream *s = stream_of(collector);
	int r = perf_stream_read(s->perf);

	(void)err;
	if (perf_stream_notice(s->perf, collector->notice, sizeof(collector->notice)))
		collector->has_notice = true;
	clock_follow(&s->clock);
	if (r == 0 && s->ops->read)
		r = s->ops->read(s);
	return r < 0 ? r : report_flush(s->trace->report);
}

static int disable(struct collector *collector, struct error *err)
{
	(void)collector;
	(void)err;
	return 0;
}

static int finish(struct collector *collector, uint64_t *in_flight, struct error *err)
{
	struct event_stream *s = stream_of(collector);
	int r = perf_stream_finish(s->perf);

	*in_flight = 0;
	if (r == 0 && s->ops->finish)
		r = s->ops->finish(s, in_flight, err);
	return r < 0 ? r : report_flush(s->trace->report);
}

static int summary(struct collector *collector, const struct drops *drops, struct error *err)
{
	struct event_stream *s = stream_of(collector);

	return s->ops->summary ? s->ops->summary(s, drops, err) : 0;
}

static size_t counters(const struct collector *collector, const struct drops *drops,
		       struct report_end_counter *out)
{
	const struct event_stream *s = container_of(collector, struct event_stream, collector);

	if (s->ops->counters)
		return s->ops->counters(s, drops, out);
	out[0] = (struct report_end_counter){ .key = s->events_key, .value = s->events };
	if (!s->failed_key)
		return 1;
	out[1] = (struct report_end_counter){ .key = s->failed_key, .value = s->failed };
	return 2;
}

static void free_stream(struct collector *collector)
{
	struct event_stream *s = stream_of(collector);

	perf_stream_close(s->perf);
	if (s->ops->clear)
		s->ops->clear(s);
	free(s);
}

void event_stream_init(struct event_stream *stream, const struct stream_ops *ops)
{
	static const struct collector_ops collector_ops = {
		.start = start,
		.enable = enable,
		.poll = poll_stream,
		.disable = disable,
		.finish = finish,
		.summary = summary,
		.counters = counters,
		.free = free_stream,
	};

	stream->collector = (struct collector){ .ops = &collector_ops, .tick_ns = TICK_NS };
	stream->ops = ops;
}
