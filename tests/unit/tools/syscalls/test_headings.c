/* SPDX-License-Identifier: MIT */
/* No two columns of a report of bcc-syscalls have the same heading. */
#define _GNU_SOURCE
#include "headings.h"

#include "counts.h"
#include "event_line.h"

static void test_rows(void **state)
{
	const struct report_layout layout = { .columns = syscalls_columns,
					      .ncolumns = SYSCALLS_COLUMNS };

	(void)state;
	check_headings(&layout, "CALLS");
}

static void test_stream(void **state)
{
	(void)state;
	check_headings(&call_event_layout, "TIME");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
