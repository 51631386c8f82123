/* SPDX-License-Identifier: MIT */
/*
 * A report on a screen, which a person looks at. It keeps the rows of the last interval as a frame,
 * which can be painted again. The functions here change how frames are painted, from the next
 * report_interval() or report_repaint() on. On other reports they have no effect.
 */
#ifndef LIVE_REPORT_H
#define LIVE_REPORT_H

#include "buffer.h"
#include "report.h"

/** report_repaint() - paint the frame again, as large as the terminal is now. */
int report_repaint(struct report *report);

/**
 * report_sort_next() - sort by the next column that is shown and can be sorted by
 *
 * The first column follows the last one, or the last the first when it goes @backwards.
 */
void report_sort_next(struct report *report, bool backwards);

/** report_reverse() - sort in the other direction. */
void report_reverse(struct report *report);

/**
 * report_pause() - begin or end a pause
 * @report: the report
 * @paused: in a pause report_interval() keeps its rows but paints nothing, so the frame stays as it
 *          is. When the pause ends, the newest rows become the frame
 */
void report_pause(struct report *report, bool paused);

/** report_is_paused() - is the report in a pause? */
bool report_is_paused(const struct report *report);

enum report_scroll {
	SCROLL_UP,
	SCROLL_DOWN,
	PAGE_UP,
	PAGE_DOWN,
	SCROLL_TOP,
	SCROLL_BOTTOM,
	SCROLL_LEFT,
	SCROLL_RIGHT,
};

/**
 * report_scroll() - move the cursor to another row, as far as there are any, or show other columns
 *
 * The first columns that are no keys give way to those on the right.
 */
void report_scroll(struct report *report, enum report_scroll how);

/**
 * report_cursor_cell() - a value of the row under the cursor
 * @key: of its column
 *
 * Return: the cell, valid until the next interval; NULL when there is no row, no such column, or
 * the value is null.
 */
const struct cell *report_cursor_cell(const struct report *report, const char *key);

/** report_cursor_title() - add what the row under the cursor is about. Return: is there a row? */
bool report_cursor_title(struct report *report, struct buffer *b);

/**
 * report_click() - the mouse was clicked
 * @line:   of the screen, from 0
 * @column: of the screen, from 0
 *
 * On a heading it sorts by that column, or reverses the order. On a row it moves the cursor there.
 *
 * Return: whether the cursor was on that row before: a second click.
 */
bool report_click(struct report *report, size_t line, size_t column);

/** report_fold() - leave out the rows of tasks that have ended, or show them */
void report_fold(struct report *report, bool folds);

/** report_folds() - are they left out? */
bool report_folds(const struct report *report);

/** report_find() - begin to type a text that rows must have to be shown; all rows are shown first
 */
void report_find(struct report *report);

/** report_type() - a key while the text is typed. Enter ends that; Esc also forgets the text. */
void report_type(struct report *report, char key);

/** report_is_typing() - is the text being typed? */
bool report_is_typing(const struct report *report);

/** report_finds() - is there such a text, or is it being typed? */
bool report_finds(const struct report *report);

/** report_say() - show a message in place of the line about keys; "": the line again */
void report_say(struct report *report, const char *message);

/** report_hide() - something else has the screen: keep frames, paint nothing; or paint again */
void report_hide(struct report *report, bool hidden);

/**
 * report_compose_all() - add the table of the frame with all its rows
 *
 * Return: 0, -ENODATA when there is no frame yet, or -ENOMEM.
 */
int report_compose_all(struct report *report, struct buffer *b);

/** report_show_help() - show what the keys do in place of the rows, or the rows again */
void report_show_help(struct report *report, bool help);

/** report_shows_help() - are the keys shown? */
bool report_shows_help(const struct report *report);

/**
 * report_leave_screen() - the terminal has its screen back
 *
 * A pause ends. The last report is then printed once, as a table that is no longer than the
 * terminal is high.
 */
void report_leave_screen(struct report *report);

/**
 * report_show_keys() - end each frame with a line about sorting and keys, or do not
 * @report: the report
 * @keys:   keys can be pressed
 */
void report_show_keys(struct report *report, bool keys);

#endif
