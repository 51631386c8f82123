/* SPDX-License-Identifier: MIT */
/* Command lines that are accepted: what each option does. */
#define _GNU_SOURCE
#include "options_lines.h"

/* Without options a tool reports each second, as a table, and traces everything. */
static void test_defaults(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, NULL);
	assert_int_equal(l.r, 0);
	assert_true(l.options.interval_ns == NS_PER_S);
	assert_true(l.options.duration_ns == 0);
	assert_int_equal(l.options.report.format, REPORT_TABLE);
	assert_int_equal(l.options.report.top, 0);
	assert_int_equal(l.options.report.sort, 2);
	assert_false(l.options.report.ascending);
	assert_int_equal(l.options.verbose, 0);
	assert_int_equal(l.options.filter.cgroup, -1);
	assert_null(l.options.filter.name);
	assert_null(l.options.command);
	assert_int_equal(l.options.ngiven, 0);
	assert_false(l.options.report.timestamp || l.options.no_clear || l.options.stats ||
		     l.options.check || l.options.ebpf || l.options.quiet || l.options.help ||
		     l.options.version);
	assert_false(filter_follows(&l.options.filter));
	line_clear(&l);
}

/* Values arrive where they belong. */
static void test_values(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-i0", "-d", "100000000", "-ocsv", "--top", "2147483647", "-s",
	      "-COMM", "--no-clear", "--stats", "-v", "-v", "-l", "low", "--level=high", "--flag",
	      "--flag");
	check_accepted(&l);
	assert_true(l.options.interval_ns == 0);
	assert_true(l.options.duration_ns == 100000000ULL * NS_PER_S);
	assert_int_equal(l.options.report.format, REPORT_CSV);
	assert_int_equal(l.options.report.top, INT32_MAX);
	assert_int_equal(l.options.report.sort, 3);
	assert_true(l.options.report.ascending && l.options.no_clear && l.options.stats);
	assert_int_equal(l.options.verbose, 2);
	assert_string_equal(l.own.level, "high");
	assert_int_equal(l.own.flags, 2);
	line_clear(&l);

	/* The last one counts; letters may be put together. */
	PARSE(&l, &reporting, "-s-errors", "-s", "calls", "-i", "5", "-i", "0.000000001", "-Tqd3");
	check_accepted(&l);
	assert_int_equal(l.options.report.sort, 0);
	assert_false(l.options.report.ascending);
	assert_true(l.options.interval_ns == 1);
	assert_true(l.options.report.timestamp && l.options.quiet);
	assert_true(l.options.duration_ns == 3ULL * NS_PER_S);
	line_clear(&l);

	PARSE(&l, &reporting, "-h");
	assert_true(l.options.help);
	line_clear(&l);
	PARSE(&l, &reporting, "--version", "--check");
	assert_true(l.options.version && l.options.check);
	line_clear(&l);
	PARSE(&l, &reporting, "--ebpf", "--no-cache", "--clear-cache");
	assert_true(l.options.ebpf && l.options.no_cache && l.options.clear_cache);
	line_clear(&l);
}

/* Filters arrive in struct filter, and as they were given for the start record. */
static void test_filters(void **state)
{
	char three[64], two[40];
	struct line l;

	(void)state;
	snprintf(two, sizeof(two), "%s,%s", self, self);
	PARSE(&l, &reporting, "-p", two, "-p", self, "--ppid", two, "-u", "root,7", "-u",
	      "4294967294", "-n", "py*", "--descendants");
	check_accepted(&l);
	/* Each id once, however often it is given. */
	assert_int_equal(l.options.filter.ids[FILTER_PIDS].count, 1);
	assert_int_equal(l.options.filter.ids[FILTER_PIDS].ids[0], getpid());
	assert_int_equal(l.options.filter.ids[FILTER_PPIDS].count, 1);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].count, 3);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[0], 0);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[1], 7);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].ids[2], 4294967294);
	assert_string_equal(l.options.filter.name, "py*");
	assert_true(l.options.filter.descendants && filter_follows(&l.options.filter));
	/* As they were given, in order, what came twice joined. */
	snprintf(three, sizeof(three), "%s,%s", two, self);
	assert_int_equal(l.options.ngiven, 5);
	assert_string_equal(l.options.given[0][0], "pid");
	assert_string_equal(l.options.given[0][1], three);
	assert_string_equal(l.options.given[2][0], "uid");
	assert_string_equal(l.options.given[2][1], "root,7,4294967294");
	assert_string_equal(l.options.given[3][0], "name");
	assert_string_equal(l.options.given[3][1], "py*");
	assert_string_equal(l.options.given[4][0], "descendants");
	assert_string_equal(l.options.given[4][1], "");
	line_clear(&l);
	PARSE(&l, &reporting, "-t", self, "-p", self, "-t", self);
	check_accepted(&l);
	assert_int_equal(l.options.filter.ids[FILTER_TIDS].count, 1);
	assert_int_equal(l.options.ngiven, 2);
	line_clear(&l);
}

/* The last cgroup counts, and its descriptor is closed. */
static void test_cgroup(void **state)
{
	struct line l;

	(void)state;
	if (!cgroup[0])
		skip();
	PARSE(&l, &reporting, "-c", cgroup, "--cgroup", ".");
	check_accepted(&l);
	assert_true(l.options.filter.cgroup >= 0);
	line_clear(&l);
	assert_int_equal(l.options.filter.cgroup, -1);
}

/* However often a filter is given, all of it counts, and the report has it once. */
static void test_many_filters(void **state)
{
	const char *words[2 * FILTER_PAIRS_MAX + 5] = { NULL };
	char users[FILTER_PAIRS_MAX + 2][8];
	struct line l;

	(void)state;
	for (size_t i = 0; i < FILTER_PAIRS_MAX + 2; i++) {
		words[2 * i] = "-u";
		snprintf(users[i], sizeof(users[i]), "%zu", 100 - i);
		words[2 * i + 1] = users[i];
	}
	parse_list(&l, &reporting, words);
	check_accepted(&l);
	assert_int_equal(l.options.filter.ids[FILTER_UIDS].count, FILTER_PAIRS_MAX + 2);
	assert_int_equal(l.options.ngiven, 1);
	line_clear(&l);
}

/* All that follows -- is the COMMAND, whatever it looks like. */
static void test_command(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-T", "--", "ls", "-l", "--top", "none", "--", "-Z");
	check_accepted(&l);
	assert_true(l.options.report.timestamp);
	assert_ptr_equal(l.options.command, &l.argv[3]);
	assert_string_equal(l.options.command[0], "ls");
	assert_string_equal(l.options.command[5], "-Z");
	assert_null(l.options.command[6]);
	assert_true(l.options.filter.has_command && filter_follows(&l.options.filter));
	assert_int_equal(l.options.report.top, 0);
	line_clear(&l);

	PARSE(&l, &reporting, "--", "--");
	check_accepted(&l);
	assert_string_equal(l.options.command[0], "--");
	line_clear(&l);
}

/* A second command line is not read where the first one ended. */
static void test_again(void **state)
{
	struct line l;

	(void)state;
	PARSE(&l, &reporting, "-qTZ", "-d", "1");
	assert_int_equal(l.r, -EINVAL);
	line_clear(&l);
	PARSE(&l, &reporting, "-T");
	check_accepted(&l);
	assert_true(l.options.report.timestamp);
	assert_false(l.options.quiet);
	line_clear(&l);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),     cmocka_unit_test(test_values),
		cmocka_unit_test(test_filters),      cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_many_filters), cmocka_unit_test(test_command),
		cmocka_unit_test(test_again),
	};

	find_values();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
