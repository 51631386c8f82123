/* SPDX-License-Identifier: MIT */
/* Rows, columns and the cursor of a screen. See screen_view.h and live_report.h. */
#define _GNU_SOURCE
#include "screen_view.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "internal.h"
#include "live_report.h"
#include "table.h"
#include "text.h"

/* What a row is about, as text. Columns that tables do not show tell rows apart, too. */
static const struct buffer *row_title(struct report *report, const struct cell *row)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = &report->scratch;

	buffer_reset(b);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (!table_is_key(layout->columns[i].kind))
			continue;
		text_cell(b, layout->columns[i].kind, &row[i]);
		buffer_char(b, ' ');
	}
	return b;
}

/* Upper and lower case are the same. */
static bool has_text(const struct buffer *b, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at + len <= b->len; at++)
		if (strncasecmp(b->data + at, text, len) == 0)
			return true;
	return false;
}

bool view_ended(const struct report *report, const struct cell *row)
{
	static const char *const ids[] = { "pid", "tid" };
	const struct report_options *opts = &report->opts;

	for (size_t n = 0; opts->has_ended && n < sizeof(ids) / sizeof(ids[0]); n++) {
		size_t i = report_column(&opts->layout, ids[n]);

		if (i < opts->layout.ncolumns && !row[i].null && opts->has_ended(row[i].number))
			return true;
	}
	return false;
}

static bool is_wanted(struct report *report, const struct cell *row)
{
	const struct view *view = &report->view;

	if (view->folds && view_ended(report, row))
		return false;
	return !*view->find || has_text(row_title(report, row), view->find);
}

/* Rows that are wanted first, in the order that they have. Return: how many. */
static size_t bring_wanted_first(struct report *report, struct rows *rows)
{
	size_t count = 0;

	if (!report->view.folds && !*report->view.find)
		return rows->count;
	for (size_t i = 0; i < rows->count; i++) {
		struct cell *row = rows->list[i];

		if (!is_wanted(report, row))
			continue;
		rows->list[i] = rows->list[count];
		rows->list[count++] = row;
	}
	return count;
}

static bool is_on(struct report *report, const struct cell *row)
{
	const struct buffer *on = &report->view.on, *title = row_title(report, row);

	return title->len == on->len && memcmp(title->data, on->data, on->len) == 0;
}

/* A row that is not in the frame leaves the cursor where it was. */
static void follow_row(struct report *report, const struct rows *rows)
{
	struct view *view = &report->view;

	for (size_t i = 0; view->moved && i < view->wanted; i++) {
		if (is_on(report, rows->list[i])) {
			view->cursor = i;
			break;
		}
	}
	if (!view->moved)
		view->cursor = 0;
	if (view->cursor >= view->wanted)
		view->cursor = view->wanted ? view->wanted - 1 : 0;
}

/* The first columns that are no keys give way, then the beginnings of all lines. */
static void choose_columns(struct report *report)
{
	const struct report_layout *layout = &report->opts.layout;
	struct view *view = &report->view;
	size_t steps = view->aside;

	view->skipped = 0;
	for (size_t i = 0; i < layout->ncolumns && i < 64 && steps; i++) {
		if (!text_is_shown(layout, i) || table_is_key(layout->columns[i].kind))
			continue;
		view->skipped |= UINT64_C(1) << i;
		steps--;
	}
	view->shift = steps * VIEW_SHIFT;
	view->narrow = 0;
}

/* The last column that is shown; ncolumns: there is none. */
static size_t last_shown(const struct report *report)
{
	size_t i = report->opts.layout.ncolumns;

	while (i-- > 0)
		if (table_shows(report, i))
			return i;
	return report->opts.layout.ncolumns;
}

bool view_make_room(struct report *report, size_t width, size_t room)
{
	enum { TEXT_ROOM = 12 }; /* beside its heading */
	const struct report_layout *layout = &report->opts.layout;
	struct view *view = &report->view;
	size_t last = last_shown(report);

	if (!view->keys || last == layout->ncolumns || !table_is_key(layout->columns[last].kind))
		return false;
	if (text_is_left(layout->columns[last].kind))
		width += TEXT_ROOM;
	for (size_t i = last; width > room && i-- > 0;) {
		if (!table_shows(report, i) || table_is_key(layout->columns[i].kind) ||
		    i == report->opts.sort || i >= 64)
			continue;
		view->skipped |= UINT64_C(1) << i;
		view->narrow++;
		return true;
	}
	return false;
}

int view_choose(struct report *report, struct frame *frame)
{
	struct view *view = &report->view;
	size_t top = report->opts.top;

	rows_sort(&frame->rows, report);
	view->wanted = bring_wanted_first(report, &frame->rows);
	if (top && view->wanted > top)
		view->wanted = top;
	follow_row(report, &frame->rows);
	choose_columns(report);
	return report->scratch.err;
}

size_t view_scroll(struct report *report, size_t fit)
{
	struct view *view = &report->view;

	view->page = fit;
	if (view->left || view->wanted <= fit)
		view->first = 0;
	else if (view->first > view->wanted - fit)
		view->first = view->wanted - fit;
	if (view->keys && view->cursor < view->first)
		view->first = view->cursor;
	if (view->keys && fit && view->cursor >= view->first + fit)
		view->first = view->cursor - fit + 1;
	return view->wanted - view->first < fit ? view->wanted - view->first : fit;
}

/* ---- what keys do ---- */

static const struct cell *row_under_cursor(const struct report *report)
{
	const struct frame *frame = &report->shown;

	if (!frame->there || report->view.cursor >= report->view.wanted)
		return NULL;
	return frame->rows.list[report->view.cursor];
}

void view_put_cursor(struct report *report, size_t cursor)
{
	struct view *view = &report->view;
	const struct buffer *title;

	view->cursor = view->wanted && cursor >= view->wanted ? view->wanted - 1 : cursor;
	view->moved = view->cursor != 0;
	if (!row_under_cursor(report))
		return;
	title = row_title(report, row_under_cursor(report));
	buffer_reset(&view->on);
	buffer_add(&view->on, title->data, title->len);
}

/* A text has no cursor. */
static void scroll_text(struct view *view, enum report_scroll how)
{
	switch (how) {
	case SCROLL_UP:
		view->first -= view->first != 0;
		break;
	case SCROLL_DOWN:
		view->first++;
		break;
	case PAGE_UP:
		view->first -= view->first < view->page ? view->first : view->page;
		break;
	case PAGE_DOWN:
		view->first += view->page;
		break;
	case SCROLL_TOP:
		view->first = 0;
		break;
	case SCROLL_BOTTOM:
		view->first = view->wanted;
		break;
	default:
		break;
	}
}

void report_scroll(struct report *report, enum report_scroll how)
{
	struct view *view = &report->view;
	size_t page = view->page ? view->page : 1, cursor = view->cursor;

	if (report->opts.layout.streaming) {
		scroll_text(view, how);
		return;
	}
	switch (how) {
	case SCROLL_UP:
		view_put_cursor(report, cursor ? cursor - 1 : 0);
		break;
	case SCROLL_DOWN:
		view_put_cursor(report, cursor + 1);
		break;
	case PAGE_UP:
		view_put_cursor(report, cursor > page ? cursor - page : 0);
		break;
	case PAGE_DOWN:
		view_put_cursor(report, cursor + page);
		break;
	case SCROLL_TOP:
		view_put_cursor(report, 0);
		break;
	case SCROLL_BOTTOM:
		view_put_cursor(report, SIZE_MAX);
		break;
	case SCROLL_LEFT:
		view->aside -= view->aside != 0;
		break;
	case SCROLL_RIGHT:
		view->aside++;
		break;
	}
}

const struct cell *report_cursor_cell(const struct report *report, const char *key)
{
	const struct report_layout *layout = &report->opts.layout;
	const struct cell *row = row_under_cursor(report);
	size_t i = report_column(layout, key);

	return row && i < layout->ncolumns && !row[i].null ? &row[i] : NULL;
}

bool report_cursor_title(struct report *report, struct buffer *b)
{
	const struct cell *row = row_under_cursor(report);

	if (row)
		table_title(b, report, row);
	return row != NULL;
}

void report_fold(struct report *report, bool folds)
{
	report->view.folds = folds;
}

bool report_folds(const struct report *report)
{
	return report->view.folds;
}

void report_find(struct report *report)
{
	report->view.typing = true;
	report->view.find[0] = '\0';
}

bool report_finds(const struct report *report)
{
	return report->view.typing || *report->view.find;
}

bool report_is_typing(const struct report *report)
{
	return report->view.typing;
}

void report_type(struct report *report, char key)
{
	enum { BACKSPACE = '\b', DELETE = 0x7f, ESCAPE = 0x1b };
	struct view *view = &report->view;
	size_t len = strlen(view->find);

	if (key == ESCAPE) {
		view->find[0] = '\0';
		view->typing = false;
	} else if (key == '\n' || key == '\r') {
		view->typing = false;
	} else if (key == BACKSPACE || key == DELETE) {
		view->find[len ? len - 1 : 0] = '\0';
	} else if (isprint((unsigned char)key) && len + 1 < sizeof(view->find)) {
		view->find[len] = key;
		view->find[len + 1] = '\0';
	}
}

void report_say(struct report *report, const char *message)
{
	snprintf(report->view.message, sizeof(report->view.message), "%s", message);
}
