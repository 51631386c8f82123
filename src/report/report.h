/* SPDX-License-Identifier: MIT */
/*
 * From rows and events to what a person reads (table) or a program parses (json, csv).
 *
 * A tool describes its columns once; heading, JSON key, CSV heading, sort name and format all come
 * from that description. Two kinds of report share this room:
 *
 *   aggregating: report_start, then per interval report_row... report_interval, at last report_end
 *   streaming:   report_start, report_event..., report_end
 *
 * Everything goes to one FILE. Nothing here knows of BPF. All times are nanoseconds; wall-clock
 * times are since the epoch. Every text may hold any bytes: it is escaped here, and only here.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cell.h"
#include "error.h"

enum report_format {
	REPORT_TABLE,
	REPORT_JSON,
	REPORT_CSV,
};

/** report_format_parse() - "table", "json" or "csv". Return: 0, or -EINVAL when it is none of
 * these. */
int report_format_parse(const char *name, enum report_format *out);

enum column_kind {
	COLUMN_COUNT, /* unsigned; summed in the total row; right aligned */
	COLUMN_RATE,  /* per second, made from the COLUMN_COUNT column named by `of`; tables only */
	COLUMN_ID,    /* unsigned number that is not summed: pid, tid, uid; right aligned */
	COLUMN_TEXT,  /* bytes; left aligned */
	COLUMN_NS, /* duration in ns; tables show a scaled unit (12.3us), json and csv the integer
		    */
	COLUMN_SIGNED, /* signed number: a return value */
	COLUMN_BOOL,
	COLUMN_LIST, /* several texts: argv, clone flags; JSON array, elsewhere joined by spaces */
	COLUMN_PERCENT, /* parts per million; tables show 91.0%, json and csv the fraction 0.910432
			 */
	COLUMN_PAIRS,   /* names and values: JSON object, elsewhere name=value joined by spaces */
	COLUMN_HISTOGRAM, /* how many took how long; for rows, an event goes without. See
			     report_interval() */
};

/**
 * struct column - one column of a report, or one field of an event
 * @key:   name in JSON, CSV and --sort: "calls"
 * @head:  heading of the table: "CALLS"; NULL: not in the table
 * @of:    COLUMN_RATE: the key of the column it is the rate of
 * @kind:  what a cell holds
 * @width: streaming table lines: least width in characters; 0: as wide as the text
 */
struct column {
	const char *key;
	const char *head;
	const char *of;
	enum column_kind kind;
	unsigned width;
};

/** report_can_sort() - can rows be sorted by this column? Not by what is made from another one or
 * has no order. */
static inline bool report_can_sort(const struct column *column)
{
	return column->kind != COLUMN_RATE && column->kind != COLUMN_PAIRS &&
	       column->kind != COLUMN_HISTOGRAM;
}

/**
 * struct drops - events that happened and are not in the counts, by cause
 * @map_full:  a map had no room for a new key
 * @buffer:    the perf buffer had no room for the event
 * @unmatched: an exit was seen without its entry, or the other way round
 * @missed:    the kernel did not run the program (recursion)
 * @unread:    text that would have decided whether it counts could not be read
 * @untimed:   no cause: these are in the counts, but there was no room to note when they began
 * @lineage:   no cause: the perf buffer had no room for what was not asked for, but tells who is
 * whose child
 */
struct drops {
	uint64_t map_full;
	uint64_t buffer;
	uint64_t unmatched;
	uint64_t missed;
	uint64_t unread;
	uint64_t untimed;
	uint64_t lineage;
};

/** drops_total() - sum over all causes; without @untimed and @lineage. */
uint64_t drops_total(const struct drops *drops);

/**
 * struct report_layout - what the report of a tool looks like, whatever the user asks for
 * @columns:        the columns of a row, or the fields of an event; borrowed while the report lives
 * @ncolumns:       how many
 * @active:         bit i: column i is in this report of rows; 0: all are. Cells of other columns
 *                  are not looked at. Streaming reports have all columns
 * @sort_key:       key of the column that rows are sorted by unless the user names another one;
 *                  NULL: there is no sorting. For the command line: the report itself is told by
 *                  report_options.sort
 * @streaming:      events, not rows
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
	bool no_heading;
	bool one_type;
	const char *detail_head;
	bool detail_escaped;
};

/**
 * struct report_options - one report: the tool's layout, and what the user asks for
 * @layout:    what the tool's report looks like
 * @format:    table, json or csv
 * @out:       the stream it is written to; borrowed while the report lives
 * @sort:      index into @layout.columns of the column to sort rows by
 * @ascending: smallest first (TEXT: last in byte order first) instead of largest first. Unknown
 *             cells come last either way. Equal rows are ordered by the first column, then the next
 * @top:       show this many rows of each interval; 0: all
 * @screen:    repaint a terminal, tables only: each interval starts at the top-left corner and
 *             overwrites the one before without a flash. It is cut to the height and width of the
 *             terminal behind @out, which is asked again each time. Rows that do not fit stay in
 *             the total row, and a line says how many of how many rows are shown
 * @timestamp: a time in front: HH:MM:SS.uuuuuu of each event in a table, a line HH:MM:SS above the
 *             table of an interval
 */
struct report_options {
	struct report_layout layout;
	enum report_format format;
	FILE *out;
	size_t sort;
	bool ascending;
	unsigned top;
	bool screen;
	bool timestamp;
};

/**
 * struct report_start - what the `start` record says
 * @filters: pairs of option name and value as given ("pid", "12,13"); nfilters counts pairs
 */
struct report_start {
	const char *tool;
	const char *version;
	const char *kernel;
	const char *const *hooks;
	size_t nhooks;
	const char *const (*filters)[2];
	size_t nfilters;
	uint64_t ts_ns;
};

struct report;

/** report_new() - make a report. @opts is copied. Return: 0 or -ENOMEM. */
int report_new(struct report **reportp, const struct report_options *opts, struct error *err);

/** report_free() - NULL is fine. With @screen nothing of the terminal's state needs undoing. */
void report_free(struct report *report);

/*
 * All functions below return 0 or the negative errno of a failed write (-EPIPE when the reader has
 * gone), and flush as the contract says: after each interval, after start and end; report_event()
 * does not flush, report_flush() does.
 */

/** report_start() - JSON: the `start` record. CSV: the heading line. Streaming table: the heading
 * line. */
int report_start(struct report *report, const struct report_start *start);

/**
 * report_row() - one row of the interval being gathered
 * @cells: ncolumns cells in column order (a RATE column's cell is ignored); everything is copied
 * Return: also -ENOMEM.
 */
int report_row(struct report *report, const struct cell *cells);

/**
 * struct report_interval - the period the gathered rows belong to
 * @number:  1, 2, ...
 * @ts_ns:   wall-clock time at its end
 * @span_ns: its length, for rates
 * @drops:   what was dropped within it
 */
struct report_interval {
	uint64_t number;
	uint64_t ts_ns;
	uint64_t span_ns;
	struct drops drops;
};

/**
 * report_totals() - what the total of the interval being gathered says in columns that are not
 * summed
 * @cells:  ncolumns cells in column order
 * @fields: bit i: column i has a total, which @cells holds. Its kind must be NS, PERCENT or ID
 *
 * Once an interval, before report_interval(), which forgets them.
 * Return: 0, -EINVAL: a column of another kind.
 */
int report_totals(struct report *report, const struct cell *cells, uint64_t fields);

/**
 * report_interval() - sort, cut to top N, print rows and the total, forget the rows
 *
 * Table: heading, rows, a TOTAL row with sums, rates and what report_totals() gave; when rows are
 * hidden a line "(N of M rows shown)"; when something was dropped a line "dropped: 12 (map full
 * 12)". Then what is in HISTOGRAM columns, for each row shown that has any durations: a line with
 * the row's texts and ids and, indented, one for each power of two of ns from its first to its
 * last. A blank line ends each block. JSON: a `row` record each (type, interval, then the columns),
 * then
 * {"type":"total","interval":N,"ts":...,"seconds":...,<sums>,<totals>,"rows":M,"shown":N,"dropped":D}.
 * A HISTOGRAM is an array of [from_ns, to_ns, count], one for each bucket that is not empty; to_ns
 * is not in it: it is the next bucket's from_ns, and for the last bucket there can be the largest
 * duration + 1. CSV: interval and the columns; no total (sums would count twice). A HISTOGRAM:
 * from-to:count, joined by spaces.
 */
int report_interval(struct report *report, const struct report_interval *interval);

/*
 * With @screen the rows of the interval that stands there are kept until the next one's are
 * painted, so that the picture can be painted again at any time. What the functions below change is
 * seen from the next report_interval() or report_repaint() on. Without @screen they change nothing
 * that is printed.
 */

/** report_repaint() - paint the picture again, as large as the terminal is now. */
int report_repaint(struct report *report);

/** report_sort_next() - sort by the next column of the table that can be sorted by, after the last
 * the first. */
void report_sort_next(struct report *report);

/** report_reverse() - the other way round. */
void report_reverse(struct report *report);

/**
 * report_pause() - from now on the picture stands still: report_interval() keeps the rows and does
 * not paint them. When it ends the newest rows are those of the picture.
 */
void report_pause(struct report *report, bool paused);

bool report_is_paused(const struct report *report);

/** report_show_keys() - end the picture with a line that says how it is sorted, and which keys
 * there are. */
void report_show_keys(struct report *report, bool keys);

/**
 * report_event() - one event of a stream
 * @type:   "fork", "exit", ...: JSON `type`, in tables the EVENT column
 * @ts_ns:  wall-clock time
 * @cells:  ncolumns cells. JSON writes only the columns with their bit set in @fields (an event
 * type has its own fields), CSV all of them (absent ones empty)
 * @fields: bit i: column i belongs to this type of event
 * @detail: what the table line ends with, in words; escaped here, see @detail_escaped; may be NULL
 * @detail_len: its length in bytes
 *
 * Table line: time (if asked), type (unless @one_type), the columns with a head, then the detail.
 */
int report_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
		 uint64_t fields, const char *detail, size_t detail_len);

/**
 * struct report_sum - one number of the `end` record, in order
 * @null: not observed in this run: JSON null
 */
struct report_sum {
	const char *key;
	uint64_t value;
	bool null;
};

/**
 * report_end() - JSON: {"type":"end","ts":...,<sums>,"dropped":{...},"seconds":...}. Table and CSV:
 * nothing on @out (the tool says on stderr what was dropped).
 */
int report_end(struct report *report, const struct report_sum *sums, size_t nsums,
	       const struct drops *drops, uint64_t ts_ns, uint64_t span_ns);

struct spread;

/**
 * report_distribution() - JSON:
 * {"type":"distribution","of":"process","count":N,"mean":X,"p50":N,"p99":N,"max":N,
 * "histogram":[[from,to,count],...]}, to not included; nothing else elsewhere
 * @of: what has one value each
 */
int report_distribution(struct report *report, const char *of, const struct spread *spread);

/** report_is_text() - is it a table, for people, rather than records for a program? */
bool report_is_text(const struct report *report);

/** report_text() - lines of text between the others; the caller has escaped what needs it. Only in
 * tables. */
int report_text(struct report *report, const char *text, size_t len);

enum {
	REPORT_DURATION_MAX = 32,
};

/** report_duration() - "12.3us", as in the cells of a table, into @buf (REPORT_DURATION_MAX bytes).
 * Return: its length. */
size_t report_duration(char *buf, uint64_t ns);

/** report_flush() - hand what is buffered to the kernel. */
int report_flush(struct report *report);

#endif
