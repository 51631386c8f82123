/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --stream. See events.h. */
#define _GNU_SOURCE
#include "events.h"

#include <bpf/bpf.h>
#include <stdlib.h>

#include "calls.h"
#include "container_of.h"
#include "event_line.h"
#include "event_stream.h"
#include "selection.h"
#include "syscall_args.h"
#include "syscalls_plan.h"

/** struct events - @args: names and kinds of the calls' arguments */
struct events {
	struct event_stream stream;
	const struct syscalls_options *options;
	struct syscall_args_table *args;
};

static struct events *events_of(const struct event_stream *s)
{
	return container_of(s, struct events, stream);
}

static bool is_selected(size_t slot, void *context)
{
	const struct events *e = context;

	return syscalls_are_selected(e->options, slot);
}

/* Tell the program which memory to read. */
static int fill_parts(const struct events *e, int map, struct error *err)
{
	int r = 0;

	for (uint32_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		struct call_parts parts;

		syscall_args_parts(e->args, slot, syscalls_string_limit(e->options),
				   !e->options->in_words, &parts);
		if (parts.part[0].kind)
			r = bpf_map_update_elem(map, &slot, &parts, BPF_ANY);
	}
	return r < 0 ? error_set(err, r, "describing arguments: %s", error_words(r)) : 0;
}

static int start(struct event_stream *s, struct error *err)
{
	struct events *e = events_of(s);
	int r = syscalls_fill_selection(e->options, s->trace->loaded, err);

	if (r < 0)
		return r;
	r = syscall_args_new(&e->args, s->trace->kernel->tracefs, is_selected, e);
	if (r < 0)
		return error_set(err, r, "reading what the kernel says of arguments: %s",
				 error_words(r));
	return fill_parts(
		e,
		loader_map(s->trace->loaded, "parts", sizeof(uint32_t), sizeof(struct call_parts)),
		err);
}

static int print(struct event_stream *s, const void *record, size_t size)
{
	const struct call_context how = { .wall_ns = s->clock.wall_ns,
					  .args = events_of(s)->args,
					  .limit = syscalls_string_limit(events_of(s)->options) };
	int r = call_event_report(s->trace->report, record, size, &how);

	if (r < 0)
		return r;
	s->events++;
	s->failed += call_event_failed(record);
	return 0;
}

static void clear(struct event_stream *s)
{
	syscall_args_free(events_of(s)->args);
}

struct collector *syscalls_events_new(const struct syscalls_options *options)
{
	static const struct stream_ops ops = { .start = start, .print = print, .clear = clear };
	struct events *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	event_stream_init(&e->stream, &ops);
	e->options = options;
	e->stream.pages = options->tracing.buffer_pages;
	e->stream.record_max =
		sizeof(struct call_event) + (size_t)CALL_TEXT_MAX + STRING_LIMIT_DEFAULT;
	e->stream.events_key = "calls";
	e->stream.failed_key = "errors";
	return &e->stream.collector;
}
