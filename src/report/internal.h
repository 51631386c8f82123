/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the report share: the gathered rows, and text made from cells.
 *
 * Every record is composed in a buffer and handed to the FILE whole, so that memory running out
 * never leaves half a line behind.
 */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include <locale.h>
#include <time.h>

#include "arena.h"
#include "buffer.h"
#include "log_histogram.h"
#include "report.h"

/**
 * struct rows - those of an interval; all zero: none
 * @rows:   the ones that are kept, in any order until rows_sort()
 * @count:  how many, and @size: how many there is room for
 * @seen:   how many there are, with those that are not kept because they would not be shown
 * @memory: what @rows point to
 */
struct rows {
	struct cell **rows;
	size_t count;
	size_t size;
	size_t seen;
	struct arena memory;
};

/**
 * struct picture - the rows of an interval that is over, kept to be painted again
 * @there: there has been one
 * @sums, @totals, @totalled, @rows: as those of struct report, whose place they take while it
 * paints
 */
struct picture {
	bool there;
	uint64_t *sums;
	struct cell *totals;
	uint64_t totalled;
	struct rows rows;
	struct report_interval interval;
};

/**
 * struct report - see report.h
 * @opts:         its columns are the active ones only
 * @columns:      those
 * @at:           per column: the number the caller knows it by
 * @source:       per column: where its value comes from; itself, for a RATE the column it is made
 * of
 * @sums:         per column: over the rows gathered, meaningful for COUNT
 * @totals:       per column: what report_totals() gave, where its bit is set in @totalled
 * @rows:         the rows gathered
 * @incoming:     the one that is being added, its columns in the order of @columns
 * @shown:        on a screen: what stands there
 * @newest:       paused: what would stand there
 * @paused, @keys: see report_pause(), report_show_keys()
 * @line:         the record being composed
 * @scratch:      one cell of it
 * @utf8:         for wcwidth(), whatever the locale of the process; 0 when the system has none
 * @clock_second: the second @clock shows; events come many to a second
 * @failed:       the first failed write; what follows it would have a hole in front
 */
struct report {
	struct report_options opts;
	struct column *columns;
	size_t *at;
	size_t *source;
	uint64_t *sums;
	struct cell *totals;
	uint64_t totalled;
	struct rows rows;
	struct cell *incoming;
	struct picture shown;
	struct picture newest;
	bool paused;
	bool keys;
	struct buffer line;
	struct buffer scratch;
	locale_t utf8;
	bool clock_known;
	time_t clock_second;
	char clock[16];
	int failed;
};

/* report.c */

/** report_write() - hand a buffer to the FILE. Return: also the buffer's own error. */
int report_write(struct report *report, const struct buffer *b);

/** report_write_at_once() - the same past stdio's blocks, in one write() when there is a
 * descriptor. */
int report_write_at_once(struct report *report, const struct buffer *b);

/** report_print() - sort the rows gathered, cut them to the top, and print them in the report's
 * format. */
int report_print(struct report *report, const struct report_interval *interval);

static inline bool report_has_field(uint64_t fields, size_t column)
{
	return column < 64 && (fields >> column & 1);
}

/* A sum too large to hold stays the largest number, rather than a small and believable one. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* report_rows.c, and report_row() of report.h */

/** rows_sort() - bring the rows kept into the order that was asked for. */
void rows_sort(struct report *report);

/** rows_forget() - none are there any more, and begin sums and totals anew. */
void rows_forget(struct report *report);

/* report_copy.c */

/** row_size() - bytes of a copy of a row; @cells are in the order of the report's columns, a RATE's
 * is null. */
size_t row_size(const struct report *report, const struct cell *cells);

/** row_copy() - the copy, with all its cells point to; @memory is row_size() bytes, aligned for any
 * type. */
struct cell *row_copy(const struct report *report, const struct cell *cells, void *memory);

/* report_histogram.c */

/**
 * struct packed_histogram - of a struct histogram what a report shows, without the empty buckets at
 * both ends: there is one a row
 * @max_ns:  the largest duration
 * @first:   the bucket @counts begins with
 * @ncounts: how many of them there are; 0: it is empty
 */
struct packed_histogram {
	uint64_t max_ns;
	uint32_t first;
	uint32_t ncounts;
	uint64_t counts[];
};

/** histogram_packed_size() - how many bytes histogram_pack() needs. */
size_t histogram_packed_size(const struct histogram *h);

void histogram_pack(struct packed_histogram *to, const struct histogram *from);

/** histogram_json(), histogram_csv() - add the buckets that are not empty. */
void histogram_json(struct buffer *b, const struct packed_histogram *h);
void histogram_csv(struct buffer *b, const struct packed_histogram *h);

/**
 * histogram_draw() - add a line "[1.0us, 2.0us)  123 |@@@@    |" for each power of two from the
 * first to the last one
 * @indent: blanks in front of each
 * @width:  of a bar, in characters; the longest fills it
 *
 * The bounds are powers of two of ns; they are written as text_duration() writes everything, so
 * 2^11 ns is 2.0us and 2^17 ns 131.1us.
 */
void histogram_draw(struct buffer *b, const struct packed_histogram *h, size_t indent,
		    size_t width);

/* report_text.c */

/** text_escaped() - add bytes from outside, safe for a terminal. */
void text_escaped(struct buffer *b, const char *bytes, size_t len);

/** text_cell_bytes() - add a TEXT, LIST or PAIRS cell, escaped, the latter joined by spaces. */
void text_cell_bytes(struct buffer *b, enum column_kind kind, const struct cell *cell);

/** text_duration() - 999ns, 12.3us, 1.0ms, 75.2s. */
void text_duration(struct buffer *b, uint64_t ns);

/** text_rate() - @count in @span_ns per second; "-" when no time has passed. */
void text_rate(struct buffer *b, uint64_t count, uint64_t span_ns);

/** text_clock() - local time of day HH:MM:SS. */
void text_clock(struct report *report, struct buffer *b, uint64_t ts_ns);

/**
 * text_width() - how many terminal columns escaped text takes
 * @max:  stop before this is exceeded
 * @fits: out: bytes that fit into @max; may be NULL
 */
size_t text_width(const struct report *report, const char *s, size_t len, size_t max, size_t *fits);

/** text_spell_unknown() - add escaped text, and each character that the C library has no width for
 * as \xNN, byte by byte */
void text_spell_unknown(const struct report *report, struct buffer *out, const char *s, size_t len);

/** text_trimmed() - length without the blanks at its end. */
size_t text_trimmed(const char *line, size_t len);

/* What both kinds of table agree on. */
#define TABLE_GAP "  "

/** table_cell() - a cell as people see it; not for a RATE, which is not a cell's own. */
void table_cell(struct buffer *b, enum column_kind kind, const struct cell *cell);

static inline bool table_is_text(enum column_kind kind)
{
	return kind == COLUMN_TEXT || kind == COLUMN_LIST || kind == COLUMN_PAIRS;
}

static inline bool table_is_right(enum column_kind kind)
{
	return !table_is_text(kind) && kind != COLUMN_BOOL;
}

/* An event has no period, so there is nothing to make a rate of; a histogram is drawn below the
 * table. */
static inline bool table_is_shown(const struct report_options *opts, size_t i)
{
	return opts->layout.columns[i].head && opts->layout.columns[i].kind != COLUMN_HISTOGRAM &&
	       !(opts->layout.streaming && opts->layout.columns[i].kind == COLUMN_RATE);
}

/* report_table.c */
int table_interval(struct report *report, const struct report_interval *interval, size_t shown);

/** table_paint() - the lines of @block onto the screen, as many as fit, and the line about keys. */
int table_paint(struct report *report, const struct buffer *block, size_t height, size_t width);

/** table_screen() - the lines and columns there are for it. */
void table_screen(const struct report *report, size_t *height, size_t *width);

/* report_screen.c */

/** screen_interval() - keep the rows gathered, and paint them unless paused. */
int screen_interval(struct report *report, const struct report_interval *interval);

void screen_free(struct report *report);

/** screen_status() - the line about sorting and keys, at most @width columns wide, without a line
 * end. */
void screen_status(struct report *report, struct buffer *b, size_t width);

/* report_stream.c */
int stream_start(struct report *report);
int stream_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
		 uint64_t fields, const char *detail, size_t detail_len);

/* report_json.c */
int json_start(struct report *report, const struct report_start *start);
int json_interval(struct report *report, const struct report_interval *interval, size_t shown);
int json_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
	       uint64_t fields);
int json_distribution(struct report *report, const char *of, const struct spread *spread);
int json_end(struct report *report, const struct report_sum *sums, size_t nsums,
	     const struct drops *drops, uint64_t ts_ns, uint64_t span_ns);

/* report_csv.c */
int csv_start(struct report *report);
int csv_interval(struct report *report, const struct report_interval *interval, size_t shown);
int csv_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
	      uint64_t fields);

#endif
