/* SPDX-License-Identifier: MIT */
/* No two columns of a report of bcc-openat have the same heading. */
#define _GNU_SOURCE
#include "headings.h"

#include "counts.h"
#include "event_line.h"

static void test_rows(void **state)
{
	const struct report_layout layout = { .columns = openat_columns,
					      .ncolumns = OPENAT_COLUMNS };

	(void)state;
	check_headings(&layout, "OPENS");
}

static void test_stream(void **state)
{
	const struct report_layout layout = open_event_layout(REPORT_TABLE);

	(void)state;
	check_headings(&layout, "TIME");
	check_headings(&layout, "TOOK");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
