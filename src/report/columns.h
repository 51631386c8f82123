/* SPDX-License-Identifier: MIT */
/*
 * The columns of a report. Heading, JSON key, CSV heading, name for --sort and format of a column
 * all come from one description.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * enum column_kind - what the cells of a column hold, and how they are shown
 * @COLUMN_COUNT:     unsigned; has a sum in the total; right aligned
 * @COLUMN_RATE:      a COLUMN_COUNT per second; in tables only
 * @COLUMN_ID:        unsigned, without a sum: pid, uid; right aligned
 * @COLUMN_TEXT:      bytes; left aligned
 * @COLUMN_NS:        a duration in ns; tables show it with a unit: 12.3us
 * @COLUMN_TIME:      a time of day in ns since 1970; JSON and CSV show seconds
 * @COLUMN_SIGNED:    a signed number: a return value; right aligned
 * @COLUMN_BOOL:      0 or 1; tables show yes or no
 * @COLUMN_LIST:      several texts; a JSON array, elsewhere joined by spaces
 * @COLUMN_PERCENT:   parts per million; tables show 91.0%, JSON and CSV the fraction 0.910432
 * @COLUMN_PAIRS:     names and values; a JSON object, elsewhere name=value joined by spaces
 * @COLUMN_HISTOGRAM: durations by length; of rows only, see report_interval()
 */
enum column_kind {
	COLUMN_COUNT,
	COLUMN_RATE,
	COLUMN_ID,
	COLUMN_TEXT,
	COLUMN_NS,
	COLUMN_TIME,
	COLUMN_SIGNED,
	COLUMN_BOOL,
	COLUMN_LIST,
	COLUMN_PERCENT,
	COLUMN_PAIRS,
	COLUMN_HISTOGRAM,
};

/**
 * struct column - a column of a report, or a field of its events
 * @key:   name in JSON and CSV: "calls"
 * @head:  heading in tables: "CALLS"; NULL: tables do not have the column
 * @of:    COLUMN_RATE: the key of the column that it is the rate of
 * @kind:  what a cell holds
 * @width: tables of events: least width in characters; 0: as wide as each text
 * @wide:  tables of events: texts are often wider than that, so that the column comes behind the
 *         others, in front of the detail
 */
struct column {
	const char *key;
	const char *head;
	const char *of;
	enum column_kind kind;
	unsigned width;
	bool wide;
};

/**
 * report_can_sort() - can rows be sorted by this column?
 *
 * Pairs and histograms have no order, and rates the same one as their counts.
 */
static inline bool report_can_sort(const struct column *column)
{
	return column->kind != COLUMN_RATE && column->kind != COLUMN_PAIRS &&
	       column->kind != COLUMN_HISTOGRAM;
}

/** report_sort_name() - what people sort by: the heading that they see, else the key */
static inline const char *report_sort_name(const struct column *column)
{
	return column->head ? column->head : column->key;
}

/**
 * struct report_layout - what the report of a tool looks like, whatever the user asks for
 * @columns:        the columns of a row, or the fields of an event; borrowed while the report lives
 * @ncolumns:       how many
 * @active:         bit i: column i is in this report of rows; 0: all are. Cells of other columns
 *                  are not looked at. Streaming reports have all columns
 * @sort_key:       key of the column that rows are sorted by unless the user names another one;
 *                  NULL: there is no sorting. The command line finds the column and sets @sort of
 *                  struct report_options, which is what counts here
 * @streaming:      events, not rows
 * @live_text:      streaming tables: a text is shown in place of events, which a screen repaints
 * @no_heading:     streaming tables: no heading, because no events will follow
 * @one_type:       streaming tables: all events are of one type, so no column tells it
 * @detail_head:    streaming tables: heading of the last part of a line; NULL: DETAIL
 * @detail_escaped: streaming tables: the caller makes details safe for a terminal, because it
 *                  quotes within them
 */
struct report_layout {
	const struct column *columns;
	size_t ncolumns;
	uint64_t active;
	const char *sort_key;
	bool streaming;
	bool live_text;
	bool no_heading;
	bool one_type;
	const char *detail_head;
	bool detail_escaped;
};

/** report_column() - find a column by its key. Return: its index, or @ncolumns. */
static inline size_t report_column(const struct report_layout *layout, const char *key)
{
	size_t i = 0;

	while (i < layout->ncolumns && strcmp(layout->columns[i].key, key) != 0)
		i++;
	return i;
}

#endif
