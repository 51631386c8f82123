/* SPDX-License-Identifier: MIT */
/* No two columns of a report of bcc-fork have the same heading. */
#define _GNU_SOURCE
#include "headings.h"

#include "event_line.h"

static void test_events(void **state)
{
	const struct report_layout layout = { .columns = fork_columns,
					      .ncolumns = FORK_COLUMNS,
					      .streaming = true };

	(void)state;
	check_headings(&layout, "TIME");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
