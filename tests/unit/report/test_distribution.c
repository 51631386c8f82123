/* SPDX-License-Identifier: MIT */
/* Distributions of plain counts as lines of a report. */
#define _GNU_SOURCE
#include "sink.h"

#include "log_histogram.h"

static const struct column columns[] = { { .key = "x", .head = "X", .kind = COLUMN_COUNT } };

static void check_print(const struct distribution *s, const struct distribution_nouns *nouns,
			const char *want)
{
	struct sink sink;

	sink_open(&sink, (struct report_options){ .layout.columns = columns,
						  .layout.ncolumns = COUNT(columns) });
	assert_int_equal(report_distribution(sink.report, s, distribution_mean(s), nouns), 0);
	assert_string_equal(sink_text(&sink), want);
	sink_close(&sink);
}

static const struct distribution_nouns processes = { "opens", "process", "processes" };
static const struct distribution_nouns seconds = { "opens", "second", "seconds" };

static void add_times(struct distribution *s, uint64_t value, unsigned times)
{
	while (times--)
		distribution_add(s, value);
}

static void test_print(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	check_print(&s, &processes, "Opens per process: 0 processes\n");
	add_times(&s, 1, 10);
	add_times(&s, 3, 5);
	add_times(&s, 9, 1);
	check_print(&s, &processes,
		    "Opens per process: 16 processes, mean 2.1, p50 1, p99 9, max 9\n"
		    "     1  10 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n"
		    "   2-3   5 |@@@@@@@@@@@@@@@@@@@@                    |\n"
		    "   4-7   0 |                                        |\n"
		    "  8-15   1 |@@@@                                    |\n");
}

static void test_print_one(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	distribution_add(&s, 1000);
	check_print(&s, &seconds,
		    "Opens per second: 1 second, mean 1000.0, p50 1000, p99 1000, max 1000\n");
	memset(&s, 0, sizeof(s));
	add_times(&s, 0, 2);
	check_print(&s, &seconds,
		    "Opens per second: 2 seconds, mean 0.0, p50 0, p99 0, max 0\n"
		    "  0  2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n");
}

static void test_print_largest(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	add_times(&s, UINT64_MAX, 2);
	check_print(&s, &seconds,
		    "Opens per second: 2 seconds, mean 9223372036854775808.0, p50 "
		    "18446744073709551615, "
		    "p99 18446744073709551615, max 18446744073709551615\n"
		    "  9223372036854775808-18446744073709551615  2 "
		    "|@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_one),
		cmocka_unit_test(test_print_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
