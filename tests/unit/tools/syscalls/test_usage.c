/* SPDX-License-Identifier: MIT */
/* Options of bcc-syscalls that would do nothing are wrong usage. */
#define _GNU_SOURCE
#include "usage.h"

#include "counts.h"
#include "syscalls_options.h"

static const struct tool tool = {
	.name = "bcc-syscalls",
	.options = &syscalls_options,
	.layout = { .columns = syscalls_columns,
		    .ncolumns = SYSCALLS_COLUMNS,
		    .sort_key = "calls" },
};

/* --list prints names: nothing about tasks, times and columns. */
static void test_list(void **state)
{
	static const struct usage lines[] = {
		{ "--list", NULL },
		{ "-l -e %file -o json -q --no-cache --no-clear", NULL },
		{ "-l -p 1", "--list and --pid exclude each other" },
		{ "-n x -l", "--list and --name exclude each other" },
		{ "-l -x", "--list and --failed exclude each other" },
		{ "-l --errno 2", "--list and --errno exclude each other" },
		{ "-l --by errno", "--list and --by exclude each other" },
		{ "-l -L", "--list and --latency exclude each other" },
		{ "-l --stream", "--list and --stream exclude each other" },
		{ "-l --top 3", "--list and --top exclude each other" },
		{ "-l -s calls", "--list and --sort exclude each other" },
		{ "-l -T", "--list and --timestamp exclude each other" },
		{ "-l -i 1", "--list and --interval exclude each other" },
		{ "-l -d 1", "--list and --duration exclude each other" },
		{ "-l --stats", "--list and --stats exclude each other" },
		{ "-l --check", "--check and --list exclude each other" },
		{ "-l --ebpf", "--ebpf and --list exclude each other" },
		{ "-l -- true", "--list and a COMMAND exclude each other" },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

static void test_rows(void **state)
{
	static const struct usage lines[] = {
		{ "--histogram", "--histogram needs --latency" },
		{ "--buffer 8", "--buffer needs --stream" },
		{ "--stream --buffer 8", NULL },
		{ "--stream --cumulative", "--stream and --cumulative exclude each other" },
		{ "--stream -i 0", "--stream and --interval exclude each other" },
		{ "-T -o csv", "--timestamp: rows of csv have no time" },
		{ "-T -o json", NULL },
		{ "--no-clear -o csv", NULL },
		{ "--cumulative -i 0", NULL },
	};

	(void)state;
	check_usage(&tool, lines, COUNT(lines));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
