/* SPDX-License-Identifier: MIT */
/* Events as lines of a table, and durations as they show them. */
#define _GNU_SOURCE
#include "sink.h"

/* Wide values shift what follows, until a column has room to spare. With a timestamp microseconds
 * come first. */
static void test_events(void **state)
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
		"exec    123456789  caf\xc3\xa9            -2        -  sh -c 'x\\ny'\n"
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
static void test_events_of_one_type(void **state)
{
	struct report_options opts = forks(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.layout.one_type = true;
	opts.layout.detail_head = "CALL";
	opts.layout.detail_escaped = true;
	sink_open(&s, opts);
	fork_events(&s);
	EVENT(&s, "call", 3, "open(\"a\\\"b\")", cell_number(1), cell_string("a\nb"), cell_null(),
	      cell_null(), cell_null(), cell_null());
	assert_string_equal(sink_text(&s),
			    "    PID  COMM             RET     LIFE  CALL\n"
			    "     12  bash               -        -\n"
			    "123456789  caf\xc3\xa9            -2        -  sh -c 'x\ny'\n"
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
	EVENT(&s, "call", 1, "x", cell_number(1), cell_null(), cell_null(), cell_null(),
	      cell_null(), cell_null());
	assert_string_equal(sink_text(&s),
			    "{\"type\":\"call\",\"ts\":1763816583.123456789,\"pid\":1}\n");
	sink_close(&s);
}

/* A column that is often wide comes behind the others, and in front of the detail. */
static void test_wide_column(void **state)
{
	static const struct column columns[] = {
		{ .key = "list", .head = "LIST", .kind = COLUMN_TEXT, .width = 6, .wide = true },
		{ .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 5 },
		{ .key = "name", .head = "NAME", .kind = COLUMN_TEXT, .width = 8 },
	};
	struct report_options opts = forks(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.layout.columns = columns;
	opts.layout.ncolumns = COUNT(columns);
	opts.layout.one_type = true;
	sink_open(&s, opts);
	assert_int_equal(report_start(s.report, &(struct report_start){ .tool = "t" }), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct cell cells[] = { cell_string(i ? "short" : "one two three four"),
					      cell_number(i == 1 ? 4294967295 : 7),
					      cell_string(i == 2 ? "much too long" : "abc") };

		assert_int_equal(report_event(s.report, "x", 0, cells, 7, "end", 3), 0);
	}
	assert_int_equal(report_flush(s.report), 0);
	assert_string_equal(sink_text(&s), "  PID  NAME      LIST    DETAIL\n"
					   "    7  abc       one two three four  end\n"
					   "4294967295  abc  short   end\n"
					   "    7  much too long  short  end\n");
	sink_close(&s);
}

/* An event is buffered until report_flush(). */
static void test_events_are_not_flushed_one_by_one(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	EVENT(&s, "fork", 1, NULL, cell_number(1), cell_null(), cell_null(), cell_null(),
	      cell_null(), cell_null());
	assert_int_equal(s.len, 0);
	assert_int_equal(report_flush(s.report), 0);
	assert_int_not_equal(s.len, 0);
	sink_close(&s);
}

/* Durations have a unit and one decimal; rounding never shows 1000.0. */
static void test_durations_are_scaled(void **state)
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
		EVENT(&s, "e", 1, NULL, cell_number(cases[i].ns));
		snprintf(want, sizeof(want), "e       %s\n", cases[i].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_events_of_one_type),
		cmocka_unit_test(test_wide_column),
		cmocka_unit_test(test_events_are_not_flushed_one_by_one),
		cmocka_unit_test(test_durations_are_scaled),
	};

	return cmocka_run_group_tests(tests, use_utc, NULL);
}
