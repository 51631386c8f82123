/* SPDX-License-Identifier: MIT */
/* Tables of rows: order, sums, rates, hidden rows, drops, time. */
#define _GNU_SOURCE
#include "sink.h"

/* The largest rows come first; counts and rates have a total, ids have none. */
static void test_rows_are_sorted_and_summed(void **state)
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

/* The total covers all rows. A line says how many are hidden, another what was dropped. */
static void test_hidden_rows_and_drops_are_told(void **state)
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
	assert_string_equal(
		sink_text(&s),
		"OPENS  OPENS/s  FAILED    PID  COMM\n"
		" 1234     1234       7  31337  cc1\n"
		" 1319     1319      87         TOTAL\n"
		"(1 of 3 rows shown)\n"
		"dropped 12: table full 12 (filter more, or count by fewer keys)\n"
		"\n"
		"OPENS  OPENS/s  FAILED    PID  COMM\n"
		" 1234     1234       7  31337  cc1\n"
		" 1319     1319      87         TOTAL\n"
		"(1 of 3 rows shown)\n"
		"dropped 10: table full 1 (filter more, or count by fewer keys), buffer full 2 "
		"(raise --buffer, or filter more), return not seen 3 (see unmatched in the "
		"manual page), skipped by the kernel 4 (see missed in the manual page)\n"
		"\n");
	sink_close(&s);
}

/* Without rows there is still a heading and a total. */
static void test_an_interval_may_have_no_rows(void **state)
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

/* Columns without a heading are left out, and unknown cells are "-". */
static void test_total_stands_under_text_in_front(void **state)
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
	ROW(&s, cell_string("read"), cell_string("sh"), cell_number(3), cell_number(12345),
	    cell_number(1));
	ROW(&s, cell_string("openat"), cell_null(), cell_number(20), cell_null(), cell_number(1));
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "SYSCALL  COMM  CALLS     AVG\n"
					   "openat   -        20       -\n"
					   "read     sh        3  12.3us\n"
					   "TOTAL             23\n"
					   "\n");
	sink_close(&s);
}

/* Sums stop at the largest number instead of wrapping. */
static void test_largest_numbers(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, cell_number(BIG), cell_null(), cell_number(1), cell_number(BIG), cell_string("a"));
	ROW(&s, cell_number(1), cell_null(), cell_number(0), cell_number(0), cell_string(""));
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
static void test_appended_tables_are_not_cut(void **state)
{
	char name[301];
	struct sink s;

	(void)state;
	memset(name, 'n', 300);
	name[300] = '\0';
	setenv("COLUMNS", "20", 1);
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, cell_number(1), cell_null(), cell_number(0), cell_number(0), cell_string(name));
	interval(&s, (struct report_interval){ 0 });
	assert_non_null(strstr(sink_text(&s), name));
	sink_close(&s);
	unsetenv("COLUMNS");
}

/* With a timestamp the time of day stands in a line of its own. */
static void test_time_above_a_table(void **state)
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

/* Rates below 100 have one decimal; larger ones are rounded to a whole number. */
static void test_rates_have_three_digits(void **state)
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
		ROW(&s, cell_number(cases[i].count), cell_null());
		interval(&s, (struct report_interval){ .span_ns = cases[i].span });
		snprintf(want, sizeof(want), "%*s\n%*s\n%*s\n\n", width, "N/s", width,
			 cases[i].shown, width, cases[i].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

/* An interval of no length has no rates. */
static void test_no_rate_without_time(void **state)
{
	struct report_interval none = { .number = 1, .ts_ns = TS };
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_TABLE));
	ROW(&s, cell_number(4), cell_null(), cell_null(), cell_number(1), cell_null());
	ROW(&s, cell_null(), cell_null(), cell_null(), cell_number(1), cell_null());
	assert_int_equal(report_interval(s.report, &none), 0);
	assert_string_equal(sink_text(&s), "OPENS  OPENS/s  FAILED  PID  COMM\n"
					   "    4        -       -    1  -\n"
					   "    -        -       -    1  -\n"
					   "    4        -       0       TOTAL\n"
					   "\n");
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_sorted_and_summed),
		cmocka_unit_test(test_hidden_rows_and_drops_are_told),
		cmocka_unit_test(test_an_interval_may_have_no_rows),
		cmocka_unit_test(test_total_stands_under_text_in_front),
		cmocka_unit_test(test_largest_numbers),
		cmocka_unit_test(test_appended_tables_are_not_cut),
		cmocka_unit_test(test_time_above_a_table),
		cmocka_unit_test(test_rates_have_three_digits),
		cmocka_unit_test(test_no_rate_without_time),
	};

	return cmocka_run_group_tests(tests, use_utc, NULL);
}
