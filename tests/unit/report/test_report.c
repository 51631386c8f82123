/* SPDX-License-Identifier: MIT */
/* Reports byte for byte: tables, JSON and CSV, rows and events, screens, and writes that fail. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "log_histogram.h"
#include "report.h"

#define TS UINT64_C(1763816583123456789)
#define SECOND UINT64_C(1000000000)
#define BIG UINT64_MAX
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ALL UINT64_MAX

/* ---- a report into memory ---- */

struct sink {
	struct report *report;
	FILE *file;
	char *bytes;
	size_t len;
};

static void sink_open(struct sink *s, struct report_options opts)
{
	struct error err = ERROR_INIT;

	s->bytes = NULL;
	s->len = 0;
	s->file = open_memstream(&s->bytes, &s->len);
	assert_non_null(s->file);
	opts.out = s->file;
	assert_int_equal(report_new(&s->report, &opts, &err), 0);
}

static const char *sink_text(struct sink *s)
{
	assert_int_equal(report_flush(s->report), 0);
	return s->bytes;
}

static void sink_close(struct sink *s)
{
	report_free(s->report);
	fclose(s->file);
	free(s->bytes);
}

static struct cell number(uint64_t n)
{
	return (struct cell){ .number = n };
}

static struct cell integer(int64_t n)
{
	return (struct cell){ .integer = n };
}

static struct cell bytes(const char *s, size_t len)
{
	return (struct cell){ .text = { s, len } };
}

static struct cell text(const char *s)
{
	return bytes(s, strlen(s));
}

static struct cell list(const struct cell *cells, size_t count)
{
	return (struct cell){ .list = { cells, count } };
}

static struct cell null(void)
{
	return (struct cell){ .null = true };
}

static void interval(struct sink *s, struct report_interval i)
{
	i.number = i.number ? i.number : 1;
	i.ts_ns = TS;
	i.span_ns = i.span_ns ? i.span_ns : SECOND;
	assert_int_equal(report_interval(s->report, &i), 0);
}

static void row(struct sink *s, const struct cell *cells)
{
	assert_int_equal(report_row(s->report, cells), 0);
}

#define ROW(s, ...) row(s, (const struct cell[]){ __VA_ARGS__ })

/* Every line is one JSON object with a type, in an independent parser's eyes. */
static void check_json_lines(const char *all)
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

/* ---- rows ---- */

static const struct column openat_columns[] = {
	{ .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	{ .key = "rate", .head = "OPENS/s", .of = "opens", .kind = COLUMN_RATE },
	{ .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

static struct report_options opens(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = openat_columns,
					.layout.ncolumns = COUNT(openat_columns) };
}

static void openat_rows(struct sink *s)
{
	ROW(s, number(5), null(), number(0), number(1), text("systemd"));
	ROW(s, number(1234), null(), number(7), number(31337), text("cc1"));
	ROW(s, number(80), null(), number(80), number(42), text("a rather long name"));
}

static void test_table(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	assert_int_equal(report_start(s.report, &(struct report_start){ 0 }), 0);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .span_ns = 2 * SECOND });
	assert_string_equal(sink_text(&s), "OPENS  OPENS/s  FAILED    PID  COMM\n"
					   " 1234      617       7  31337  cc1\n"
					   "   80     40.0      80     42  a rather long name\n"
					   "    5      2.5       0      1  systemd\n"
					   " 1319      660      87         TOTAL\n"
					   "\n");
	sink_close(&s);
}

static void test_table_top(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.top = 1;
	sink_open(&s, opts);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { .map_full = 12 } });
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { 1, 2, 3, 4 } });
	assert_string_equal(sink_text(&s),
			    "OPENS  OPENS/s  FAILED    PID  COMM\n"
			    " 1234     1234       7  31337  cc1\n"
			    " 1319     1319      87         TOTAL\n"
			    "(1 of 3 rows shown)\n"
			    "dropped: 12 (map full 12)\n"
			    "\n"
			    "OPENS  OPENS/s  FAILED    PID  COMM\n"
			    " 1234     1234       7  31337  cc1\n"
			    " 1319     1319      87         TOTAL\n"
			    "(1 of 3 rows shown)\n"
			    "dropped: 10 (map full 1, buffer full 2, unmatched 3, missed 4)\n"
			    "\n");
	sink_close(&s);
}

static void test_table_empty(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	interval(&s, (struct report_interval){ .number = 1 });
	assert_string_equal(sink_text(&s), "OPENS  OPENS/s  FAILED  PID  COMM\n"
					   "    0      0.0       0       TOTAL\n"
					   "\n");
	sink_close(&s);
}

static void test_table_text_first(void **state)
{
	static const struct column columns[] = {
		{ .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
		{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
		{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
		{ .key = "avg_ns", .head = "AVG", .kind = COLUMN_NS },
		{ .key = "hidden", .kind = COLUMN_COUNT },
	};
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .layout.columns = columns,
					       .layout.ncolumns = COUNT(columns),
					       .sort = 2 });
	ROW(&s, text("read"), text("sh"), number(3), number(12345), number(1));
	ROW(&s, text("openat"), null(), number(20), null(), number(1));
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "SYSCALL  COMM  CALLS     AVG\n"
					   "openat   -        20       -\n"
					   "read     sh        3  12.3us\n"
					   "TOTAL             23\n"
					   "\n");
	sink_close(&s);
}

/* Columns align by what a terminal shows, in any locale; the test runs in "C". */
static void test_table_hostile(void **state)
{
	static const struct column columns[] = {
		{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
		{ .key = "argv", .head = "ARGV", .kind = COLUMN_LIST },
		{ .key = "ok", .head = "OK", .kind = COLUMN_BOOL },
		{ .key = "ret", .head = "RET", .kind = COLUMN_SIGNED },
	};
	const struct cell args[] = { text("-c"), text("a\nb") };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .layout.columns = columns,
					       .layout.ncolumns = COUNT(columns),
					       .sort = 3 });
	ROW(&s, text("\xe6\xbc\xa2\xe5\xad\x97"), list(args, 2), number(1), integer(3));
	ROW(&s, text("caf\xc3\xa9"), list(NULL, 0), number(0), integer(2));
	ROW(&s, text("e\xcc\x81"), null(), null(), integer(1));
	ROW(&s, text("\033[2J\n"), list(args, 1), number(1), integer(0));
	ROW(&s, text("\xff\xe2\x80\xa8"), list(args, 1), number(1), integer(-1));
	ROW(&s, text("a\\x41"), list(args, 1), number(1), null());
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s),
			    "COMM              ARGV     OK   RET\n"
			    "\xe6\xbc\xa2\xe5\xad\x97              -c a\\nb  yes    3\n"
			    "caf\xc3\xa9                       no     2\n"
			    "e\xcc\x81                 -        -      1\n"
			    "\\e[2J\\n           -c       yes    0\n"
			    "\\xff\\xe2\\x80\\xa8  -c       yes   -1\n"
			    "a\\\\x41            -c       yes    -\n"
			    "TOTAL\n"
			    "\n");
	sink_close(&s);
}

static void test_table_extremes(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, number(BIG), null(), number(1), number(BIG), text("a"));
	ROW(&s, number(1), null(), number(0), number(0), text(""));
	interval(&s, (struct report_interval){ .span_ns = SECOND });
	assert_string_equal(
		sink_text(&s),
		"               OPENS               OPENS/s  FAILED                   PID  COMM\n"
		"18446744073709551615  18446744073709551616       1  18446744073709551615  a\n"
		"                   1                   1.0       0                     0\n"
		"18446744073709551615  18446744073709551616       1                        TOTAL\n"
		"\n");
	sink_close(&s);
}

/* Neither the environment nor a narrow terminal cuts an appended table. */
static void test_table_whole(void **state)
{
	char name[301];
	struct sink s;

	(void)state;
	memset(name, 'n', 300);
	name[300] = '\0';
	setenv("COLUMNS", "20", 1);
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, number(1), null(), number(0), number(0), text(name));
	interval(&s, (struct report_interval){ 0 });
	assert_non_null(strstr(sink_text(&s), name));
	sink_close(&s);
	unsetenv("COLUMNS");
}

static void test_timestamp(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.timestamp = true;
	sink_open(&s, opts);
	interval(&s, (struct report_interval){ 0 });
	assert_memory_equal(sink_text(&s), "13:03:03\nOPENS", 14);
	sink_close(&s);
}

static void test_rates(void **state)
{
	static const struct {
		uint64_t count, span;
		const char *shown;
	} cases[] = {
		{ 0, SECOND, "0.0" },
		{ 1, 3 * SECOND, "0.3" },
		{ 1, 100 * SECOND, "0.0" },
		{ 99, SECOND, "99.0" },
		{ 9994, 100 * SECOND, "99.9" },
		{ 9996, 100 * SECOND, "100" },
		{ 100, SECOND, "100" },
		{ 1, 1, "1000000000" },
		{ 123456, SECOND / 2, "246912" },
	};
	static const struct column columns[] = {
		{ .key = "n", .kind = COLUMN_COUNT },
		{ .key = "rate", .head = "N/s", .of = "n", .kind = COLUMN_RATE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sink s;
		char want[64];
		int width = (int)strlen(cases[i].shown) < 3 ? 3 : (int)strlen(cases[i].shown);

		sink_open(&s, (struct report_options){ .layout.columns = columns,
						       .layout.ncolumns = 2 });
		ROW(&s, number(cases[i].count), null());
		interval(&s, (struct report_interval){ .span_ns = cases[i].span });
		snprintf(want, sizeof(want), "%*s\n%*s\n%*s\n\n", width, "N/s", width,
			 cases[i].shown, width, cases[i].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

static void test_rate_of_no_time(void **state)
{
	struct report_interval none = { .number = 1, .ts_ns = TS };
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, number(4), null(), null(), number(1), null());
	ROW(&s, null(), null(), null(), number(1), null());
	assert_int_equal(report_interval(s.report, &none), 0);
	assert_string_equal(sink_text(&s), "OPENS  OPENS/s  FAILED  PID  COMM\n"
					   "    4        -       -    1  -\n"
					   "    -        -       -    1  -\n"
					   "    4        -       0       TOTAL\n"
					   "\n");
	sink_close(&s);
}

/* ---- sorting ---- */

static const struct column sort_columns[] = {
	{ .key = "name", .head = "NAME", .kind = COLUMN_TEXT },
	{ .key = "count", .kind = COLUMN_COUNT },
	{ .key = "rate", .of = "count", .kind = COLUMN_RATE },
	{ .key = "id", .kind = COLUMN_ID },
	{ .key = "ns", .kind = COLUMN_NS },
	{ .key = "ret", .kind = COLUMN_SIGNED },
	{ .key = "flag", .kind = COLUMN_BOOL },
	{ .key = "args", .kind = COLUMN_LIST },
};

static void check_order(size_t sort, bool ascending, const char *want)
{
	const struct cell ab[] = { text("a"), text("b") },
			  abc[] = { text("a"), text("b"), text("c") };
	const struct cell b[] = { text("b") };
	struct report_options opts = { .format = REPORT_CSV,
				       .layout.columns = sort_columns,
				       .layout.ncolumns = COUNT(sort_columns),
				       .sort = sort,
				       .ascending = ascending };
	char got[16] = "";
	struct sink s;
	char *line;

	sink_open(&s, opts);
	ROW(&s, text("D"), null(), null(), null(), null(), null(), null(), null());
	ROW(&s, text("C"), number(BIG), null(), number(7), number(5), integer(INT64_MIN), number(1),
	    list(ab, 2));
	ROW(&s, text("A"), number(1), null(), number(7), number(BIG), integer(-1), number(0),
	    list(b, 1));
	ROW(&s, text("B"), number(2), null(), number(7), number(4), integer(INT64_MAX), number(1),
	    list(abc, 3));
	interval(&s, (struct report_interval){ 0 });
	sink_text(&s);
	line = s.bytes;
	for (size_t i = 0; i < 4; i++) {
		got[i] = line[2];
		line = strchr(line, '\n') + 1;
	}
	assert_string_equal(got, want);
	sink_close(&s);
}

static void test_sort(void **state)
{
	(void)state;
	check_order(0, false, "ABCD");
	check_order(0, true, "DCBA");
	check_order(1, false, "CBAD");
	check_order(1, true, "ABCD");
	check_order(2, false, "CBAD"); /* a rate sorts as what it is the rate of */
	check_order(2, true, "ABCD");
	check_order(3, false, "ABCD"); /* equal: by the first column */
	check_order(3, true, "ABCD");
	check_order(4, false, "ACBD");
	check_order(4, true, "BCAD");
	check_order(5, false, "BACD");
	check_order(5, true, "CABD");
	check_order(6, false, "BCAD");
	check_order(6, true, "ABCD");
	check_order(7, false, "CBAD");
	check_order(7, true, "ABCD"); /* what is unknown stays last */
}

/* Text is compared as bytes, whole, NUL and high bytes included. */
static void test_sort_bytes(void **state)
{
	static const struct column columns[] = { { .key = "t", .head = "T", .kind = COLUMN_TEXT } };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .format = REPORT_CSV,
					       .layout.columns = columns,
					       .layout.ncolumns = 1 });
	ROW(&s, text("\xff"));
	ROW(&s, text("ab"));
	ROW(&s, bytes("a\0b", 3));
	ROW(&s, bytes(NULL, 0));
	ROW(&s, text("a"));
	ROW(&s, text("B"));
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "1,\n1,B\n1,a\n1,a\\x00b\n1,ab\n1,\\xff\n");
	sink_close(&s);
}

/* Rows are copied: what they pointed to may be gone by the time they are printed. */
static void test_rows_copied(void **state)
{
	char name[] = "name", arg[] = "arg";
	struct cell args[] = { text(arg), null() };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .format = REPORT_CSV,
					       .layout.columns = sort_columns,
					       .layout.ncolumns = COUNT(sort_columns) });
	for (int i = 0; i < 200; i++)
		ROW(&s, text(name), number(1), null(), null(), null(), null(), null(),
		    list(args, 2));
	memset(name, '#', sizeof(name));
	memset(arg, '#', sizeof(arg));
	memset(args, 0xff, sizeof(args));
	interval(&s, (struct report_interval){ 0 });
	sink_text(&s);
	for (size_t i = 0; i < 200; i++)
		assert_memory_equal(s.bytes + i * strlen("1,name,1,,,,,arg \n"),
				    "1,name,1,,,,,arg \n", strlen("1,name,1,,,,,arg \n"));
	assert_int_equal(s.len, 200 * strlen("1,name,1,,,,,arg \n"));
	sink_close(&s);
}

/* ---- JSON ---- */

static void test_json_rows(void **state)
{
	struct report_options opts = opens(REPORT_JSON);
	struct sink s;

	(void)state;
	opts.top = 2;
	sink_open(&s, opts);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { 1, 2, 3, 4 }, .span_ns = 1000000007 });
	interval(&s, (struct report_interval){ .number = 2, .span_ns = 5 });
	assert_string_equal(
		sink_text(&s),
		"{\"type\":\"row\",\"interval\":1,\"opens\":1234,\"failed\":7,\"pid\":31337,"
		"\"comm\":\"cc1\"}\n"
		"{\"type\":\"row\",\"interval\":1,\"opens\":80,\"failed\":80,\"pid\":42,"
		"\"comm\":\"a rather long name\"}\n"
		"{\"type\":\"total\",\"interval\":1,\"ts\":1763816583.123456789,\"seconds\":1."
		"000000007,"
		"\"opens\":1319,\"failed\":87,\"rows\":3,\"shown\":2,\"dropped\":10,\"untimed\":0}"
		"\n"
		"{\"type\":\"total\",\"interval\":2,\"ts\":1763816583.123456789,\"seconds\":0."
		"000000005,"
		"\"opens\":0,\"failed\":0,\"rows\":0,\"shown\":0,\"dropped\":0,\"untimed\":0}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

static void test_json_start_end(void **state)
{
	static const char *const hooks[] = { "kprobe:__x64_sys_openat",
					     "tracepoint:sched:sched_process_fork" };
	static const char *const filters[][2] = { { "pid", "12,13" }, { "name", "a\"*\n" } };
	const struct report_start start = { "bcc-fork", "1.0", "6.1.0", hooks, 2, filters, 2, TS };
	const struct report_start bare = { .tool = "t", .version = "0", .kernel = "k", .ts_ns = 0 };
	const struct report_sum sums[] = { { "forks", BIG, false },
					   { "threads", 0, false },
					   { "execs", 9, true } };
	const struct drops drops = { BIG, 0, 1, 2, 3, 4, 5 };
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_JSON));
	assert_int_equal(report_start(s.report, &start), 0);
	/* Whoever waits for the start record must see it without a flush of ours. */
	assert_int_not_equal(s.len, 0);
	assert_int_equal(report_start(s.report, &bare), 0);
	assert_int_equal(report_end(s.report, sums, 3, &drops, TS, 61 * SECOND + 1), 0);
	assert_string_equal(s.bytes,
			    "{\"type\":\"start\",\"ts\":1763816583.123456789,\"tool\":"
			    "\"bcc-fork\",\"version\":\"1.0\","
			    "\"kernel\":\"6.1.0\",\"hooks\":[\"kprobe:__x64_sys_openat\","
			    "\"tracepoint:sched:sched_process_fork\"],"
			    "\"filters\":{\"pid\":\"12,13\",\"name\":\"a\\\"*\\n\"}}\n"
			    "{\"type\":\"start\",\"ts\":0.000000000,\"tool\":\"t\","
			    "\"version\":\"0\",\"kernel\":\"k\","
			    "\"hooks\":[],\"filters\":{}}\n"
			    "{\"type\":\"end\",\"ts\":1763816583.123456789,\"forks\":"
			    "18446744073709551615,\"threads\":0,"
			    "\"execs\":null,\"dropped\":{\"map_full\":"
			    "18446744073709551615,\"buffer\":0,\"unmatched\":1,"
			    "\"missed\":2,\"unread\":3},\"untimed\":4,\"seconds\":61.000000001}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

/* ---- events ---- */

static const struct column fork_columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 7 },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT, .width = 15 },
	{ .key = "argv", .kind = COLUMN_LIST },
	{ .key = "ret", .head = "RET", .kind = COLUMN_SIGNED, .width = 2 },
	{ .key = "lifetime_ns", .head = "LIFE", .kind = COLUMN_NS, .width = 7 },
	{ .key = "last", .kind = COLUMN_BOOL },
};

static struct report_options forks(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = fork_columns,
					.layout.ncolumns = COUNT(fork_columns),
					.layout.streaming = true };
}

static void event(struct sink *s, const char *type, uint64_t fields, const char *detail,
		  const struct cell *cells)
{
	assert_int_equal(report_event(s->report, type, TS, cells, fields, detail,
				      detail ? strlen(detail) : 0),
			 0);
}

#define EVENT(s, type, fields, detail, ...)                                                        \
	event(s, type, fields, detail, (const struct cell[]){ __VA_ARGS__ })

static void fork_events(struct sink *s)
{
	const struct cell args[] = { text("sh"), text("-c"), text("a, \"b\"\n"), null() };

	assert_int_equal(report_start(s->report, &(struct report_start){ "t", "v", "k", NULL, 0,
									 NULL, 0, TS }),
			 0);
	EVENT(s, "fork", 3, NULL, number(12), text("bash"), null(), null(), null(), null());
	EVENT(s, "exec", 15, "sh -c 'x\ny'", number(123456789), text("caf\xc3\xa9"), list(args, 4),
	      integer(-2), null(), null());
	EVENT(s, "exit", ALL, "code 0", number(BIG), text("a name wider than it"), list(args, 0),
	      integer(INT64_MIN), number(BIG), number(1));
	EVENT(s, "x", 0, NULL, null(), null(), null(), null(), null(), null());
}

static void test_events_json(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	fork_events(&s);
	assert_string_equal(
		sink_text(&s),
		"{\"type\":\"start\",\"ts\":1763816583.123456789,\"tool\":\"t\",\"version\":\"v\","
		"\"kernel\":\"k\",\"hooks\":[],\"filters\":{}}\n"
		"{\"type\":\"fork\",\"ts\":1763816583.123456789,\"pid\":12,\"comm\":\"bash\"}\n"
		"{\"type\":\"exec\",\"ts\":1763816583.123456789,\"pid\":123456789,\"comm\":"
		"\"caf\xc3\xa9\","
		"\"argv\":[\"sh\",\"-c\",\"a, \\\"b\\\"\\n\",null],\"ret\":-2}\n"
		"{\"type\":\"exit\",\"ts\":1763816583.123456789,\"pid\":18446744073709551615,"
		"\"comm\":\"a name wider than it\",\"argv\":[],\"ret\":-9223372036854775808,"
		"\"lifetime_ns\":18446744073709551615,\"last\":true}\n"
		"{\"type\":\"x\",\"ts\":1763816583.123456789}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

static void test_events_csv(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_CSV));
	fork_events(&s);
	assert_string_equal(
		sink_text(&s),
		"type,ts,pid,comm,argv,ret,lifetime_ns,last\n"
		"fork,1763816583.123456789,12,bash,,,,\n"
		"exec,1763816583.123456789,123456789,caf\xc3\xa9,\"sh -c a, \"\"b\"\"\\n \",-2,,\n"
		"exit,1763816583.123456789,18446744073709551615,a name wider than it,,"
		"-9223372036854775808,18446744073709551615,true\n"
		"x,1763816583.123456789,,,,,,\n");
	sink_close(&s);
}

static void test_events_table(void **state)
{
	struct report_options opts = forks(REPORT_TABLE);
	struct sink s;

	(void)state;
	sink_open(&s, opts);
	fork_events(&s);
	assert_string_equal(
		sink_text(&s),
		"EVENT       PID  COMM             RET     LIFE  DETAIL\n"
		"fork         12  bash               -        -\n"
		"exec    123456789  caf\xc3\xa9              -2        -  sh -c 'x\\ny'\n"
		"exit    18446744073709551615  a name wider than it  -9223372036854775808  "
		"18446744073.7s  code 0\n"
		"x             -  -                  -        -\n");
	sink_close(&s);

	opts.timestamp = true;
	sink_open(&s, opts);
	fork_events(&s);
	assert_memory_equal(
		sink_text(&s),
		"TIME             EVENT       PID  COMM             RET     LIFE  DETAIL\n"
		"13:03:03.123456  fork         12  bash               -        -\n",
		72 + 64);
	sink_close(&s);
}

/* Events of one type: no column for it, another heading, and details that are safe as they come. */
static void test_one_type(void **state)
{
	struct report_options opts = forks(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.layout.one_type = true;
	opts.layout.detail_head = "CALL";
	opts.layout.detail_escaped = true;
	sink_open(&s, opts);
	fork_events(&s);
	EVENT(&s, "call", 3, "open(\"a\\\"b\")", number(1), text("a\nb"), null(), null(), null(),
	      null());
	assert_string_equal(sink_text(&s),
			    "    PID  COMM             RET     LIFE  CALL\n"
			    "     12  bash               -        -\n"
			    "123456789  caf\xc3\xa9              -2        -  sh -c 'x\ny'\n"
			    "18446744073709551615  a name wider than it  -9223372036854775808  "
			    "18446744073.7s  code 0\n"
			    "      -  -                  -        -\n"
			    "      1  a\\nb               -        -  open(\"a\\\"b\")\n");
	sink_close(&s);

	opts.timestamp = true;
	sink_open(&s, opts);
	fork_events(&s);
	assert_memory_equal(sink_text(&s),
			    "TIME                 PID  COMM             RET     LIFE  CALL\n"
			    "13:03:03.123456       12  bash               -        -\n",
			    62 + 56);
	sink_close(&s);

	/* Records always say. */
	opts = forks(REPORT_JSON);
	opts.layout.one_type = opts.layout.detail_escaped = true;
	sink_open(&s, opts);
	EVENT(&s, "call", 1, "x", number(1), null(), null(), null(), null(), null());
	assert_string_equal(sink_text(&s),
			    "{\"type\":\"call\",\"ts\":1763816583.123456789,\"pid\":1}\n");
	sink_close(&s);
}

/* The same 64 bits with a sign and without. */
static void test_unsigned_pairs(void **state)
{
	static const struct column columns[] = { { .key = "args", .kind = COLUMN_PAIRS } };
	const struct pair pairs[] = {
		{ .name = "signed", .value = number(BIG) },
		{ .name = "unsigned", .value = number(BIG), .is_unsigned = true },
	};
	const struct cell cell = { .pairs = { pairs, 2 } };
	struct report_options opts = { .layout.columns = columns,
				       .layout.ncolumns = 1,
				       .layout.streaming = true };
	struct sink s;

	(void)state;
	opts.format = REPORT_JSON;
	sink_open(&s, opts);
	event(&s, "e", 1, NULL, &cell);
	assert_string_equal(sink_text(&s),
			    "{\"type\":\"e\",\"ts\":1763816583.123456789,\"args\":{\"signed\":-1,"
			    "\"unsigned\":18446744073709551615}}\n");
	sink_close(&s);
	opts.format = REPORT_CSV;
	sink_open(&s, opts);
	event(&s, "e", 1, NULL, &cell);
	assert_string_equal(sink_text(&s),
			    "e,1763816583.123456789,signed=-1 unsigned=18446744073709551615\n");
	sink_close(&s);
}

static void test_event_not_flushed(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	EVENT(&s, "fork", 1, NULL, number(1), null(), null(), null(), null(), null());
	assert_int_equal(s.len, 0);
	assert_int_equal(report_flush(s.report), 0);
	assert_int_not_equal(s.len, 0);
	sink_close(&s);
}

static void test_durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *shown;
	} cases[] = {
		{ 0, "0ns" },
		{ 999, "999ns" },
		{ 1000, "1.0us" },
		{ 1049, "1.0us" },
		{ 1050, "1.1us" },
		{ 12345, "12.3us" },
		{ 999949, "999.9us" },
		{ 999950, "1.0ms" },
		{ 1000000, "1.0ms" },
		{ 999949999, "999.9ms" },
		{ 999950000, "1.0s" },
		{ 75200000000, "75.2s" },
		{ BIG, "18446744073.7s" },
	};
	static const struct column columns[] = { { .key = "ns", .head = "NS", .kind = COLUMN_NS } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[REPORT_DURATION_MAX], want[64];
		struct sink s;

		sink_open(&s, (struct report_options){ .layout.columns = columns,
						       .layout.ncolumns = 1,
						       .layout.streaming = true });
		assert_int_equal(report_duration(text, cases[i].ns), strlen(cases[i].shown));
		assert_string_equal(text, cases[i].shown);
		EVENT(&s, "e", 1, NULL, number(cases[i].ns));
		snprintf(want, sizeof(want), "e       %s\n", cases[i].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

/* ---- percentages, pairs and totals ---- */

static const struct column share_columns[] = {
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	{ .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	{ .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	{ .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
};

static struct report_options shares(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = share_columns,
					.layout.ncolumns = COUNT(share_columns),
					.sort = 4 };
}

static void share_rows(struct sink *s)
{
	const struct cell totals[] = {
		null(), null(), number(7000), null(), number(1000000), null()
	};

	ROW(s, text("a"), number(1), number(700), number(0), number(89568), number(5));
	ROW(s, text("b"), number(2), number(6300), number(2), number(910432), number(6));
	ROW(s, text("c"), number(0), null(), number(0), null(), null());
	ROW(s, text("d"), number(0), number(0), number(0), number(0), number(0));
	assert_int_equal(report_totals(s->report, totals, 1 << 2 | 1 << 4 | 1 << 5), 0);
}

static void test_totals_table(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, shares(REPORT_TABLE));
	share_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "COMM   CALLS   TIME  ERRORS   SHARE  MAX\n"
					   "b          2  6.3us       2   91.0%  6ns\n"
					   "a          1  700ns       0    9.0%  5ns\n"
					   "d          0    0ns       0    0.0%  0ns\n"
					   "c          0      -       0       -    -\n"
					   "TOTAL      3  7.0us       2  100.0%    -\n"
					   "\n"
					   /* and they are not the next interval's */
					   "COMM   CALLS  TIME  ERRORS  SHARE  MAX\n"
					   "TOTAL      0             0\n"
					   "\n");
	sink_close(&s);
}

static void test_totals_json(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, shares(REPORT_JSON));
	share_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	interval(&s, (struct report_interval){ .number = 2 });
	check_json_lines(sink_text(&s));
	assert_non_null(strstr(s.bytes, "\"comm\":\"b\",\"calls\":2,\"total_ns\":6300,"
					"\"errors\":2,\"share\":0.910432,\"max_ns\":6}\n"));
	assert_non_null(strstr(s.bytes, "\"errors\":0,\"share\":0.000000,\"max_ns\":0}\n"));
	assert_non_null(strstr(s.bytes, "\"errors\":0,\"share\":null,\"max_ns\":null}\n"));
	assert_non_null(strstr(s.bytes, "\"seconds\":1.000000000,\"calls\":3,\"errors\":2,"
					"\"total_ns\":7000,\"share\":1.000000,\"max_ns\":null,"
					"\"rows\":4,"));
	assert_non_null(strstr(s.bytes, "\"calls\":0,\"errors\":0,\"rows\":0,"));
	sink_close(&s);
}

static void test_totals_csv(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, shares(REPORT_CSV));
	share_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "1,b,2,6300,2,0.910432,6\n"
					   "1,a,1,700,0,0.089568,5\n"
					   "1,d,0,0,0,0.000000,0\n"
					   "1,c,0,,0,,\n");
	sink_close(&s);
}

/* Totals are numbered as the caller numbers columns, and only those of what is shown are kept. */
static void test_totals_active(void **state)
{
	struct report_options opts = shares(REPORT_TABLE);
	const struct cell totals[] = {
		null(), null(), number(1), null(), number(500000), number(2)
	};
	struct sink s;

	(void)state;
	opts.layout.active = 1 | 1 << 4 | 1 << 5;
	sink_open(&s, opts);
	assert_int_equal(report_totals(s.report, totals, 1 << 2 | 1 << 5), 0);
	assert_int_equal(report_totals(s.report, totals, 1 << 4 | 1 << 3), 0);
	assert_int_equal(report_totals(s.report, totals, 1), -EINVAL);
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "COMM   SHARE  MAX\n"
					   "TOTAL  50.0%  2ns\n"
					   "\n");
	sink_close(&s);
}

/* Without a text or an id there is no room for the word. */
static void test_totals_alone(void **state)
{
	struct report_options opts = shares(REPORT_TABLE);
	const struct cell totals[] = { null(), null(), number(1) };
	struct sink s;

	(void)state;
	opts.layout.active = 1 << 1 | 1 << 2;
	sink_open(&s, opts);
	assert_int_equal(report_totals(s.report, totals, 1 << 2), 0);
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "CALLS  TIME\n"
					   "    0   1ns\n"
					   "\n");
	sink_close(&s);
}

static void test_percent(void **state)
{
	static const struct {
		uint64_t ppm;
		const char *shown, *fraction;
	} cases[] = {
		{ 0, "0.0%", "0.000000" },
		{ 499, "0.0%", "0.000499" },
		{ 500, "0.1%", "0.000500" },
		{ 999499, "99.9%", "0.999499" },
		{ 999500, "100.0%", "0.999500" },
		{ 1000000, "100.0%", "1.000000" },
		{ 12345678, "1234.6%", "12.345678" },
	};
	static const struct column columns[] = {
		{ .key = "p", .head = "P", .kind = COLUMN_PERCENT, .width = 7 }
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		bool csv = i & 1;
		struct sink s;
		char want[64];

		sink_open(&s, (struct report_options){ .format = csv ? REPORT_CSV : REPORT_TABLE,
						       .layout.columns = columns,
						       .layout.ncolumns = 1,
						       .layout.streaming = true });
		EVENT(&s, "e", 1, NULL, number(cases[i / 2].ppm));
		if (csv)
			snprintf(want, sizeof(want), "e,1763816583.123456789,%s\n",
				 cases[i / 2].fraction);
		else
			snprintf(want, sizeof(want), "e       %7s\n", cases[i / 2].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

static struct cell pairs(const struct pair *p, size_t count)
{
	return (struct cell){ .pairs = { p, count } };
}

static void check_pairs(enum report_format format, bool streaming, const char *want)
{
	static const struct column columns[] = {
		{ .key = "args", .head = "ARGS", .kind = COLUMN_PAIRS },
	};
	char name[] = "filename", value[] = "a, \"b\"\n";
	struct pair args[] = { { "dfd", integer(-100), false, false },
			       { name, text(value), true, false },
			       { "mode", null(), false, false },
			       { "to", null(), true, false } };
	const struct cell cell = pairs(args, COUNT(args)), none = pairs(NULL, 0), unknown = null();
	struct sink s;

	sink_open(&s, (struct report_options){ .format = format,
					       .layout.columns = columns,
					       .layout.ncolumns = 1,
					       .layout.streaming = streaming });
	if (streaming) {
		event(&s, "e", 1, NULL, &cell);
		event(&s, "e", 1, NULL, &none);
		event(&s, "e", 1, NULL, &unknown);
	} else {
		row(&s, &cell);
		row(&s, &unknown);
		memset(name, '#', sizeof(name));
		memset(value, '#', sizeof(value));
		memset(args, 0xff, sizeof(args));
		interval(&s, (struct report_interval){ 0 });
	}
	assert_string_equal(sink_text(&s), want);
	if (format == REPORT_JSON)
		check_json_lines(s.bytes);
	sink_close(&s);
}

#define JSON_EVENT "{\"type\":\"e\",\"ts\":1763816583.123456789,\"args\":"
#define JSON_ROW "{\"type\":\"row\",\"interval\":1,\"args\":"
#define JSON_PAIRS "{\"dfd\":-100,\"filename\":\"a, \\\"b\\\"\\n\",\"mode\":null,\"to\":null}}\n"

static void test_pairs(void **state)
{
	(void)state;
	check_pairs(REPORT_JSON, true,
		    JSON_EVENT JSON_PAIRS JSON_EVENT "{}}\n" JSON_EVENT "null}\n");
	check_pairs(
		REPORT_JSON, false,
		JSON_ROW JSON_PAIRS JSON_ROW
		"null}\n"
		"{\"type\":\"total\",\"interval\":1,\"ts\":1763816583.123456789,"
		"\"seconds\":1.000000000,\"rows\":2,\"shown\":2,\"dropped\":0,\"untimed\":0}\n");
	check_pairs(REPORT_CSV, true,
		    "e,1763816583.123456789,\"dfd=-100 filename=a, \"\"b\"\"\\n mode= to=\"\n"
		    "e,1763816583.123456789,\n"
		    "e,1763816583.123456789,\n");
	check_pairs(REPORT_CSV, false, "1,\"dfd=-100 filename=a, \"\"b\"\"\\n mode= to=\"\n1,\n");
	check_pairs(REPORT_TABLE, true,
		    "e       dfd=-100 filename=a, \"b\"\\n mode= to=\n"
		    "e\n"
		    "e       -\n");
	check_pairs(REPORT_TABLE, false,
		    "ARGS\n"
		    "dfd=-100 filename=a, \"b\"\\n mode= to=\n"
		    "-\n"
		    "TOTAL\n"
		    "\n");
}

/* ---- histograms ---- */

static const struct column latency_columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "histogram", .head = "NEVER SEEN", .kind = COLUMN_HISTOGRAM },
	{ .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
};

static struct report_options latencies(enum report_format format)
{
	return (struct report_options){ .format = format,
					.layout.columns = latency_columns,
					.layout.ncolumns = COUNT(latency_columns),
					.sort = 2 };
}

/* In octaves: one full, one half as much, a gap, one too small for a character; and both ends. */
static void latency_rows(struct sink *s)
{
	struct histogram h = { .timed = 3011, .min_ns = 300, .max_ns = 5000 };
	struct histogram ends = { .timed = 3, .min_ns = 1, .max_ns = UINT64_C(4400000000000) };
	struct histogram none = { 0 };

	h.counts[17] = 500; /* 256 to 288 */
	h.counts[18] = 500;
	h.counts[25] = 2000; /* 512 to 576 */
	h.counts[49] = 11;   /* 4096 to 4608 */
	ends.counts[0] = 1;
	ends.counts[HISTOGRAM_LAST] = 2;
	ROW(s, number(1234), text("ba\nsh"), number(9), (struct cell){ .histogram = &h },
	    text("read"));
	ROW(s, number(5), null(), number(8), (struct cell){ .histogram = &ends }, text("openat"));
	ROW(s, number(6), text("c"), number(7), (struct cell){ .histogram = &none }, text("close"));
	ROW(s, number(7), text("d"), number(6), null(), text("dup"));
	memset(&h, 0xff, sizeof(h));
	memset(&ends, 0xff, sizeof(ends));
}

#define BAR10 "@@@@@@@@@@"
#define GAP10 "          "

static void test_histogram_table(void **state)
{
	struct report_options opts = latencies(REPORT_TABLE);
	struct sink s;
	char *drawing;

	(void)state;
	opts.top = 3;
	sink_open(&s, opts);
	latency_rows(&s);
	interval(&s, (struct report_interval){ .drops = { .map_full = 1 } });
	sink_text(&s);
	drawing = strstr(s.bytes, "1234 ba\\nsh read\n");
	assert_non_null(drawing);
	assert_memory_equal(drawing,
			    "1234 ba\\nsh read\n"
			    "  [256ns, 512ns)  1000 |" BAR10 BAR10 GAP10 GAP10 "|\n"
			    "  [512ns, 1.0us)  2000 |" BAR10 BAR10 BAR10 BAR10 "|\n"
			    "  [1.0us, 2.0us)     0 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "  [2.0us, 4.1us)     0 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "  [4.1us, 8.2us)    11 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "5 - openat\n"
			    "  [0ns, 64ns)         1 |" BAR10 BAR10 GAP10 GAP10 "|\n"
			    "  [64ns, 128ns)       0 |" GAP10 GAP10 GAP10 GAP10 "|\n",
			    strlen("1234 ba\\nsh read\n") + 5 * 66 + strlen("5 - openat\n") +
				    2 * 67);
	assert_non_null(strstr(drawing, "  [549.8s, 1099.5s)   0 |"));
	assert_non_null(strstr(drawing, "  [2199.0s, 4398.0s)  0 |"));
	assert_non_null(
		strstr(drawing, "  [4398.0s, ...)      2 |" BAR10 BAR10 BAR10 BAR10 "|\n\n"));
	*drawing = '\0';
	assert_string_equal(s.bytes, " PID  COMM    CALLS  SYSCALL\n"
				     "1234  ba\\nsh      9  read\n"
				     "   5  -           8  openat\n"
				     "   6  c           7  close\n"
				     "                 30  TOTAL\n"
				     "(3 of 4 rows shown)\n"
				     "dropped: 1 (map full 1)\n");
	sink_close(&s);
}

static void test_histogram_json(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, latencies(REPORT_JSON));
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	check_json_lines(sink_text(&s));
	assert_non_null(strstr(s.bytes, "\"histogram\":[[256,288,500],[288,320,500],"
					"[512,576,2000],[4096,4608,11]],\"syscall\":\"read\"}\n"));
	assert_non_null(strstr(s.bytes,
			       "\"histogram\":[[0,64,1],"
			       "[4398046511104,4400000000001,2]],\"syscall\":\"openat\"}\n"));
	assert_non_null(strstr(s.bytes, "\"histogram\":[],\"syscall\":\"close\"}\n"));
	assert_non_null(strstr(s.bytes, "\"histogram\":null,\"syscall\":\"dup\"}\n"));
	sink_close(&s);
}

static void test_histogram_csv(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, latencies(REPORT_CSV));
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(
		sink_text(&s),
		"1,1234,ba\\nsh,9,256-288:500 288-320:500 512-576:2000 4096-4608:11,read\n"
		"1,5,,8,0-64:1 4398046511104-4400000000001:2,openat\n"
		"1,6,c,7,,close\n"
		"1,7,d,6,,dup\n");
	sink_close(&s);
}

/* An inactive one is not looked at; an event has none. */
static void test_histogram_absent(void **state)
{
	struct report_options opts = latencies(REPORT_JSON);
	const struct cell cells[] = { number(1),
				      text("c"),
				      number(2),
				      { .histogram = (const struct histogram *)1 },
				      text("read") };
	struct sink s;

	(void)state;
	opts.layout.active = 1 | 1 << 2;
	sink_open(&s, opts);
	row(&s, cells);
	interval(&s, (struct report_interval){ 0 });
	assert_null(strstr(sink_text(&s), "histogram"));
	sink_close(&s);

	opts = latencies(REPORT_JSON);
	opts.layout.streaming = true;
	for (enum report_format f = REPORT_TABLE; f <= REPORT_CSV; f++) {
		opts.format = f;
		sink_open(&s, opts);
		event(&s, "e", ALL, NULL, cells);
		assert_string_equal(
			sink_text(&s),
			f == REPORT_TABLE ? "e       1  c  2  read\n"
			: f == REPORT_JSON
				? "{\"type\":\"e\",\"ts\":1763816583.123456789,\"pid\":1,"
				  "\"comm\":\"c\",\"calls\":2,\"syscall\":\"read\"}\n"
				: "e,1763816583.123456789,1,c,2,,read\n");
		sink_close(&s);
	}
}

static void test_can_sort(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(latency_columns); i++)
		assert_int_equal(report_can_sort(&latency_columns[i]), i != 3);
	for (size_t i = 0; i < COUNT(share_columns); i++)
		assert_true(report_can_sort(&share_columns[i]));
	assert_false(report_can_sort(&(struct column){ .kind = COLUMN_PAIRS }));
	assert_false(report_can_sort(&(struct column){ .kind = COLUMN_RATE }));
}

/* Drawings take what height the table leaves, and are cut there. */
static void test_histogram_screen(void **state)
{
	struct report_options opts = latencies(REPORT_TABLE);
	struct sink s;
	size_t lines = 0;

	(void)state;
	opts.screen = true;
	sink_open(&s, opts);
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	for (const char *p = sink_text(&s); (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 23);
	assert_non_null(strstr(s.bytes, "TOTAL\033[K\n1234 ba\\nsh read\033[K\n  [256ns, 512ns) "));
	assert_null(strstr(s.bytes, "..."));
	sink_close(&s);
}

/* ---- hostile bytes ---- */

static const char hostile[] =
	"\n\033[2J\t\"\\,\x7f\x01\xff\xc3(\xe2\x80\xa8\xc2\x9b\xed\xa0\x80\0z";

static void test_hostile_json(void **state)
{
	static const char want[] =
		"\n\033[2J\t\"\\,\x7f\x01\\xff\\xc3(\xe2\x80\xa8\xc2\x9b\\xed\\xa0\\x80\0z";
	const struct cell name = bytes(hostile, sizeof(hostile) - 1);
	json_t *json, *comm;
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	EVENT(&s, "exec", 6, NULL, null(), name, list(&name, 1), null(), null(), null());
	sink_text(&s);
	assert_ptr_equal(strchr(s.bytes, '\n'), s.bytes + s.len - 1);
	check_json_lines(s.bytes);
	json = json_loads(s.bytes, JSON_ALLOW_NUL, NULL);
	assert_non_null(json);
	comm = json_object_get(json, "comm");
	assert_int_equal(json_string_length(comm), sizeof(want) - 1);
	assert_memory_equal(json_string_value(comm), want, sizeof(want) - 1);
	assert_true(json_equal(comm, json_array_get(json_object_get(json, "argv"), 0)));
	json_decref(json);
	sink_close(&s);
}

static void test_hostile_lines(void **state)
{
	static const char shown[] = "\\n\\e[2J\\t\"\\\\,\\x7f\\x01\\xff\\xc3("
				    "\\xe2\\x80\\xa8\\xc2\\x9b\\xed\\xa0\\x80\\x00z";
	const struct cell name = bytes(hostile, sizeof(hostile) - 1);
	struct cell cells[COUNT(fork_columns)] = { 0 };
	char want[512];
	struct sink s;

	(void)state;
	cells[1] = name;
	sink_open(&s, forks(REPORT_TABLE));
	assert_int_equal(report_event(s.report, "e\n", TS, cells, 3, hostile, sizeof(hostile) - 1),
			 0);
	snprintf(want, sizeof(want), "e\\n           0  %s    -        -  %s\n", shown, shown);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);

	sink_open(&s, forks(REPORT_CSV));
	cells[1] = bytes(hostile + 1, sizeof(hostile) - 2);
	assert_int_equal(report_event(s.report, "e", TS, cells, 2, NULL, 0), 0);
	assert_string_equal(
		sink_text(&s),
		"e,1763816583.123456789,,\"\\e[2J\\t\"\"\\\\,\\x7f\\x01\\xff\\xc3(\\xe2\\x80\\xa8"
		"\\xc2\\x9b\\xed\\xa0\\x80\\x00z\",,,,\n");
	sink_close(&s);
}

/* ---- screens ---- */

static void test_screen(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.screen = true;
	opts.timestamp = true;
	sink_open(&s, opts);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { .missed = 1 } });
	assert_string_equal(sink_text(&s),
			    "\033[H13:03:03\033[K\n"
			    "OPENS  OPENS/s  FAILED    PID  COMM\033[K\n"
			    " 1234     1234       7  31337  cc1\033[K\n"
			    "   80     80.0      80     42  a rather long name\033[K\n"
			    "    5      5.0       0      1  systemd\033[K\n"
			    " 1319     1319      87         TOTAL\033[K\n"
			    "dropped: 1 (missed 1)\033[K\n"
			    "\033[J");
	sink_close(&s);
}

static size_t count_lines(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, '\n'))) {
		n++;
		s++;
	}
	return n;
}

/* 24x80 where there is no terminal: 23 lines, the last of them about the hidden rows. */
static void test_screen_height(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);

	(void)state;
	opts.screen = true;
	for (size_t rows = 20; rows <= 23; rows++) {
		struct sink s;
		bool hides = rows > 21;

		sink_open(&s, opts);
		for (size_t i = 0; i < rows; i++)
			ROW(&s, number(1), null(), number(0), number(i), text("x"));
		interval(&s, (struct report_interval){ 0 });
		assert_int_equal(count_lines(sink_text(&s)), rows < 21 ? rows + 2 : 23);
		assert_int_equal(hides, strstr(s.bytes, "rows shown)\033[K\n\033[J") != NULL);
		if (rows == 22)
			assert_non_null(strstr(s.bytes, "\n(20 of 22 rows shown)\033"));
		if (rows == 23)
			assert_non_null(
				strstr(s.bytes, "\n   23     23.0       0       TOTAL\033"));
		sink_close(&s);
	}
}

/* A report on a pseudo-terminal of the given size. Return: what arrives there. */
static const char *paint(unsigned short height, unsigned short width, const char *name, char *got,
			 size_t size)
{
	const struct winsize ws = { .ws_row = height, .ws_col = width };
	struct report_options opts = opens(REPORT_TABLE);
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	struct termios raw;
	int pty = posix_openpt(O_RDWR | O_NOCTTY), tty;
	ssize_t n;

	assert_true(pty >= 0 && grantpt(pty) == 0 && unlockpt(pty) == 0);
	tty = open(ptsname(pty), O_RDWR | O_NOCTTY);
	assert_true(tty >= 0 && tcgetattr(tty, &raw) == 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(tty, TCSANOW, &raw), 0);
	assert_int_equal(ioctl(tty, TIOCSWINSZ, &ws), 0);
	opts.out = fdopen(tty, "w");
	opts.screen = true;
	assert_int_equal(report_new(&report, &opts, &err), 0);
	for (uint64_t i = 0; i < 4; i++)
		row(&(struct sink){ .report = report },
		    (const struct cell[]){ number(9 - i), null(), number(0), number(i),
					   text(name) });
	interval(&(struct sink){ .report = report }, (struct report_interval){ 0 });
	n = read(pty, got, size - 1);
	assert_true(n > 0);
	got[n] = '\0';
	report_free(report);
	fclose(opts.out);
	close(pty);
	return got;
}

static void test_screen_terminal(void **state)
{
	char got[4096];

	(void)state;
	/* 5 lines above the cursor's: heading, one row, total, and what is hidden */
	assert_string_equal(paint(6, 40, "abcdefg", got, sizeof(got)),
			    "\033[HOPENS  OPENS/s  FAILED  PID  COMM\033[K\n"
			    "    9      9.0       0    0  abcdefg\033[K\n"
			    "    8      8.0       0    1  abcdefg\033[K\n"
			    "   30     30.0       0       TOTAL\033[K\n"
			    "(2 of 4 rows shown)\033[K\n\033[J");
	/* A line as wide as the terminal is not erased behind: that would take its last character.
	 */
	assert_string_equal(paint(5, 32, "abcdefg", got, sizeof(got)),
			    "\033[HOPENS  OPENS/s  FAILED  PID  COM\n"
			    "    9      9.0       0    0  abc\n"
			    "   30     30.0       0       TOT\n"
			    "(1 of 4 rows shown)\033[K\n\033[J");
	/* A wide character does not straddle the edge. */
	assert_string_equal(paint(5, 32, "\xe6\xbc\xa2\xe5\xad\x97\xe5\xad\x97", got, sizeof(got)),
			    "\033[HOPENS  OPENS/s  FAILED  PID  COM\n"
			    "    9      9.0       0    0  \xe6\xbc\xa2\033[K\n"
			    "   30     30.0       0       TOT\n"
			    "(1 of 4 rows shown)\033[K\n\033[J");
	/* Too low for anything but the heading. */
	assert_string_equal(paint(1, 9, "x", got, sizeof(got)), "\033[HOPENS  OP\n\033[J");
	assert_string_equal(paint(2, 9, "x", got, sizeof(got)), "\033[HOPENS  OP\n\033[J");
}

/* A row is kept whole in one write, however long: nothing between two writes can tear the frame. */
static void test_screen_one_write(void **state)
{
	int packets[2];
	char got[16384];
	struct report_options opts = opens(REPORT_TABLE);
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	ssize_t n;

	(void)state;
	/* Each read from a packet pipe returns what one write has put there. */
	assert_int_equal(pipe2(packets, O_DIRECT), 0);
	opts.out = fdopen(packets[1], "w");
	setvbuf(opts.out, NULL, _IOLBF, 64);
	opts.screen = true;
	assert_int_equal(report_new(&report, &opts, &err), 0);
	for (uint64_t i = 0; i < 20; i++)
		row(&(struct sink){ .report = report },
		    (const struct cell[]){ number(9), null(), number(0), number(i),
					   text("some name") });
	interval(&(struct sink){ .report = report }, (struct report_interval){ 0 });
	n = read(packets[0], got, sizeof(got));
	assert_true(n > 600);
	assert_memory_equal(got, "\033[H", 3);
	assert_memory_equal(got + n - 3, "\033[J", 3);
	report_free(report);
	fclose(opts.out);
	close(packets[0]);
}

/* ---- pictures that are painted again ---- */

/* A report on a pseudo-terminal, whose size may change. */
struct screen {
	struct sink sink;
	int pty;
	char got[8192];
};

static void resize(struct screen *s, unsigned short height, unsigned short width)
{
	const struct winsize ws = { .ws_row = height, .ws_col = width };

	assert_int_equal(ioctl(s->pty, TIOCSWINSZ, &ws), 0);
}

static void screen_open(struct screen *s, struct report_options opts)
{
	struct error err = ERROR_INIT;
	struct termios raw;
	int tty;

	s->pty = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(s->pty >= 0 && grantpt(s->pty) == 0 && unlockpt(s->pty) == 0);
	tty = open(ptsname(s->pty), O_RDWR | O_NOCTTY);
	assert_true(tty >= 0 && tcgetattr(tty, &raw) == 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(tty, TCSANOW, &raw), 0);
	assert_int_equal(fcntl(s->pty, F_SETFL, O_NONBLOCK), 0);
	opts.out = s->sink.file = fdopen(tty, "w");
	opts.screen = true;
	assert_int_equal(report_new(&s->sink.report, &opts, &err), 0);
	resize(s, 24, 80);
}

static void screen_close(struct screen *s)
{
	report_free(s->sink.report);
	fclose(s->sink.file);
	close(s->pty);
}

/* What has been painted since the last time, "" for nothing; one frame at most. */
static const char *painted(struct screen *s)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(s->pty, s->got + len, sizeof(s->got) - 1 - len)) > 0)
		len += (size_t)n;
	s->got[len] = '\0';
	if (len)
		assert_null(strstr(s->got + 1, "\033[H"));
	return s->got;
}

/* The ids of the rows on the screen, one letter each: 1 is a. */
static const char *painted_rows(struct screen *s)
{
	static char letters[64];
	char *line, *rest = NULL, *to = letters;
	unsigned id;

	painted(s);
	for (line = strtok_r(s->got, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%*u %*s %*u %u", &id) == 1)
			*to++ = (char)('a' + id - 1);
	*to = '\0';
	return letters;
}

/* Sorted by opens acb, by failed bac, by pid cba, by comm abc. */
static void some_rows(struct screen *s, uint64_t more)
{
	ROW(&s->sink, number(30 + more), null(), number(2), number(1), text("x"));
	ROW(&s->sink, number(10 + more), null(), number(3), number(2), text("y"));
	ROW(&s->sink, number(20 + more), null(), number(1), number(3), text("z"));
	interval(&s->sink, (struct report_interval){ 0 });
}

static void test_repaint(void **state)
{
	struct screen s;
	char first[sizeof(s.got)];

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	/* Nothing to paint yet. */
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted(&s), "");
	some_rows(&s, 0);
	strcpy(first, painted(&s));
	assert_non_null(strstr(first, "TOTAL"));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(report_repaint(s.sink.report), 0);
		assert_string_equal(painted(&s), first);
	}
	/* The next interval has no rows, and those before are not mixed into it. */
	interval(&s.sink, (struct report_interval){ 0 });
	assert_string_equal(painted_rows(&s), "");
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "");
	some_rows(&s, 0);
	assert_string_equal(painted(&s), first);
	screen_close(&s);
}

static void test_repaint_sorts(void **state)
{
	static const char *const next[] = { "bac", "cba", "abc", "acb", "bac" };
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	some_rows(&s, 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* By each column but the rate, and around. */
	for (size_t i = 0; i < COUNT(next); i++) {
		report_sort_next(s.sink.report);
		assert_string_equal(painted(&s), "");
		assert_int_equal(report_repaint(s.sink.report), 0);
		assert_string_equal(painted_rows(&s), next[i]);
	}
	report_reverse(s.sink.report);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "cab");
	/* It lasts. */
	some_rows(&s, 1);
	assert_string_equal(painted_rows(&s), "cab");
	report_sort_next(s.sink.report);
	report_sort_next(s.sink.report);
	some_rows(&s, 2);
	assert_string_equal(painted_rows(&s), "cba"); /* by comm, Z to A */
	screen_close(&s);
}

/* Only among columns a person sees. */
static void test_repaint_sorts_active(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct screen s;

	(void)state;
	opts.layout.active = 1 << 0 | 1 << 1 | 1 << 3; /* opens, rate, pid */
	screen_open(&s, opts);
	some_rows(&s, 0);
	painted(&s);
	for (int i = 0; i < 2; i++)
		report_sort_next(s.sink.report);
	report_show_keys(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "sorted by opens "));
	screen_close(&s);
}

static void test_repaint_resized(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	some_rows(&s, 0);
	painted(&s);
	resize(&s, 5, 20);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted(&s), "\033[HOPENS  OPENS/s  FAIL\n"
					 "   30     30.0      \n"
					 "   60     60.0      \n"
					 "(1 of 3 rows shown)\033[K\n\033[J");
	/* Larger again: what had no room is there. */
	resize(&s, 6, 80);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* The line about keys takes one of them. */
	report_show_keys(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(
		strstr(painted(&s), "(1 of 3 rows shown)\033[K\n\033[2msorted by opens  [q]"));
	assert_int_equal(count_lines(s.got), 5);
	resize(&s, 7, 80);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* And is there when nearly nothing else is. */
	resize(&s, 3, 12);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted(&s),
			    "\033[HOPENS  OPENS\n\033[2msorted by o\033[m\033[K\n\033[J");
	screen_close(&s);
}

static void test_pause(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	report_show_keys(s.sink.report, true);
	some_rows(&s, 0);
	assert_non_null(strstr(painted(&s), "\n   60 "));
	report_pause(s.sink.report, true);
	assert_true(report_is_paused(s.sink.report));
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(
		strstr(painted(&s), "\n\033[2mpaused, sorted by opens  [q] quit [space] resume"));
	/* Intervals pass; the picture can be sorted, and is what it was. */
	some_rows(&s, 100);
	some_rows(&s, 200);
	assert_string_equal(painted(&s), "");
	report_sort_next(s.sink.report);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n   60 "));
	assert_string_equal(painted_rows(&s), "");
	/* Then the newest of them, without waiting for another one. */
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n  660 "));
	assert_null(strstr(s.got, "paused"));
	/* A pause in which no interval ends changes nothing. */
	report_pause(s.sink.report, true);
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n  660 "));
	/* Ended with rows kept on both sides. */
	report_pause(s.sink.report, true);
	some_rows(&s, 300);
	screen_close(&s);
}

/* Paused before there was anything to see. */
static void test_pause_first(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	report_show_keys(s.sink.report, true);
	report_pause(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(
		painted(&s),
		"\033[H\033[2mpaused, sorted by opens  [q] quit [space] resume [s] sort [r] "
		"reverse\033[m\033[K\n\033[J");
	some_rows(&s, 0);
	assert_string_equal(painted(&s), "");
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	screen_close(&s);
}

/* ---- failed writes ---- */

static void check_failure(struct report_options opts, int want)
{
	const struct report_start start = { "t", "v", "k", NULL, 0, NULL, 0, TS };
	const struct report_interval i = { .number = 1, .span_ns = SECOND };
	const struct drops drops = { 0 };
	struct cell cells[COUNT(fork_columns)] = { 0 };
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	assert_int_equal(report_new(&report, &opts, &err), 0);
	if (opts.format == REPORT_TABLE && !opts.layout.streaming)
		assert_int_equal(report_start(report, &start), 0);
	else
		assert_int_equal(report_start(report, &start), want);
	assert_int_equal(report_row(report, cells), 0);
	if (opts.layout.streaming)
		report_event(report, "e", TS, cells, 0, NULL, 0);
	else
		assert_int_equal(report_interval(report, &i), want);
	assert_int_equal(report_flush(report), want);
	assert_int_equal(report_event(report, "e", TS, cells, 0, NULL, 0), want);
	assert_int_equal(report_end(report, NULL, 0, &drops, TS, 1), want);
	report_free(report);
}

static void test_failures(void **state)
{
	static const enum report_format formats[] = { REPORT_TABLE, REPORT_JSON, REPORT_CSV };

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 4 * COUNT(formats); i++) {
		bool pipe_gone = i & 1, streaming = i & 2;
		struct report_options opts =
			streaming ? forks(formats[i / 4]) : opens(formats[i / 4]);
		int ends[2] = { -1, -1 };

		if (pipe_gone) {
			assert_int_equal(pipe(ends), 0);
			close(ends[0]);
		}
		opts.out = pipe_gone ? fdopen(ends[1], "w") : fopen("/dev/full", "w");
		assert_non_null(opts.out);
		check_failure(opts, pipe_gone ? -EPIPE : -ENOSPC);
		fclose(opts.out);
	}
}

static void test_failure_screen(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);

	(void)state;
	opts.screen = true;
	opts.out = fopen("/dev/full", "w");
	assert_non_null(opts.out);
	check_failure(opts, -ENOSPC);
	fclose(opts.out);
}

/* Without a buffer the write itself fails, not the flush. */
static void test_failure_unbuffered(void **state)
{
	struct report_options opts = forks(REPORT_JSON);
	struct cell cells[COUNT(fork_columns)] = { 0 };
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	(void)state;
	opts.out = fopen("/dev/full", "w");
	setvbuf(opts.out, NULL, _IONBF, 0);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	assert_int_equal(report_event(report, "e", TS, cells, ALL, NULL, 0), -ENOSPC);
	report_free(report);
	fclose(opts.out);
}

/* ---- the rest ---- */

static void test_format_parse(void **state)
{
	enum report_format format = REPORT_CSV;

	(void)state;
	assert_int_equal(report_format_parse("table", &format), 0);
	assert_int_equal(format, REPORT_TABLE);
	assert_int_equal(report_format_parse("json", &format), 0);
	assert_int_equal(format, REPORT_JSON);
	assert_int_equal(report_format_parse("csv", &format), 0);
	assert_int_equal(format, REPORT_CSV);
	assert_int_equal(report_format_parse("", &format), -EINVAL);
	assert_int_equal(report_format_parse("JSON", &format), -EINVAL);
	assert_int_equal(report_format_parse("jsonx", &format), -EINVAL);
}

static void test_drops_total(void **state)
{
	(void)state;
	assert_true(drops_total(&(struct drops){ 1, 2, 3, 4, 5, 6, 7 }) == 15);
	assert_true(drops_total(&(struct drops){ BIG, 1, 0, 1, 1, 1, 1 }) == BIG);
}

static void test_unused(void **state)
{
	struct sink s;

	(void)state;
	report_free(NULL);
	sink_open(&s, opens(REPORT_CSV));
	assert_int_equal(report_start(s.report, &(struct report_start){ 0 }), 0);
	openat_rows(&s); /* freed without an interval */
	assert_int_equal(report_end(s.report, NULL, 0, &(struct drops){ 0 }, TS, 1), 0);
	assert_string_equal(sink_text(&s), "interval,opens,failed,pid,comm\n");
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_top),
		cmocka_unit_test(test_table_empty),
		cmocka_unit_test(test_table_text_first),
		cmocka_unit_test(test_table_hostile),
		cmocka_unit_test(test_table_extremes),
		cmocka_unit_test(test_table_whole),
		cmocka_unit_test(test_timestamp),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_rate_of_no_time),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_bytes),
		cmocka_unit_test(test_rows_copied),
		cmocka_unit_test(test_totals_table),
		cmocka_unit_test(test_totals_json),
		cmocka_unit_test(test_totals_csv),
		cmocka_unit_test(test_totals_active),
		cmocka_unit_test(test_totals_alone),
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_histogram_table),
		cmocka_unit_test(test_histogram_json),
		cmocka_unit_test(test_histogram_csv),
		cmocka_unit_test(test_histogram_absent),
		cmocka_unit_test(test_can_sort),
		cmocka_unit_test(test_histogram_screen),
		cmocka_unit_test(test_json_rows),
		cmocka_unit_test(test_json_start_end),
		cmocka_unit_test(test_events_json),
		cmocka_unit_test(test_events_csv),
		cmocka_unit_test(test_events_table),
		cmocka_unit_test(test_one_type),
		cmocka_unit_test(test_unsigned_pairs),
		cmocka_unit_test(test_event_not_flushed),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_hostile_json),
		cmocka_unit_test(test_hostile_lines),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_screen_height),
		cmocka_unit_test(test_screen_terminal),
		cmocka_unit_test(test_screen_one_write),
		cmocka_unit_test(test_repaint),
		cmocka_unit_test(test_repaint_sorts),
		cmocka_unit_test(test_repaint_sorts_active),
		cmocka_unit_test(test_repaint_resized),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_pause_first),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_failure_screen),
		cmocka_unit_test(test_failure_unbuffered),
		cmocka_unit_test(test_format_parse),
		cmocka_unit_test(test_drops_total),
		cmocka_unit_test(test_unused),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
