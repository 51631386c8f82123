/* SPDX-License-Identifier: MIT */
/* Totals that are not sums, and percentages, in each format. */
#define _GNU_SOURCE
#include "sink.h"

#include <errno.h>

static void share_rows(struct sink *s)
{
	const struct cell totals[] = { cell_null(), cell_null(),          cell_number(7000),
				       cell_null(), cell_number(1000000), cell_null() };

	ROW(s, cell_string("a"), cell_number(1), cell_number(700), cell_number(0),
	    cell_number(89568), cell_number(5));
	ROW(s, cell_string("b"), cell_number(2), cell_number(6300), cell_number(2),
	    cell_number(910432), cell_number(6));
	ROW(s, cell_string("c"), cell_number(0), cell_null(), cell_number(0), cell_null(),
	    cell_null());
	ROW(s, cell_string("d"), cell_number(0), cell_number(0), cell_number(0), cell_number(0),
	    cell_number(0));
	assert_int_equal(report_totals(s->report, totals, 1 << 2 | 1 << 4 | 1 << 5), 0);
}

/* Totals that are not sums appear once, and the next interval has none. */
static void test_totals_of_one_interval(void **state)
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

/* Totals follow the sums of the total record. */
static void test_totals_in_json(void **state)
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

/* CSV has rows only. */
static void test_no_totals_in_csv(void **state)
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

/* Totals are given by the caller's column numbers. Those of inactive columns are ignored. */
static void test_totals_of_active_columns(void **state)
{
	struct report_options opts = shares(REPORT_TABLE);
	const struct cell totals[] = { cell_null(), cell_null(),         cell_number(1),
				       cell_null(), cell_number(500000), cell_number(2) };
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

/* Without a text or id column there is no cell for the word TOTAL. */
static void test_total_without_its_word(void **state)
{
	struct report_options opts = shares(REPORT_TABLE);
	const struct cell totals[] = { cell_null(), cell_null(), cell_number(1) };
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

/* Tables round to a tenth of a percent; CSV has a fraction with six decimals. */
static void test_percentages(void **state)
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
		EVENT(&s, "e", 1, NULL, cell_number(cases[i / 2].ppm));
		if (csv)
			snprintf(want, sizeof(want), "e,1763816583.123456789,%s\n",
				 cases[i / 2].fraction);
		else
			snprintf(want, sizeof(want), "e       %7s\n", cases[i / 2].shown);
		assert_string_equal(sink_text(&s), want);
		sink_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals_of_one_interval),
		cmocka_unit_test(test_totals_in_json),
		cmocka_unit_test(test_no_totals_in_csv),
		cmocka_unit_test(test_totals_of_active_columns),
		cmocka_unit_test(test_total_without_its_word),
		cmocka_unit_test(test_percentages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
