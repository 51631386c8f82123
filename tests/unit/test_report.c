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
					.columns = openat_columns,
					.ncolumns = COUNT(openat_columns) };
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
	sink_open(&s, (struct report_options){
			      .columns = columns, .ncolumns = COUNT(columns), .sort = 2 });
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
	sink_open(&s, (struct report_options){
			      .columns = columns, .ncolumns = COUNT(columns), .sort = 3 });
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

		sink_open(&s, (struct report_options){ .columns = columns, .ncolumns = 2 });
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
				       .columns = sort_columns,
				       .ncolumns = COUNT(sort_columns),
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
	check_order(0, true, "ABCD");
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
	check_order(7, true, "CBAD");
}

/* Text is compared as bytes, whole, NUL and high bytes included. */
static void test_sort_bytes(void **state)
{
	static const struct column columns[] = { { .key = "t", .head = "T", .kind = COLUMN_TEXT } };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){
			      .format = REPORT_CSV, .columns = columns, .ncolumns = 1 });
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
					       .columns = sort_columns,
					       .ncolumns = COUNT(sort_columns) });
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
		"\"opens\":1319,\"failed\":87,\"rows\":3,\"shown\":2,\"dropped\":10}\n"
		"{\"type\":\"total\",\"interval\":2,\"ts\":1763816583.123456789,\"seconds\":0."
		"000000005,"
		"\"opens\":0,\"failed\":0,\"rows\":0,\"shown\":0,\"dropped\":0}\n");
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
	const struct drops drops = { BIG, 0, 1, 2 };
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_JSON));
	assert_int_equal(report_start(s.report, &start), 0);
	/* Whoever waits for the start record must see it without a flush of ours. */
	assert_int_not_equal(s.len, 0);
	assert_int_equal(report_start(s.report, &bare), 0);
	assert_int_equal(report_end(s.report, sums, 3, &drops, TS, 61 * SECOND + 1), 0);
	assert_string_equal(s.bytes, "{\"type\":\"start\",\"ts\":1763816583.123456789,\"tool\":"
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
				     "\"missed\":2},\"seconds\":61.000000001}\n");
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
					.columns = fork_columns,
					.ncolumns = COUNT(fork_columns),
					.streaming = true };
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
		struct sink s;
		char want[64];

		sink_open(&s, (struct report_options){
				      .columns = columns, .ncolumns = 1, .streaming = true });
		EVENT(&s, "e", 1, NULL, number(cases[i].ns));
		snprintf(want, sizeof(want), "e       %s\n", cases[i].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
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
	if (opts.format == REPORT_TABLE && !opts.streaming)
		assert_int_equal(report_start(report, &start), 0);
	else
		assert_int_equal(report_start(report, &start), want);
	assert_int_equal(report_row(report, cells), 0);
	if (opts.streaming)
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
	assert_true(drops_total(&(struct drops){ 1, 2, 3, 4 }) == 10);
	assert_true(drops_total(&(struct drops){ BIG, 1, 0, 1 }) == BIG);
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
		cmocka_unit_test(test_json_rows),
		cmocka_unit_test(test_json_start_end),
		cmocka_unit_test(test_events_json),
		cmocka_unit_test(test_events_csv),
		cmocka_unit_test(test_events_table),
		cmocka_unit_test(test_event_not_flushed),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_hostile_json),
		cmocka_unit_test(test_hostile_lines),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_screen_height),
		cmocka_unit_test(test_screen_terminal),
		cmocka_unit_test(test_screen_one_write),
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
