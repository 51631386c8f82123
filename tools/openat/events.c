/* SPDX-License-Identifier: MIT */
/* bcc-openat --stream. See events.h. */
#include "events.h"

#include <stdlib.h>

#include "container_of.h"
#include "event_line.h"
#include "event_stream.h"
#include "openat_in_flight.h"
#include "openat_plan.h"

struct events {
	struct event_stream stream;
	const struct openat_options *options;
};

static const struct openat_options *options_of(const struct event_stream *s)
{
	return container_of(s, struct events, stream)->options;
}

static int start(struct event_stream *s, struct error *err)
{
	const struct openat_options *options = options_of(s);

	return openat_fill_glob(options, s->trace->loaded, err);
}

static int print(struct event_stream *s, const void *record, size_t size)
{
	int r = open_event_report(s->trace->report, record, size, s->clock.wall_ns);

	if (r < 0)
		return r;
	s->events++;
	s->failed += open_event_failed(record);
	return 0;
}

/* What cannot be found out is in `unmatched`. */
static int finish(struct event_stream *s, uint64_t *in_flight, struct error *err)
{
	(void)err;
	openat_count_in_flight(options_of(s), s->trace, in_flight);
	return 0;
}

struct collector *openat_events_new(const struct openat_options *options)
{
	static const struct stream_ops ops = { .start = start, .print = print, .finish = finish };
	struct events *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	event_stream_init(&e->stream, &ops);
	e->options = options;
	e->stream.pages = options->tracing.buffer_pages;
	e->stream.record_max = sizeof(struct open_event) + OPEN_TEXT_MAX;
	e->stream.events_key = "opens";
	e->stream.failed_key = "failed";
	return &e->stream.collector;
}
