/* SPDX-License-Identifier: MIT */
/* Lines to a terminal: cut to its size, weighted and coloured. See screen_paint.h. */
#define _GNU_SOURCE
#include "screen_paint.h"

#include <string.h>

#include "internal.h"
#include "screen_head.h"
#include "screen_style.h"
#include "terminal.h"
#include "text.h"

/* Control sequences of ECMA-48, which every terminal emulator knows. */
#define CURSOR_HOME "\033[H"
#define CLEAR_TO_LINE_END "\033[K"
#define CLEAR_TO_SCREEN_END "\033[J"

void paint_size(const struct report *report, size_t *height, size_t *width)
{
	terminal_size(fileno(report->opts.out), height, width);
	/* The cursor rests below the last line: a line end on the bottom line would scroll. */
	if (*height > 1)
		--*height;
}

/* The next line of @lines at *@at, without its line end. Return: false after the last one. */
static bool next_line(const struct buffer *lines, size_t *at, const char **line, size_t *len)
{
	const char *end;

	if (*at >= lines->len)
		return false;
	*line = lines->data + *at;
	end = memchr(*line, '\n', lines->len - *at);
	*len = end ? (size_t)(end - *line) : lines->len - *at;
	*at += *len + 1;
	return true;
}

/* After a full line the cursor stays on its last character, which clearing would erase. */
static void end_line(struct buffer *out, bool full)
{
	buffer_string(out, full ? "\n" : CLEAR_TO_LINE_END "\n");
}

/* The line about sorting and keys, at most @width columns wide, without a line end. */
static void add_status(struct report *report, struct buffer *b, size_t width)
{
	const struct report_options *opts = &report->opts;
	struct buffer *text = &report->scratch;
	size_t len = 0;

	buffer_reset(text);
	if (report->paused)
		buffer_string(text, "paused, ");
	buffer_string(text, "sorted by ");
	buffer_string(text, report_sort_name(&opts->layout.columns[opts->sort]));
	if (opts->ascending)
		buffer_string(text, " reversed");
	buffer_string(text, "  [q] quit [space] ");
	buffer_string(text, report->paused ? "resume" : "pause");
	buffer_string(text, " [s] sort [r] reverse [?] all keys");
	if (text->err) {
		b->err = text->err;
		return;
	}
	/* One column less, because a full line would need the treatment of end_line(). */
	text_width(report, text->data, text->len, width ? width - 1 : 0, &len);
	style_begin(report, b, STYLE_DIM);
	buffer_add(b, text->data, len);
	style_end(b);
}

/* The headings, the one that rows are sorted by marked. @line: @len bytes of them fit */
static void add_heading(struct report *report, struct buffer *out, const char *line, size_t len)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t at = 0;

	style_begin(report, out, STYLE_BOLD);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		const char *head = layout->columns[i].head, *there;
		size_t size = head ? strlen(head) : 0;

		if (!text_is_shown(layout, i))
			continue;
		there = memmem(line + at, len - at, head, size);
		if (!there)
			break;
		buffer_add(out, line + at, (size_t)(there - line) - at);
		if (i == report->opts.sort)
			style_begin(report, out, STYLE_MARK);
		buffer_string(out, head);
		if (i == report->opts.sort) {
			style_end(out);
			style_begin(report, out, STYLE_BOLD);
		}
		at = (size_t)(there - line) + size;
	}
	buffer_add(out, line + at, len - at);
	style_end(out);
}

static void add_line(struct report *report, struct buffer *out, const char *line, size_t len,
		     bool is_heading)
{
	static const char dropped[] = "dropped ";
	bool is_alarm = len >= strlen(dropped) && !memcmp(line, dropped, strlen(dropped));

	if (is_heading) {
		add_heading(report, out, line, len);
		return;
	}
	if (is_alarm)
		style_begin(report, out, STYLE_ALARM);
	buffer_add(out, line, len);
	if (is_alarm)
		style_end(out);
}

int paint_picture(struct report *report, const struct painting *p)
{
	struct buffer *out = &report->line;
	/* Whatever else does not fit, the last line is shown: it says whether the report is paused.
	 */
	size_t left = report->keys && p->height > 1 ? p->height - 1 : p->height;
	bool shows_keys = left < p->height;
	size_t at = 0, len = 0;
	const char *line = NULL;

	buffer_reset(out);
	buffer_string(out, CURSOR_HOME);
	if (p->interval) {
		head_add(report, out, p->interval, p->width);
		left -= HEAD_LINES;
	}
	for (size_t i = 0; i < left && next_line(p->lines, &at, &line, &len); i++) {
		size_t wide = text_width(report, line, len, p->width, &len);

		add_line(report, out, line, len, i == p->heading);
		end_line(out, wide == p->width);
	}
	if (shows_keys) {
		add_status(report, out, p->width);
		end_line(out, false);
	}
	buffer_string(out, CLEAR_TO_SCREEN_END);
	return report_write_at_once(report, out);
}

int paint_below(struct report *report, const struct buffer *lines, size_t width)
{
	struct buffer *out = &report->line;
	size_t at = 0, len = 0;
	const char *line = NULL;

	buffer_reset(out);
	while (next_line(lines, &at, &line, &len)) {
		text_width(report, line, len, width, &len);
		buffer_add(out, line, len);
		buffer_char(out, '\n');
	}
	return report_write(report, out);
}
