/* SPDX-License-Identifier: MIT */
/* bcc-openat --stream. See openat_stream.h. */
#define _GNU_SOURCE
#include "stream.h"

#include <stdlib.h>

#include "clock.h"
#include "event_line.h"
#include "perf_stream.h"

struct openat_stream {
	struct stream *stream;
	struct report *report;
	struct clock clock;
	uint64_t opens, failed;
};

static int take_record(const void *data, size_t size, void *context)
{
	struct openat_stream *s = context;
	int r = open_event_report(s->report, data, size, s->clock.wall_ns);

	if (r < 0)
		return r;
	s->opens++;
	s->failed += open_event_failed(data);
	return 0;
}

int openat_stream_new(struct openat_stream **streamp, struct run *run, struct error *err)
{
	const struct openat_choices *choices = run->state;
	struct openat_stream *s = calloc(1, sizeof(*s));
	uint64_t pages = choices->buffer_pages ? choices->buffer_pages : STREAM_PAGES_DEFAULT;

	if (!s)
		return error_nomem(err);
	*streamp = s;
	s->report = run->report;
	clock_start(&s->clock);
	return stream_open(&s->stream, load_map(run->loaded, "events"), (unsigned)pages,
			   sizeof(struct open_event) + OPEN_TEXT_MAX, take_record, s, err);
}

void openat_stream_free(struct openat_stream *s)
{
	if (!s)
		return;
	stream_close(s->stream);
	free(s);
}

size_t openat_stream_fds(const struct openat_stream *s, const int **fds)
{
	return stream_fds(s->stream, fds);
}

int openat_stream_read(struct openat_stream *s)
{
	int r = stream_read(s->stream);

	clock_follow(&s->clock);
	return r < 0 ? r : report_flush(s->report);
}

int openat_stream_finish(struct openat_stream *s)
{
	int r = stream_finish(s->stream);

	return r < 0 ? r : report_flush(s->report);
}

void openat_stream_sums(const struct openat_stream *s, uint64_t *opens, uint64_t *failed)
{
	*opens = s->opens;
	*failed = s->failed;
}
