/* SPDX-License-Identifier: MIT */
/* Lines to a terminal: cut to its size, weighted and coloured. See screen_paint.h. */
#define _GNU_SOURCE
#include "screen_paint.h"

#include <limits.h>
#include <string.h>

#include "internal.h"
#include "screen_head.h"
#include "screen_style.h"
#include "table.h"
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

/* The keys of a text. */
static void compose_text_status(const struct report *report, struct buffer *text)
{
	const struct view *view = &report->view;

	buffer_string(text,
		      view->paused ? "paused  [q] quit [space] resume" : "[q] quit [space] pause");
	buffer_string(text, " [up] [down] scroll [w] write [?] keys");
}

/* How the rows are sorted and chosen, and the keys. */
static void compose_status(const struct report *report, struct buffer *text)
{
	const struct report_options *opts = &report->opts;
	const struct view *view = &report->view;

	if (view->paused)
		buffer_string(text, "paused, ");
	buffer_string(text, "sorted by ");
	buffer_string(text, report_sort_name(&opts->layout.columns[opts->sort]));
	if (opts->ascending)
		buffer_string(text, " reversed");
	if (*view->find) {
		buffer_string(text, ", only '");
		text_escaped(text, view->find, strlen(view->find));
		buffer_char(text, '\'');
	}
	if (view->folds)
		buffer_string(text, ", none that have ended");
	buffer_string(text, opts->returns ? "  [q] back [space] " : "  [q] quit [space] ");
	buffer_string(text, view->paused ? "resume" : "pause");
	if (opts->opens)
		buffer_string(text, " [enter] open");
	buffer_string(text, " [s] sort [/] find [?] keys");
}

/* The last line, at most @width columns wide, without a line end. */
static void add_status(struct report *report, struct buffer *b, size_t width)
{
	const struct view *view = &report->view;
	struct buffer *text = &report->scratch;
	enum style style = *view->message ? STYLE_BOLD : STYLE_DIM;
	size_t len = 0;

	buffer_reset(text);
	if (view->typing) {
		buffer_string(text, "rows that have: ");
		text_escaped(text, view->find, strlen(view->find));
		buffer_string(text, "_  [enter] done [esc] all rows");
	} else if (*view->message) {
		text_escaped(text, view->message, strlen(view->message));
	} else if (report->opts.layout.streaming) {
		compose_text_status(report, text);
	} else {
		compose_status(report, text);
	}
	if (text->err) {
		b->err = text->err;
		return;
	}
	/* One column less, because a full line would need the treatment of end_line(). */
	text_width(report, text->data, text->len, width ? width - 1 : 0, &len);
	style_begin(report, b, style);
	buffer_add(b, text->data, len);
	style_end(b);
}

/* The headings, the one that rows are sorted by marked. @line: @len bytes of them fit */
static void add_heading(struct report *report, struct buffer *out, const char *line, size_t len)
{
	const struct report_layout *layout = &report->opts.layout;
	struct view *view = &report->view;
	size_t at = 0;

	memset(view->heads, 0, sizeof(view->heads));
	style_begin(report, out, STYLE_BOLD);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		const char *head = layout->columns[i].head, *there;
		size_t size = head ? strlen(head) : 0;

		if (!table_shows(report, i))
			continue;
		there = memmem(line + at, len - at, head, size);
		if (!there)
			continue;
		buffer_add(out, line + at, (size_t)(there - line) - at);
		if (i == report->opts.sort)
			style_begin(report, out, STYLE_MARK);
		buffer_string(out, head);
		if (i == report->opts.sort) {
			style_end(out);
			style_begin(report, out, STYLE_BOLD);
		}
		at = (size_t)(there - line) + size;
		if (i < VIEW_COLUMNS && at <= USHRT_MAX) {
			view->heads[i].from = (unsigned short)(at - size);
			view->heads[i].to = (unsigned short)(at - 1);
		}
	}
	buffer_add(out, line + at, len - at);
	style_end(out);
}

static void add_styled(struct report *report, struct buffer *out, const char *line, size_t len,
		       enum style style)
{
	style_begin(report, out, style);
	buffer_add(out, line, len);
	style_end(out);
}

/* A line that is no row: a note in red, or plain. */
static void add_note(struct report *report, struct buffer *out, const char *line, size_t len)
{
	static const char dropped[] = "dropped ";

	if (len >= strlen(dropped) && !memcmp(line, dropped, strlen(dropped)))
		add_styled(report, out, line, len, STYLE_ALARM);
	else
		buffer_add(out, line, len);
}

/* Line @i of the table, @len bytes of it fit. @shown: rows of the table */
static void add_line(struct report *report, struct buffer *out, const struct painting *p, size_t i,
		     const char *line, size_t len)
{
	const struct view *view = &report->view;
	size_t row = view->first + i - p->heading - 1;
	bool is_row = p->heading != SIZE_MAX && i > p->heading && row < view->first + p->rows;

	if (i == p->heading)
		add_heading(report, out, line, len);
	else if (is_row && view->keys && row == view->cursor)
		add_styled(report, out, line, len, STYLE_CURSOR);
	else if (is_row && view_ended(report, report->shown.rows.list[row]))
		add_styled(report, out, line, len, STYLE_DIM);
	else if (is_row && heat_is_shown(report))
		heat_add_coloured(report, out, line, len);
	else
		add_note(report, out, line, len);
}

/* Leave out what is beyond the left edge. */
static void shift_line(const struct report *report, const char **line, size_t *len)
{
	size_t skip = 0;

	if (!report->view.shift)
		return;
	text_width(report, *line, *len, report->view.shift, &skip);
	*line += skip;
	*len -= skip;
}

/* A heading that does not fit ends with a mark: there is more to the right. */
static void add_more(struct report *report, struct buffer *out, size_t wide, size_t width)
{
	buffer_fill(out, ' ', width > wide + 1 ? width - wide - 1 : 0);
	add_styled(report, out, ">", 1, STYLE_MARK);
}

static void add_lines(struct report *report, struct buffer *out, const struct painting *p,
		      size_t count)
{
	size_t at = 0, len = 0;
	const char *line = NULL;

	for (size_t i = 0; i < count && next_line(p->lines, &at, &line, &len); i++) {
		size_t all, wide;
		bool more;

		shift_line(report, &line, &len);
		all = text_width(report, line, len, SIZE_MAX, NULL);
		more = i == p->heading && report->view.keys &&
		       (all > p->width || report->view.narrow);
		wide = text_width(report, line, len, p->width - more, &len);
		add_line(report, out, p, i, line, len);
		if (more)
			add_more(report, out, wide, p->width);
		end_line(out, more || wide == p->width);
	}
}

int paint_picture(struct report *report, const struct painting *p)
{
	struct buffer *out = &report->line;
	/* Whatever else does not fit, the last line is shown: it says whether the report is paused.
	 */
	size_t left = report->view.keys && p->height > 1 ? p->height - 1 : p->height;
	bool shows_keys = left < p->height;

	buffer_reset(out);
	buffer_string(out, CURSOR_HOME);
	if (p->interval) {
		head_add(report, out, p->interval, p->width);
		left -= HEAD_LINES;
	}
	add_lines(report, out, p, left);
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
