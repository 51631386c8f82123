/* SPDX-License-Identifier: MIT */
/* Options of bcc-openat that would do nothing, or match nothing, are wrong usage. */
#define _GNU_SOURCE
#include "usage.h"

#include "counts.h"
#include "openat_options.h"

static const struct tool tool = {
	.name = "bcc-openat",
	.options = &openat_options,
	.layout = { .columns = openat_columns, .ncolumns = OPENAT_COLUMNS, .sort_key = "opens" },
};

static void test_no_open_matches(void **state)
{
	static const struct usage lines[] = {
		{ "-w --flags O_RDONLY", "--write and --flags 'O_RDONLY' exclude each other" },
		{ "-w --flags rdonly -x", "--write and --flags 'rdonly' exclude each other" },
		{ "-w --flags O_RDONLY,O_TRUNC", NULL },
		{ "-w --flags O_RDWR", NULL },
		{ "--flags O_RDONLY", NULL },
		{ "--path [z-a]", "--path: '[z-a]' can match no path" },
		{ "--path x*[z-a]", "--path: 'x*[z-a]' can match no path" },
		{ "--path [!z-a]", NULL },
		{ "--path ''", NULL }, /* open("") fails with ENOENT, and can be counted */
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

static void test_does_nothing(void **state)
{
	static const struct usage lines[] = {
		{ "-F", "--full-path needs --stream" },
		{ "-F --by path", NULL },
		{ "-F --path /* --stream", NULL },
		{ "--histogram", "--histogram needs --latency" },
		{ "--buffer 8", "--buffer needs --stream" },
		{ "--stream --distinct", "--stream and --distinct exclude each other" },
		{ "--stream --top 3", "--stream and --top exclude each other" },
		{ "-T -o csv", "--timestamp: rows of csv have no time" },
		{ "--by path --distinct", NULL }, /* the total says how many */
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

/* A column goes by its heading or its key, in any case. */
static void test_sort(void **state)
{
	static const struct usage lines[] = {
		{ "-s FAIL%", NULL },
		{ "-s fail%", NULL },
		{ "-s failed_share", NULL },
		{ "-s -Time", NULL },
		{ "-s total_ns", NULL },
		{ "-s timed", NULL },
		{ "-s PATH", NULL },
		{ "-s paths", NULL },
		{ "-s start_ts", NULL },
		{ "-s OPENS/s", "--sort: 'OPENS/s' is not a column of this report (there are: "
				"OPENS, FAILED, FAIL%, PATHS, timed, TIME" },
		{ "-s pat", "--sort: 'pat' is not a column" },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_open_matches),
		cmocka_unit_test(test_does_nothing),
		cmocka_unit_test(test_sort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
