/* SPDX-License-Identifier: MIT */
/*
 * What a person has made of the screen: which rows and columns of a frame are looked at, and the
 * row under the cursor. The keys that change it are in live_report.h.
 *
 * The cursor stays on its row when the rows are sorted anew, unless it was never moved: then it is
 * on the first row.
 */
#ifndef SCREEN_VIEW_H
#define SCREEN_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct cell;
struct frame;
struct report;

enum {
	VIEW_FIND_MAX = 64, /* bytes of a text to find */
	VIEW_MESSAGE_MAX = 256,
	VIEW_SHIFT = 8, /* screen columns of a step to the side */
	VIEW_COLUMNS = 64,
};

/**
 * struct view
 * @paused:   see report_pause()
 * @keys:     see report_show_keys()
 * @left:     see report_leave_screen()
 * @hidden:   see report_hide()
 * @help:     the keys are shown in place of the rows
 * @folds:    rows of tasks that have ended are left out
 * @first:    rows before this one are above the upper edge
 * @page:     so many rows fit
 * @wanted:   so many rows of the frame may be shown: those found, at most the top N
 * @cursor:   the row under the cursor
 * @moved:    the cursor was moved; @on is its row then
 * @on:       what the row under the cursor is about
 * @aside:    steps to the right
 * @skipped:  bit i: column i is beyond the left edge
 * @narrow:   so many columns on the right are left out, because the keys behind them do not fit
 * @shift:    screen columns of each line beyond the left edge
 * @find:     a text that rows have; "": all rows
 * @typing:   the text to find is being typed
 * @message:  in place of the line about keys, until the next key; "": none
 * @top_line: line of the screen that has the headings; -1: none has. The rows follow
 * @heads:    where on that line the headings are, in screen columns; @to is 0 where none is
 */
struct view {
	bool paused;
	bool keys;
	bool left;
	bool hidden;
	bool help;
	bool folds;
	size_t first;
	size_t page;
	size_t wanted;
	size_t cursor;
	bool moved;
	struct buffer on;
	size_t aside;
	size_t narrow;
	uint64_t skipped;
	size_t shift;
	char find[VIEW_FIND_MAX];
	bool typing;
	char message[VIEW_MESSAGE_MAX];
	int top_line;
	struct {
		unsigned short from, to;
	} heads[VIEW_COLUMNS];
};

/**
 * view_choose() - sort a frame's rows, those that are looked at first
 *
 * How many these are is @wanted of the view. The cursor is set on its row.
 *
 * Return: 0 or -ENOMEM.
 */
int view_choose(struct report *report, struct frame *frame);

/**
 * view_make_room() - leave out one more column in front of the keys
 * @width: that the lines need
 * @room:  that there is
 *
 * Only where the keys come last, and the sorted column stays.
 *
 * Return: whether there was one to leave out, so that the table is to be composed again.
 */
bool view_make_room(struct report *report, size_t width, size_t room);

/** view_scroll() - move the upper edge so that the cursor is among @fit rows. Return: rows shown.
 */
size_t view_scroll(struct report *report, size_t fit);

/** view_put_cursor() - move the cursor to a row of the frame, or the last one */
void view_put_cursor(struct report *report, size_t cursor);

/** view_ended() - has the task of this row ended, as far as can be told? */
bool view_ended(const struct report *report, const struct cell *row);

#endif
