/* SPDX-License-Identifier: MIT */
/*
 * A report of events as lines of text for people. A line is printed when its event comes, so the
 * widest value is not known yet: columns have a least width, and a wider value is not cut. It
 * shifts what follows, up to the first column that has as much room to spare. What is often wide
 * comes last.
 */
#include <string.h>

#include "internal.h"
#include "text.h"
#include "writer.h"

#define TIME_WIDTH 15 /* HH:MM:SS.uuuuuu */
#define EVENT_WIDTH 6

/*
 * Widen what was added to @b since @start to @width terminal columns. *@late: by how many the line
 * is behind its heading, before and after.
 */
static void pad(const struct report *report, struct buffer *b, size_t start, size_t width,
		bool right, size_t *late)
{
	size_t wide, missing;

	if (b->err || !width)
		return;
	wide = *late + text_width(report, b->data + start, b->len - start, SIZE_MAX, NULL);
	*late = wide > width ? wide - width : 0;
	if (wide >= width)
		return;
	missing = width - wide;
	buffer_fill(b, ' ', missing);
	if (right && !b->err) {
		memmove(b->data + start + missing, b->data + start, b->len - start - missing);
		memset(b->data + start, ' ', missing);
	}
}

static size_t column_width(const struct report *report, const struct column *c)
{
	size_t head;

	if (!c->width)
		return 0;
	head = text_width(report, c->head, strlen(c->head), SIZE_MAX, NULL);
	return head > c->width ? head : c->width;
}

static int write_line(struct report *report)
{
	struct buffer *b = &report->line;

	if (!b->err)
		b->len = text_trimmed(b->data, b->len);
	buffer_char(b, '\n');
	return report_write(report, b);
}

static void add_type(struct report *report, const char *type)
{
	struct buffer *b = &report->line;
	size_t start = b->len, late = 0;

	if (report->opts.layout.one_type)
		return;
	text_escaped(b, type, strlen(type));
	pad(report, b, start, EVENT_WIDTH, false, &late);
	buffer_string(b, TABLE_GAP);
}

/* Those that are wide come behind the others. @event: NULL: the heading */
static void add_columns(struct report *report, const struct event_record *event, bool wide,
			size_t *late)
{
	const struct report_layout *layout = &report->opts.layout;
	const struct cell absent = cell_null();
	struct buffer *b = &report->line;

	for (size_t i = 0; i < layout->ncolumns; i++) {
		const struct column *c = &layout->columns[i];
		size_t start = b->len;

		if (!text_is_shown(layout, i) || c->wide != wide)
			continue;
		if (!event)
			buffer_string(b, c->head);
		else
			text_cell(b, c->kind,
				  report_has_field(event->fields, i) ? &event->cells[i] : &absent);
		pad(report, b, start, column_width(report, c), text_is_right(c->kind), late);
		buffer_string(b, TABLE_GAP);
	}
}

static void add_all_columns(struct report *report, const struct event_record *event)
{
	size_t late = 0;

	add_columns(report, event, false, &late);
	add_columns(report, event, true, &late);
}

static int write_heading(struct report *report, const struct report_start *unused)
{
	const struct report_options *opts = &report->opts;
	struct buffer *b = &report->line;
	size_t late = 0;

	(void)unused;
	if (opts->layout.no_heading)
		return 0;
	buffer_reset(b);
	if (opts->timestamp) {
		buffer_string(b, "TIME");
		pad(report, b, 0, TIME_WIDTH, false, &late);
		buffer_string(b, TABLE_GAP);
	}
	add_type(report, "EVENT");
	add_all_columns(report, NULL);
	buffer_string(b, opts->layout.detail_head ? opts->layout.detail_head : "DETAIL");
	return write_line(report);
}

static void add_time(struct report *report, uint64_t ts_ns)
{
	struct buffer *b = &report->line;
	uint64_t us = ts_ns % 1000000000u / 1000;

	text_clock(report, b, ts_ns);
	buffer_char(b, '.');
	for (uint64_t unit = 100000; unit; unit /= 10)
		buffer_char(b, (char)('0' + us / unit % 10));
	buffer_string(b, TABLE_GAP);
}

static int write_event(struct report *report, const struct event_record *event)
{
	const struct report_options *opts = &report->opts;
	struct buffer *b = &report->line;

	buffer_reset(b);
	if (opts->timestamp)
		add_time(report, event->ts_ns);
	add_type(report, event->type);
	add_all_columns(report, event);
	if (event->detail && opts->layout.detail_escaped)
		buffer_add(b, event->detail, event->detail_len);
	else if (event->detail)
		text_escaped(b, event->detail, event->detail_len);
	return write_line(report);
}

const struct report_writer event_lines_writer = {
	.name = "table",
	.start = write_heading,
	.event = write_event,
};
