/* SPDX-License-Identifier: MIT */
/* Options of bcc-fork that would do nothing are wrong usage. */
#define _GNU_SOURCE
#include "usage.h"

#include "event_line.h"
#include "fork_options.h"

static const struct tool tool = {
	.name = "bcc-fork",
	.options = &fork_options,
	.layout = { .columns = fork_columns, .ncolumns = FORK_COLUMNS, .streaming = true },
};

/* There are reports only with --summary, and lines only without. */
static void test_summary(void **state)
{
	static const struct usage lines[] = {
		{ "-i 1", "--interval needs --summary" },
		{ "-i 0", "--interval needs --summary" },
		{ "--top 3", "--top needs --summary" },
		{ "--summary -i 1 --top 3 -x -T", NULL },
		{ "--summary -E thread --host-pids", NULL },
		{ "--summary --tree", "--summary and --tree exclude each other" },
		{ "--summary --lineage", "--summary and --lineage exclude each other" },
		{ "--rusage --summary", "--summary and --rusage exclude each other" },
		{ "--summary --max-args 9", "--summary and --max-args exclude each other" },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

/* A part of a line needs an event that has it. */
static void test_events(void **state)
{
	static const struct usage lines[] = {
		{ "--rusage -E fork", "--rusage is about exits, and --event 'fork'" },
		{ "-E fork -E exec,thread --rusage",
		  "--rusage is about exits, and --event 'fork,exec,thread'" },
		{ "--rusage -E fork -- true", "--rusage is about exits" },
		{ "--rusage -E fork,exit", NULL },
		{ "--rusage", NULL },
		{ "--max-args 9 -E exit", "--max-args is about execs, and --event 'exit'" },
		{ "--max-args 9 -E exit -o json -- true", "--max-args is about execs" },
		{ "--max-args 9 -E exit -- true", NULL }, /* the tree shows arguments */
		{ "--max-args 9 -E exit -x", NULL },
		{ "--max-args 9 -E exec", NULL },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

static void test_formats(void **state)
{
	static const struct usage lines[] = {
		{ "--tree -o json", "--tree: only a table" },
		{ "--tree -o csv", "--tree: only a table" },
		{ "--tree -E exec", NULL },
		{ "--lineage -o json", NULL },
		{ "-T -o csv", NULL },
		{ "--summary -T -o csv", NULL },
		{ "--no-clear -o json", NULL },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
