/* SPDX-License-Identifier: MIT */
/*
 * A report on a screen, which a person looks at. It keeps the rows of the last interval as a frame,
 * which can be painted again. The functions here change how frames are painted, from the next
 * report_interval() or report_repaint() on. On other reports they have no effect.
 */
#ifndef LIVE_REPORT_H
#define LIVE_REPORT_H

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

enum report_scroll { SCROLL_UP, SCROLL_DOWN, PAGE_UP, PAGE_DOWN, SCROLL_TOP, SCROLL_BOTTOM };

/** report_scroll() - show other rows of the frame, as far as there are any */
void report_scroll(struct report *report, enum report_scroll how);

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
