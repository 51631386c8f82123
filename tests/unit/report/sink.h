/* SPDX-License-Identifier: MIT */
/*
 * A report whose output is in memory, and the columns and rows that several tests print. Each
 * function fails the test when the report does.
 */
#ifndef SINK_H
#define SINK_H

#include "unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define TS UINT64_C(1763816583123456789) /* 13:03:03.123456789 */
#define SECOND UINT64_C(1000000000)
#define BIG UINT64_MAX
#define ALL UINT64_MAX /* fields: every column */

/* ---- a report into memory ---- */

/* @bytes, @len: what was written, after sink_text() */
struct sink {
	struct report *report;
	FILE *file;
	char *bytes;
	size_t len;
};

/* A group setup: times of day are shown in the zone that the tests expect. */
static inline int use_utc(void **state)
{
	(void)state;
	return setenv("TZ", "UTC", 1);
}

static inline void sink_open(struct sink *s, struct report_options opts)
{
	struct error err = ERROR_INIT;

	s->bytes = NULL;
	s->len = 0;
	s->file = open_memstream(&s->bytes, &s->len);
	assert_non_null(s->file);
	opts.out = s->file;
	assert_int_equal(report_new(&s->report, &opts, &err), 0);
}

static inline const char *sink_text(struct sink *s)
{
	assert_int_equal(report_flush(s->report), 0);
	return s->bytes;
}

static inline void sink_close(struct sink *s)
{
	report_free(s->report);
	fclose(s->file);
	free(s->bytes);
}

static inline size_t count_lines(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, '\n'))) {
		n++;
		s++;
	}
	return n;
}

/* End an interval; number and length are 1 unless they are given. */
static inline void interval(struct sink *s, struct report_interval i)
{
	i.number = i.number ? i.number : 1;
	i.ts_ns = TS;
	i.span_ns = i.span_ns ? i.span_ns : SECOND;
	assert_int_equal(report_interval(s->report, &i), 0);
}

static inline void row(struct sink *s, const struct cell *cells)
{
	assert_int_equal(report_row(s->report, cells), 0);
}

#define ROW(s, ...) row(s, (const struct cell[]){ __VA_ARGS__ })

/* Every line must be one JSON object with a type, says a parser that is not ours. */
static inline void check_json_lines(const char *all)
{
	while (*all) {
		const char *end = strchr(all, '\n');
		json_t *json;

		assert_non_null(end);
		json = json_loadb(all, (size_t)(end - all),
				  JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
				  NULL);
		assert_non_null(json);
		assert_true(json_is_string(json_object_get(json, "type")));
		json_decref(json);
		all = end + 1;
	}
}

/* ---- rows of bcc-openat ---- */

static const struct column openat_columns[] = {
	{ .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	{ .key = "rate", .head = "OPENS/s", .of = "opens", .kind = COLUMN_RATE },
	{ .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

static inline struct report_options opens(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = openat_columns,
					.layout.ncolumns = COUNT(openat_columns) };
}

static inline void openat_rows(struct sink *s)
{
	ROW(s, cell_number(5), cell_null(), cell_number(0), cell_number(1), cell_string("systemd"));
	ROW(s, cell_number(1234), cell_null(), cell_number(7), cell_number(31337),
	    cell_string("cc1"));
	ROW(s, cell_number(80), cell_null(), cell_number(80), cell_number(42),
	    cell_string("a rather long name"));
}

/* ---- events of bcc-fork ---- */

static const struct column fork_columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 7 },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT, .width = 15 },
	{ .key = "argv", .kind = COLUMN_LIST },
	{ .key = "ret", .head = "RET", .kind = COLUMN_SIGNED, .width = 2 },
	{ .key = "lifetime_ns", .head = "LIFE", .kind = COLUMN_NS, .width = 7 },
	{ .key = "last", .kind = COLUMN_BOOL },
};

static inline struct report_options forks(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = fork_columns,
					.layout.ncolumns = COUNT(fork_columns),
					.layout.streaming = true };
}

static inline void event(struct sink *s, const char *type, uint64_t fields, const char *detail,
			 const struct cell *cells)
{
	assert_int_equal(report_event(s->report, type, TS, cells, fields, detail,
				      detail ? strlen(detail) : 0),
			 0);
}

#define EVENT(s, type, fields, detail, ...)                                                        \
	event(s, type, fields, detail, (const struct cell[]){ __VA_ARGS__ })

static inline void fork_events(struct sink *s)
{
	const struct cell args[] = { cell_string("sh"), cell_string("-c"),
				     cell_string("a, \"b\"\n"), cell_null() };

	assert_int_equal(report_start(s->report, &(struct report_start){ .tool = "t",
									 .version = "v",
									 .kernel = "k",
									 .ts_ns = TS }),
			 0);
	EVENT(s, "fork", 3, NULL, cell_number(12), cell_string("bash"), cell_null(), cell_null(),
	      cell_null(), cell_null());
	EVENT(s, "exec", 15, "sh -c 'x\ny'", cell_number(123456789), cell_string("caf\xc3\xa9"),
	      cell_list(args, 4), cell_signed(-2), cell_null(), cell_null());
	EVENT(s, "exit", ALL, "code 0", cell_number(BIG), cell_string("a name wider than it"),
	      cell_list(args, 0), cell_signed(INT64_MIN), cell_number(BIG), cell_number(1));
	EVENT(s, "x", 0, NULL, cell_null(), cell_null(), cell_null(), cell_null(), cell_null(),
	      cell_null());
}

/* ---- rows with percentages, and with histograms ---- */

static const struct column share_columns[] = {
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	{ .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	{ .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	{ .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
};

static inline struct report_options shares(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = share_columns,
					.layout.ncolumns = COUNT(share_columns),
					.sort = 4 };
}

static const struct column latency_columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "histogram", .head = "NEVER SEEN", .kind = COLUMN_HISTOGRAM },
	{ .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
};

static inline struct report_options latencies(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = latency_columns,
					.layout.ncolumns = COUNT(latency_columns),
					.sort = 2 };
}

/* Headings are bold, and the one that rows are sorted by is marked. */
#define HEADING(others) "\033[1m\033[1;7mOPENS\033[m\033[1m" others "\033[m"

#endif
