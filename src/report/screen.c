/* SPDX-License-Identifier: MIT */
/* Frames on a terminal: kept, sorted, paused and painted. See screen.h and report.h. */
#define _GNU_SOURCE
#include "screen.h"

#include <errno.h>
#include <string.h>

#include "internal.h"
#include "table.h"
#include "terminal.h"
#include "text.h"

/* Control sequences of ECMA-48, which every terminal emulator knows. */
#define CURSOR_HOME "\033[H"
#define CLEAR_TO_LINE_END "\033[K"
#define CLEAR_TO_SCREEN_END "\033[J"
#define DIM "\033[2m"
#define NORMAL "\033[m"

#define SWAP(a, b)                                                                                 \
	do {                                                                                       \
		__typeof__(a) swapped_ = (a);                                                      \
		(a) = (b);                                                                         \
		(b) = swapped_;                                                                    \
	} while (0)

/* ---- painting ---- */

static void get_size(const struct report *report, size_t *height, size_t *width)
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
	buffer_string(text, " [s] sort [r] reverse");
	if (text->err) {
		b->err = text->err;
		return;
	}
	/* One column less, because a full line would need the treatment of end_line(). */
	text_width(report, text->data, text->len, width ? width - 1 : 0, &len);
	buffer_string(b, DIM);
	buffer_add(b, text->data, len);
	buffer_string(b, NORMAL);
}

/* Paint as many of @lines as fit, and the line about keys. */
static int paint(struct report *report, const struct buffer *lines, size_t height, size_t width)
{
	struct buffer *out = &report->line;
	/* Whatever else does not fit, the last line is shown: it says whether the report is paused.
	 */
	size_t left = report->keys && height > 1 ? height - 1 : height;
	size_t at = 0, len = 0;
	const char *line = NULL;

	buffer_reset(out);
	buffer_string(out, CURSOR_HOME);
	for (size_t i = 0; i < left && next_line(lines, &at, &line, &len); i++) {
		size_t wide = text_width(report, line, len, width, &len);

		buffer_add(out, line, len);
		end_line(out, wide == width);
	}
	if (left < height) {
		add_status(report, out, width);
		end_line(out, false);
	}
	buffer_string(out, CLEAR_TO_SCREEN_END);
	return report_write_at_once(report, out);
}

/* Before the first interval there is only the line about keys. */
static int paint_nothing(struct report *report)
{
	const struct buffer nothing = { 0 };
	size_t height, width;

	if (!report->keys)
		return 0;
	get_size(report, &height, &width);
	return paint(report, &nothing, height, width);
}

/* ---- frames ---- */

/* How many rows of a frame fit on a screen of @height lines, and are not beyond the top N. */
static size_t rows_that_fit(const struct report *report, const struct frame *frame, size_t height)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t shown = frame->rows.count, top = report->opts.top;
	size_t others = 2u + report->opts.timestamp + table_notes(&frame->interval) + report->keys;
	size_t left = height > others ? height - others : 0;

	if (top && shown > top)
		shown = top;
	/* Half of the screen is for the histograms below the table. */
	for (size_t i = 0; i < layout->ncolumns; i++)
		if (layout->columns[i].kind == COLUMN_HISTOGRAM)
			left /= 2;
	/* Hidden rows cost one more line, the one that says so. */
	if ((shown < frame->rows.seen || shown > left) && left)
		left--;
	return shown < left ? shown : left;
}

static int paint_frame(struct report *report, struct frame *frame)
{
	struct buffer lines = { 0 };
	size_t height, width;
	int err;

	rows_sort(&frame->rows, report);
	get_size(report, &height, &width);
	err = table_compose(report, &lines, &frame->rows, rows_that_fit(report, frame, height),
			    &frame->interval);
	if (!err)
		err = paint(report, &lines, height, width);
	buffer_free(&lines);
	return err;
}

static void forget(struct report *report, struct frame *frame)
{
	if (frame->there)
		rows_forget(&frame->rows, report->opts.layout.ncolumns);
	frame->there = false;
}

void screen_free(struct report *report)
{
	rows_free(&report->shown.rows);
	rows_free(&report->newest.rows);
}

int screen_interval(struct report *report, const struct report_interval *interval)
{
	struct frame *frame = report->paused ? &report->newest : &report->shown;
	size_t ncolumns = report->opts.layout.ncolumns;

	if (!frame->rows.sums && rows_init(&frame->rows, ncolumns) < 0)
		return -ENOMEM;
	SWAP(report->rows, frame->rows);
	rows_forget(&report->rows, ncolumns);
	frame->interval = *interval;
	frame->there = true;
	return report->paused ? 0 : report_repaint(report);
}

/* ---- what keys do ---- */

int report_repaint(struct report *report)
{
	if (!report->opts.screen)
		return 0;
	return report->shown.there ? paint_frame(report, &report->shown) : paint_nothing(report);
}

void report_sort_next(struct report *report)
{
	struct report_options *opts = &report->opts;
	const struct report_layout *layout = &opts->layout;

	for (size_t i = 1; i <= layout->ncolumns; i++) {
		size_t next = (opts->sort + i) % layout->ncolumns;

		if (text_is_shown(layout, next) && report_can_sort(&layout->columns[next])) {
			opts->sort = next;
			return;
		}
	}
}

void report_reverse(struct report *report)
{
	report->opts.ascending = !report->opts.ascending;
}

void report_pause(struct report *report, bool paused)
{
	report->paused = paused;
	if (paused || !report->newest.there)
		return;
	SWAP(report->shown, report->newest);
	forget(report, &report->newest);
}

bool report_is_paused(const struct report *report)
{
	return report->paused;
}

void report_show_keys(struct report *report, bool keys)
{
	report->keys = keys;
}
