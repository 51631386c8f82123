/* SPDX-License-Identifier: MIT */
/*
 * Rows and events as a table for people, or as JSON or CSV for programs.
 *
 * A tool describes its columns once. Heading, JSON key, CSV heading, name for --sort and format of
 * a column all come from that description. A report has rows or events:
 *
 *   rows:   report_start(), for each interval report_row()... report_interval(), report_end()
 *   events: report_start(), report_event()..., report_end()
 *
 * Everything goes to one stream. Times are in nanoseconds, times of day since the epoch. Texts may
 * hold any bytes, because the report escapes them; callers do not.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cell.h"
#include "columns.h"
#include "drop_counts.h"
#include "error.h"

enum report_format {
	REPORT_TABLE,
	REPORT_JSON,
	REPORT_CSV,
	/* Formats of one tool. The tool composes the text; of other records nothing is written. */
	REPORT_TRACE,
	REPORT_SVG,
	REPORT_FOLDED,
	REPORT_FORMATS,
};

/** REPORT_FORMATS_COMMON - bits of the formats that all tools have */
#define REPORT_FORMATS_COMMON (1u << REPORT_TABLE | 1u << REPORT_JSON | 1u << REPORT_CSV)

/**
 * report_format_parse() - find a format by the name that --output takes
 * @name:    "table", "json"
 * @formats: bits of those there are
 * @out:     the format; unchanged when there is none of that name
 *
 * Return: 0 or -EINVAL.
 */
int report_format_parse(const char *name, unsigned formats, enum report_format *out);

/** report_format_name() - the name that --output takes */
const char *report_format_name(enum report_format format);

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
 * @title:     screen: what stands in the first line; NULL: there are no lines above the table
 * @colour:    screen: colours are wanted
 * @opens:     screen: a row can be opened, and the line about keys says so
 * @returns:   screen: the line about keys says that q goes back
 * @has_ended: screen: has the process or thread with this id ended? Its row is dimmed then. NULL:
 *             that is not known
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
	const char *title;
	bool colour;
	bool opens;
	bool returns;
	bool (*has_ended)(uint64_t id);
	bool timestamp;
};

struct report;

/**
 * report_new() - make a report; nothing is written yet
 * @reportp: the report; release it with report_free()
 * @opts:    copied; what it points to must outlive the report
 * @err:     filled on failure
 *
 * Return: 0 or -ENOMEM.
 */
int report_new(struct report **reportp, const struct report_options *opts, struct error *err);

/** report_free() - release a report. NULL is fine. The stream stays open, the terminal as it is. */
void report_free(struct report *report);

/*
 * Unless their comments say more, the functions below return 0, -ENOMEM, or the negative errno of
 * the first write that failed: -EPIPE when the reader has gone. After a failed write nothing more
 * is written. report_start(), report_interval() and report_end() flush; the others do not.
 */

/**
 * struct report_start - what the `start` record says
 * @tool:     name of the program
 * @version:  its version
 * @kernel:   release of the running kernel
 * @hooks:    @nhooks names of hooks
 * @nhooks:   how many
 * @filters:  @nfilters pairs of an option's name and its value as given: "pid", "12,13"
 * @nfilters: how many pairs
 * @ts_ns:    time of day
 * @without:  @nwithout words for what is left out on this kernel
 * @nwithout: how many; 0: the record does not mention it
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
	const char *const *without;
	size_t nwithout;
};

/**
 * report_start() - write what comes first
 *
 * JSON: the `start` record. CSV and tables of events: the heading. Tables of rows: nothing.
 */
int report_start(struct report *report, const struct report_start *start);

/**
 * report_row() - add a row to the interval that is being gathered
 * @report: a report of rows
 * @cells:  one for each column, in their order; copied with all they point to. The cell of a RATE
 *          column is ignored
 *
 * Return: 0 or -ENOMEM.
 */
int report_row(struct report *report, const struct cell *cells);

/**
 * report_totals() - set what the total says in columns that have no sum
 * @report: a report of rows
 * @cells:  one for each column, in their order
 * @fields: bit i: column i has a total, in @cells; its kind must be NS, PERCENT or ID
 *
 * The next report_interval() uses and forgets them. May be called again for other columns.
 *
 * Return: 0, or -EINVAL: a column of another kind.
 */
int report_totals(struct report *report, const struct cell *cells, uint64_t fields);

/**
 * struct report_interval - the period that the gathered rows belong to
 * @number:  1, 2, ...
 * @ts_ns:   time of day at its end
 * @span_ns: its length, which rates are made with
 * @drops:   what was dropped in it
 */
struct report_interval {
	uint64_t number;
	uint64_t ts_ns;
	uint64_t span_ns;
	struct drops drops;
};

/**
 * report_interval() - sort the rows, write the top N of them and a total, and forget them
 *
 * Table: heading, rows and a TOTAL row with sums, rates and what report_totals() gave. Lines follow
 * that say how many rows are hidden, and what was dropped: "(3 of 9 rows shown)", "dropped 12:
 * table full 12 (the cure)". Then a block for each row shown whose HISTOGRAM column has durations:
 * what the row is about, and a bar for each power of two of ns. A blank line ends the interval.
 *
 * JSON: a record {"type":"row","interval":N,<columns>} for each row shown, then one for the total:
 * {"type":"total","interval":N,"ts":T,"seconds":S,<sums>,<totals>,"rows":R,"shown":W,"dropped":D,
 * "untimed":U}. A HISTOGRAM is an array of [from_ns,to_ns,count], one for each bucket in use. The
 * bucket ends before to_ns; the last possible bucket has no bound, so there it is the largest
 * duration + 1.
 *
 * CSV: the interval's number and the columns of each row shown, and no total, because whoever adds
 * up a column would count it twice. A HISTOGRAM is from_ns-to_ns:count, joined by spaces.
 */
int report_interval(struct report *report, const struct report_interval *interval);

/**
 * report_event() - write an event
 * @report:     a report of events
 * @type:       "fork", "exit", ...: `type` in JSON and CSV, column EVENT in tables
 * @ts_ns:      time of day
 * @cells:      one for each column, in their order
 * @fields:     bit i: this type of event has column i. JSON leaves the others out, CSV leaves them
 *              empty, tables show "-"
 * @detail:     the end of a table's line, in words; escaped unless the layout says otherwise; may
 * be NULL
 * @detail_len: its length in bytes
 *
 * A table's line is: time, if asked for; type, unless all events have the same one; the columns
 * that have a heading; the detail.
 */
int report_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
		 uint64_t fields, const char *detail, size_t detail_len);

/**
 * struct report_end_counter - a counter of the `end` record
 * @key:   its name there
 * @value: what was counted in the whole run
 * @null:  this was not counted in this run
 */
struct report_end_counter {
	const char *key;
	uint64_t value;
	bool null;
};

/**
 * report_end() - write what comes last
 * @report:    the report
 * @counters:  counters of the whole run, in the order of their names in the record
 * @ncounters: how many
 * @drops:     what was dropped in the whole run
 * @ts_ns:     time of day
 * @span_ns:   length of the run
 *
 * JSON: {"type":"end","ts":T,<counters>,"dropped":{...},"untimed":U,"seconds":S}. Elsewhere
 * nothing: the tool says on standard error what was dropped.
 */
int report_end(struct report *report, const struct report_end_counter *counters, size_t ncounters,
	       const struct drops *drops, uint64_t ts_ns, uint64_t span_ns);

struct distribution;

/**
 * struct distribution_nouns - what a distribution is about, as in "opens per process"
 * @what: "opens"
 * @one:  "process"
 * @many: "processes"
 */
struct distribution_nouns {
	const char *what;
	const char *one;
	const char *many;
};

/**
 * report_distribution() - write how a number is distributed: opens per process
 * @mean: of the values; the caller knows when they do not weigh the same
 *
 * Table: "Opens per process: 42 processes, mean 31.2, p50 4, p99 804, max 1024", and from two
 * values on a bar for each power of two between the smallest and the largest.
 *
 * JSON: {"type":"distribution","of":"process","count":N,"mean":X,"p50":N,"p99":N,"max":N,
 * "histogram":[[from,to,count],...]}; values are below `to`. CSV: nothing.
 */
int report_distribution(struct report *report, const struct distribution *spread, double mean,
			const struct distribution_nouns *nouns);

/** report_is_text() - is the report for people, rather than records for a program? */
bool report_is_text(const struct report *report);

/**
 * report_text() - write lines of text between the others, in a report for people
 * @report: report_is_text() must be true
 * @text:   escaped by the caller where needed
 * @len:    its length in bytes
 */
int report_text(struct report *report, const char *text, size_t len);

/** report_is_screen() - does it repaint a terminal? */
bool report_is_screen(const struct report *report);

/**
 * report_show() - show a text on a screen, in place of the one before; elsewhere as report_text()
 * @text:    lines, escaped
 * @what:    what is counted, for the rates in the head of the screen: "forks"; static
 * @count:   of it in the latest period
 * @span_ns: the length of that period
 */
int report_show(struct report *report, const char *text, size_t len, const char *what,
		uint64_t count, uint64_t span_ns);

enum {
	REPORT_DURATION_MAX = 32,
};

/**
 * report_duration() - put a duration into words as tables do: 12.3us
 * @buf: REPORT_DURATION_MAX bytes; gets a NUL
 * @ns:  the duration
 *
 * Return: the length of the text.
 */
size_t report_duration(char *buf, uint64_t ns);

/** report_flush() - hand what is buffered to the kernel. */
int report_flush(struct report *report);

#endif
