/* SPDX-License-Identifier: MIT */
/* Frames on a terminal: kept, sorted, paused and painted. See screen.h and report.h. */
#define _GNU_SOURCE
#include "screen.h"

#include <errno.h>
#include <string.h>

#include "internal.h"
#include "screen_paint.h"
#include "table.h"
#include "terminal.h"
#include "text.h"

#define SWAP(a, b)                                                                                 \
	do {                                                                                       \
		__typeof__(a) swapped_ = (a);                                                      \
		(a) = (b);                                                                         \
		(b) = swapped_;                                                                    \
	} while (0)

static const char help[] = "q         quit, with a last report\n"
			   "space     pause, and go on\n"
			   "s < >     sort by the next column; by the one before or behind\n"
			   "r         reverse the order\n"
			   "up down   scroll; also k j, PgUp PgDn, Home End, g G\n"
			   "h ?       show the keys, and the report again\n";

/* Before the first interval there is only the line about keys. */
static int paint_nothing(struct report *report)
{
	const struct buffer nothing = { 0 };
	struct painting p = { .lines = &nothing, .heading = SIZE_MAX };

	if (!report->keys)
		return 0;
	paint_size(report, &p.height, &p.width);
	return paint_picture(report, &p);
}

static bool has_head(const struct report *report, size_t height)
{
	return report->opts.title && !report->left && height >= HEAD_HEIGHT_LEAST;
}

/* How many rows of a frame fit on a screen of @height lines. */
static size_t room_for_rows(const struct report *report, const struct frame *frame, size_t height)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t others = 2u + report->opts.timestamp + table_notes(&frame->interval) + report->keys;
	size_t left;

	if (has_head(report, height))
		others += HEAD_LINES;
	left = height > others ? height - others : 0;
	/* Half of the screen is for the histograms below the table. */
	for (size_t i = 0; i < layout->ncolumns; i++)
		if (layout->columns[i].kind == COLUMN_HISTOGRAM)
			left /= 2;
	return left;
}

/* How many rows of a frame are shown: as many as fit, and not beyond the top N. */
static size_t rows_that_fit(struct report *report, const struct frame *frame, size_t height)
{
	size_t wanted = frame->rows.count, top = report->opts.top;
	size_t left = room_for_rows(report, frame, height);

	if (top && wanted > top)
		wanted = top;
	/* Hidden rows cost one more line, the one that says so. */
	if ((wanted < frame->rows.seen || wanted > left) && left)
		left--;
	report->page = left;
	if (report->left || wanted <= left)
		report->first = 0;
	else if (report->first > wanted - left)
		report->first = wanted - left;
	return wanted - report->first < left ? wanted - report->first : left;
}

/* The lines of the table, or of what is shown in its place. *@heading: see struct painting */
static int compose(struct report *report, struct frame *frame, struct buffer *lines, size_t height,
		   size_t *heading)
{
	size_t shown = rows_that_fit(report, frame, height);

	*heading = SIZE_MAX;
	if (report->help && report->keys) {
		buffer_string(lines, help);
		return lines->err;
	}
	if (!frame->rows.seen && !report->left) {
		buffer_string(lines, "Nothing happened in this interval.\n");
		return lines->err;
	}
	*heading = report->opts.timestamp;
	return table_compose(report, lines, &frame->rows, shown, &frame->interval);
}

static int paint_frame(struct report *report, struct frame *frame)
{
	struct buffer lines = { 0 };
	struct painting p = { .lines = &lines };
	int err;

	rows_sort(&frame->rows, report);
	paint_size(report, &p.height, &p.width);
	if (has_head(report, p.height))
		p.interval = &frame->interval;
	err = compose(report, frame, &lines, p.height, &p.heading);
	if (!err)
		err = report->left ? paint_below(report, &lines, p.width)
				   : paint_picture(report, &p);
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
	head_note(report, &frame->rows, interval);
	return report->paused ? 0 : report_repaint(report);
}

/* ---- what keys do ---- */

int report_repaint(struct report *report)
{
	if (!report->opts.screen)
		return 0;
	return report->shown.there ? paint_frame(report, &report->shown) : paint_nothing(report);
}

void report_sort_next(struct report *report, bool backwards)
{
	struct report_options *opts = &report->opts;
	const struct report_layout *layout = &opts->layout;

	for (size_t i = 1; i <= layout->ncolumns; i++) {
		size_t step = backwards ? layout->ncolumns - i : i;
		size_t next = (opts->sort + step) % layout->ncolumns;

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

void report_scroll(struct report *report, enum report_scroll how)
{
	size_t page = report->page ? report->page : 1, first = report->first;

	switch (how) {
	case SCROLL_UP:
		first = first ? first - 1 : 0;
		break;
	case SCROLL_DOWN:
		first++;
		break;
	case PAGE_UP:
		first = first > page ? first - page : 0;
		break;
	case PAGE_DOWN:
		first += page;
		break;
	case SCROLL_TOP:
		first = 0;
		break;
	case SCROLL_BOTTOM:
		first = report->shown.rows.count;
		break;
	}
	report->first = first;
}

void report_show_help(struct report *report, bool shown)
{
	report->help = shown;
}

bool report_shows_help(const struct report *report)
{
	return report->help;
}

void report_leave_screen(struct report *report)
{
	report->left = true;
	report->keys = false;
	report_pause(report, false);
}

void report_show_keys(struct report *report, bool keys)
{
	report->keys = keys;
}
