/* SPDX-License-Identifier: MIT */
/* Lines of CSV: headings and events. Rows are in the tests of sorting, totals and histograms. */
#define _GNU_SOURCE
#include "sink.h"

/* Every line has as many fields as the heading. Those the event does not have are empty. */
static void test_events(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_CSV));
	fork_events(&s);
	assert_string_equal(
		sink_text(&s),
		"type,ts,pid,comm,argv,ret,lifetime_ns,last\n"
		"fork,1763816583.123456789,12,bash,,,,\n"
		"exec,1763816583.123456789,123456789,caf\xc3\xa9,\"sh -c a, \"\"b\"\"\\n \",-2,,\n"
		"exit,1763816583.123456789,18446744073709551615,a name wider than it,,"
		"-9223372036854775808,18446744073709551615,true\n"
		"x,1763816583.123456789,,,,,,\n");
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
