/* SPDX-License-Identifier: MIT */
/*
 * The inside of a report, for the files of this wing. The calls between them go one way: report.c
 * calls screen.c and print.c, these call the formats (writer.h), and the formats call write.c,
 * text.c and the like.
 */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include <locale.h>
#include <time.h>

#include "buffer.h"
#include "report.h"
#include "row_list.h"
#include "screen_head.h"
#include "screen_heat.h"
#include "screen_text.h"
#include "screen_view.h"

/**
 * struct frame - the rows of an interval that is over, kept to be painted again
 * @there:    there is one; otherwise @rows may be all zero
 * @rows:     its rows
 * @interval: its number, time and drops
 */
struct frame {
	bool there;
	struct rows rows;
	struct report_interval interval;
};

/**
 * struct report - see report.h
 * @opts:         as given, but @layout.columns are @columns and @sort is an index into these
 * @writer:       the format
 * @columns:      the active columns
 * @at:           per active column: its index for the caller
 * @source:       per active column: the one that its value comes from; itself, unless it is a RATE
 * @rows:         the interval being gathered
 * @incoming:     the row being added, its cells in the order of @columns
 * @shown:        screen: the frame that the terminal shows
 * @newest:       screen, paused: the frame that it will show next
 * @view:         screen: what a person has made of it; all zero elsewhere
 * @history:      screen: rates of the latest intervals
 * @heat:         screen: times of the rows in the latest intervals
 * @text:         screen: in place of rows
 * @line:         the record being composed
 * @scratch:      one cell of it
 * @utf8:         a UTF-8 locale for wcwidth(), whatever the locale of the process; 0 when the
 *                system has none
 * @clock:        time of day of @clock_second; kept because many events share a second
 * @failed:       errno of the first failed write, negative. Nothing is written after that, because
 *                the output would have a gap
 */
struct report {
	struct report_options opts;
	const struct report_writer *writer;
	struct column *columns;
	size_t *at;
	size_t *source;
	struct rows rows;
	struct cell *incoming;
	struct frame shown;
	struct frame newest;
	struct view view;
	struct head_history history;
	struct heat heat;
	struct screen_text text;
	struct buffer line;
	struct buffer scratch;
	locale_t utf8;
	bool clock_known;
	time_t clock_second;
	char clock[16];
	int failed;
};

static inline bool report_has_field(uint64_t fields, size_t column)
{
	return column < 64 && (fields >> column & 1);
}

/**
 * report_write() - write a record to the report's stream
 *
 * A record is composed in a buffer and written whole, so that running out of memory never leaves
 * half a line behind.
 *
 * Return: 0, -ENOMEM when @b is incomplete, or the negative errno of this or an earlier write.
 */
int report_write(struct report *report, const struct buffer *b);

/**
 * report_write_at_once() - the same, with one write() instead of stdio's blocks
 *
 * A frame that reaches the terminal in pieces would flicker. A stream without a descriptor is
 * written as by report_write().
 */
int report_write_at_once(struct report *report, const struct buffer *b);

#endif
