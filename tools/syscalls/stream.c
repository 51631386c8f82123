/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --stream. See syscalls_stream.h. */
#define _GNU_SOURCE
#include "stream.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "clock.h"
#include "event_line.h"
#include "perf_stream.h"
#include "syscall_args.h"

struct syscalls_stream {
	struct stream *stream;
	struct syscall_args_table *args;
	struct report *report;
	struct clock clock;
	uint64_t calls, errors;
};

static int take_record(const void *data, size_t size, void *context)
{
	struct syscalls_stream *s = context;
	const struct call_event *event = data;
	const struct call_context how = { .wall_ns = s->clock.wall_ns, .args = s->args };
	int r = call_event_report(s->report, data, size, &how);

	if (r < 0)
		return r;
	s->calls++;
	s->errors += call_event_failed(event);
	return 0;
}

static bool is_wanted(size_t slot, void *context)
{
	const struct syscalls_choices *choices = context;

	return !choices->set.any || syscall_set_has(&choices->set, slot);
}

/* Tell the program which arguments are text. */
static int fill_texts(const struct syscalls_stream *s, int map, struct error *err)
{
	int r = 0;

	for (uint32_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		struct call_texts texts;

		syscall_args_texts(s->args, slot, &texts);
		if (texts.arg[0])
			r = bpf_map_update_elem(map, &slot, &texts, BPF_ANY);
	}
	return r < 0 ? error_set(err, r, "describing arguments: %s", error_name(r)) : 0;
}

int syscalls_stream_new(struct syscalls_stream **streamp, struct run *run, struct error *err)
{
	struct syscalls_stream *s = calloc(1, sizeof(*s));
	struct syscalls_choices *choices = run->state;
	uint64_t pages = choices->buffer_pages ? choices->buffer_pages : STREAM_PAGES_DEFAULT;
	int r;

	if (!s)
		return error_nomem(err);
	*streamp = s;
	s->report = run->report;
	clock_start(&s->clock);
	r = syscall_args_new(&s->args, run->kernel.tracefs, is_wanted, choices);
	if (r < 0)
		return error_set(err, r, "reading what the kernel says of arguments: %s",
				 error_name(r));
	r = fill_texts(s, load_map(run->loaded, "texts"), err);
	if (r < 0)
		return r;
	return stream_open(&s->stream, load_map(run->loaded, "events"), (unsigned)pages,
			   sizeof(struct call_event) + (size_t)CALL_TEXTS * CALL_TEXT_MAX,
			   take_record, s, err);
}

void syscalls_stream_free(struct syscalls_stream *s)
{
	if (!s)
		return;
	stream_close(s->stream);
	syscall_args_free(s->args);
	free(s);
}

size_t syscalls_stream_fds(const struct syscalls_stream *s, const int **fds)
{
	return stream_fds(s->stream, fds);
}

int syscalls_stream_read(struct syscalls_stream *s)
{
	int r = stream_read(s->stream);

	clock_follow(&s->clock);
	return r < 0 ? r : report_flush(s->report);
}

int syscalls_stream_finish(struct syscalls_stream *s)
{
	int r = stream_finish(s->stream);

	return r < 0 ? r : report_flush(s->report);
}

void syscalls_stream_sums(const struct syscalls_stream *s, uint64_t *calls, uint64_t *errors)
{
	*calls = s->calls;
	*errors = s->errors;
}
