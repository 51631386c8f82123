/* SPDX-License-Identifier: MIT */
/* A text on a screen. See screen_text.h; report_show() is in report.h. */
#define _GNU_SOURCE
#include "screen_text.h"

#include <string.h>
#include <time.h>

#include "internal.h"
#include "live_report.h"
#include "screen.h"
#include "screen_paint.h"

void screen_text_free(struct screen_text *text)
{
	buffer_free(&text->shown);
	buffer_free(&text->newest);
}

void screen_text_resume(struct report *report)
{
	struct screen_text *text = &report->text;
	struct buffer before = text->shown;

	if (!text->newest.len)
		return;
	text->shown = text->newest;
	text->newest = before;
	buffer_reset(&text->newest);
}

static size_t count_lines(const struct buffer *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->len; i++)
		count += b->data[i] == '\n';
	return count;
}

/* Lines above the upper edge are left out. */
static struct buffer below_edge(const struct buffer *b, size_t first)
{
	struct buffer rest = *b;

	for (; first && rest.len; first--) {
		const char *end = memchr(rest.data, '\n', rest.len);
		size_t skip = end ? (size_t)(end - rest.data) + 1 : rest.len;

		rest.data += skip;
		rest.len -= skip;
	}
	return rest;
}

int screen_text_paint(struct report *report)
{
	const struct report_interval now = { .ts_ns = screen_now_ns() };
	struct painting p = { .heading = SIZE_MAX };
	struct view *view = &report->view;
	size_t lines = count_lines(&report->text.shown);
	struct buffer shown;

	paint_size(report, &p.height, &p.width);
	if (screen_has_head(report, p.height))
		p.interval = &now;
	view->page = p.height - (p.interval ? HEAD_LINES : 0) - (p.height > 1);
	view->wanted = lines;
	if (view->first + view->page > lines)
		view->first = lines > view->page ? lines - view->page : 0;
	shown = below_edge(&report->text.shown, view->first);
	p.lines = &shown;
	return paint_picture(report, &p);
}

int report_show(struct report *report, const char *text, size_t len, const char *what,
		uint64_t count, uint64_t span_ns)
{
	struct buffer *b = report->view.paused ? &report->text.newest : &report->text.shown;

	if (!report->opts.screen || report->view.left)
		return report_text(report, text, len);
	buffer_reset(b);
	buffer_add(b, text, len);
	if (b->err)
		return b->err;
	head_note_rate(report, what, count, span_ns);
	return report->view.paused ? 0 : report_repaint(report);
}
