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

static const char help[] =
	"q            quit, with a last report\n"
	"space        pause, and go on\n"
	"up down      move the cursor; also k j, PgUp PgDn, Home End, g G\n"
	"right left   show the columns beyond the edge; also . ,\n"
	"enter        open the row under the cursor; esc goes back\n"
	"t            count by process, comm, user, cgroup in turn\n"
	"/            show only rows that have a text; esc shows all again\n"
	"e            hide the rows of tasks that have ended, or show them\n"
	"s < >        sort by the next column; by the one before or behind\n"
	"r            reverse the order\n"
	"+ -          report less often, more often\n"
	"w            write the report to a file\n"
	"h ?          show the keys, and the report again\n"
	"mouse        click a heading to sort, a row to choose it, again to open it\n";

/* Of a screen that has no room for that. */
static const char short_help[] = "q quit            space pause\n"
				 "enter open row    esc   back\n"
				 "arrows move       t     by another key\n"
				 "/ find            e     hide ended\n"
				 "s < > sort        r     reverse\n"
				 "+ - interval      w     write a file\n";

static const char text_help[] = "q         quit, with a last report\n"
				"space     pause, and go on\n"
				"up down   scroll; also k j, PgUp PgDn, Home End, g G\n"
				"w         write the report to a file\n"
				"h ?       show the keys, and the report again\n";

static const char *help_of(const struct report *report, size_t height)
{
	enum { HELP_HEIGHT = 16 };

	if (report->opts.layout.streaming)
		return text_help;
	return height < HELP_HEIGHT ? short_help : help;
}

uint64_t screen_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool screen_has_head(const struct report *report, size_t height)
{
	return report->opts.title && !report->view.left && height >= HEAD_HEIGHT_LEAST;
}

/* Before the first interval there is nothing to show but what is watched, and the keys. */
static int paint_nothing(struct report *report)
{
	const struct report_interval now = { .ts_ns = screen_now_ns() };
	struct buffer lines = { 0 };
	struct painting p = { .lines = &lines, .heading = SIZE_MAX };
	int err;

	if (!report->view.keys)
		return 0;
	paint_size(report, &p.height, &p.width);
	if (screen_has_head(report, p.height))
		p.interval = &now;
	buffer_string(&lines, report->view.help ? help_of(report, p.height)
						: "Waiting for the first report.\n");
	err = lines.err ? lines.err : paint_picture(report, &p);
	buffer_free(&lines);
	return err;
}

/* How many rows of a frame fit on a screen of @height lines. */
static size_t room_for_rows(const struct report *report, const struct frame *frame, size_t height)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t others =
		2u + report->opts.timestamp + table_notes(&frame->interval) + report->view.keys;
	size_t left;

	if (screen_has_head(report, height))
		others += HEAD_LINES;
	left = height > others ? height - others : 0;
	/* Half of the screen is for the histograms below the table. */
	for (size_t i = 0; i < layout->ncolumns; i++)
		if (layout->columns[i].kind == COLUMN_HISTOGRAM)
			left /= 2;
	return left;
}

/* How many rows of a frame are shown: as many as fit. */
static size_t rows_that_fit(struct report *report, const struct frame *frame, size_t height)
{
	size_t left = room_for_rows(report, frame, height), wanted = report->view.wanted;

	/* Hidden rows cost one more line, the one that says so. */
	if ((wanted < frame->rows.seen || wanted > left) && left)
		left--;
	return view_scroll(report, left);
}

/* Line number @i of some, without its end. */
static struct buffer line_of(const struct buffer *lines, size_t i)
{
	struct buffer line = *lines;
	const char *end;

	for (; i && line.len; i--) {
		end = memchr(line.data, '\n', line.len);
		line.len -= end ? (size_t)(end - line.data) + 1 : line.len;
		line.data = end ? (char *)end + 1 : line.data;
	}
	end = memchr(line.data, '\n', line.len);
	if (end)
		line.len = (size_t)(end - line.data);
	return line;
}

/* Below the table is what a histogram has no room for: its fast end gives way to the slow one. */
static void cut_histogram(struct buffer *lines, size_t table, size_t room)
{
	static const char dots[] = "  ...\n";
	struct buffer first, next;
	size_t count = 0, over;

	for (size_t i = 0; i < lines->len; i++)
		count += lines->data[i] == '\n';
	/* The line that says what it is about stays, and the dots take one. */
	if (count <= room || table + 2 >= room || lines->err)
		return;
	over = count - room + 1;
	first = line_of(lines, table + 1);
	next = line_of(lines, table + 1 + over);
	if ((size_t)(next.data - first.data) < strlen(dots))
		return;
	memcpy(first.data, dots, strlen(dots));
	memmove(first.data + strlen(dots), next.data,
		(size_t)(lines->data + lines->len - next.data));
	lines->len -= (size_t)(next.data - first.data) - strlen(dots);
}

/* The table, without columns that its keys have no room beside. @shown: rows of it */
static int compose_table(struct report *report, struct frame *frame, struct buffer *lines,
			 size_t shown, size_t width)
{
	size_t heading = report->opts.timestamp, needed;
	struct buffer line;
	int err;

	do {
		buffer_reset(lines);
		err = table_compose(report, lines, &frame->rows, shown, &frame->interval);
		if (err)
			return err;
		line = line_of(lines, heading);
		needed = text_width(report, line.data, line.len, SIZE_MAX, NULL);
	} while (view_make_room(report, needed, width));
	return 0;
}

/* The lines of the table, or of what is shown in its place. *@heading: see struct painting */
static int compose(struct report *report, struct frame *frame, struct buffer *lines,
		   struct painting *p)
{
	size_t shown = rows_that_fit(report, frame, p->height), head, above;
	int err;

	report->view.top_line = -1;
	p->heading = SIZE_MAX;
	if (report->view.help && report->view.keys) {
		buffer_string(lines, help_of(report, p->height));
		if (heat_is_shown(report))
			buffer_string(lines, "P99 OVER TIME: each character is ten times the one "
					     "before, from below 1us to 1s and more\n");
		return lines->err;
	}
	if (!frame->rows.seen && !report->view.left) {
		buffer_string(lines, "Nothing happened in this interval.\n");
		return lines->err;
	}
	head = screen_has_head(report, p->height) ? HEAD_LINES : 0;
	p->heading = report->opts.timestamp;
	report->view.top_line = (int)(p->heading + head);
	err = compose_table(report, frame, lines, shown, p->width);
	above = p->heading + 1 + shown + 1 + (shown < frame->rows.seen) +
		table_notes(&frame->interval);
	if (!err && heat_is_shown(report) && report->view.keys)
		cut_histogram(lines, above, p->height - head - 1);
	return err;
}

static int paint_frame(struct report *report, struct frame *frame)
{
	struct buffer lines = { 0 };
	struct painting p = { .lines = &lines };
	int err;

	err = view_choose(report, frame);
	if (err)
		return err;
	paint_size(report, &p.height, &p.width);
	if (screen_has_head(report, p.height))
		p.interval = &frame->interval;
	err = compose(report, frame, &lines, &p);
	p.rows = report->view.wanted - report->view.first;
	if (p.rows > report->view.page)
		p.rows = report->view.page;
	if (!err)
		err = report->view.left ? paint_below(report, &lines, p.width)
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
	buffer_free(&report->view.on);
	heat_free(&report->heat);
	screen_text_free(&report->text);
}

int screen_interval(struct report *report, const struct report_interval *interval)
{
	struct frame *frame = report->view.paused ? &report->newest : &report->shown;
	size_t ncolumns = report->opts.layout.ncolumns;
	int err;

	if (!frame->rows.sums && rows_init(&frame->rows, ncolumns) < 0)
		return -ENOMEM;
	SWAP(report->rows, frame->rows);
	rows_forget(&report->rows, ncolumns);
	frame->interval = *interval;
	frame->there = true;
	head_note(report, &frame->rows, interval);
	err = heat_note(report, &frame->rows, interval->number);
	if (err)
		return err;
	return report->view.paused ? 0 : report_repaint(report);
}

/* ---- what keys do ---- */

int report_repaint(struct report *report)
{
	if (!report->opts.screen || report->view.hidden)
		return 0;
	if (report->text.shown.len && !report->view.help)
		return screen_text_paint(report);
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
	report->view.paused = paused;
	if (!paused) {
		screen_text_resume(report);
		report->history.unseen = 0;
	}
	if (paused || !report->newest.there)
		return;
	SWAP(report->shown, report->newest);
	forget(report, &report->newest);
}

bool report_is_paused(const struct report *report)
{
	return report->view.paused;
}

void report_hide(struct report *report, bool hidden)
{
	report->view.hidden = hidden;
}

int report_compose_all(struct report *report, struct buffer *b)
{
	struct frame *frame = &report->shown;
	struct view before = report->view;
	int err;

	if (report->text.shown.len) {
		buffer_add(b, report->text.shown.data, report->text.shown.len);
		return b->err;
	}
	if (!frame->there)
		return -ENODATA;
	report->view = (struct view){ 0 };
	rows_sort(&frame->rows, report);
	if (report->opts.title) {
		text_escaped(b, report->opts.title, strlen(report->opts.title));
		buffer_char(b, '\n');
	}
	err = table_compose(report, b, &frame->rows, frame->rows.count, &frame->interval);
	report->view = before;
	return err;
}

void report_show_help(struct report *report, bool shown)
{
	report->view.help = shown;
}

bool report_shows_help(const struct report *report)
{
	return report->view.help;
}

void report_leave_screen(struct report *report)
{
	report->view =
		(struct view){ .left = true, .paused = report->view.paused, .on = report->view.on };
	report_pause(report, false);
}

void report_show_keys(struct report *report, bool keys)
{
	report->view.keys = keys;
}
