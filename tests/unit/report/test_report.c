/* SPDX-License-Identifier: MIT */
/* A report as a whole: names of formats, and one that is not printed. */
#define _GNU_SOURCE
#include "sink.h"

#include <errno.h>

/* Names are exact and in lower case. */
static void test_names_of_formats(void **state)
{
	enum report_format format = REPORT_CSV;

	(void)state;
	assert_int_equal(report_format_parse("table", REPORT_FORMATS_COMMON, &format), 0);
	assert_int_equal(format, REPORT_TABLE);
	assert_int_equal(report_format_parse("json", REPORT_FORMATS_COMMON, &format), 0);
	assert_int_equal(format, REPORT_JSON);
	assert_int_equal(report_format_parse("csv", REPORT_FORMATS_COMMON, &format), 0);
	assert_int_equal(format, REPORT_CSV);
	assert_int_equal(report_format_parse("", REPORT_FORMATS_COMMON, &format), -EINVAL);
	assert_int_equal(report_format_parse("JSON", REPORT_FORMATS_COMMON, &format), -EINVAL);
	assert_int_equal(report_format_parse("jsonx", REPORT_FORMATS_COMMON, &format), -EINVAL);
}

/* Rows that are never printed are freed with the report. */
static void test_a_report_may_print_no_interval(void **state)
{
	struct sink s;

	(void)state;
	report_free(NULL);
	sink_open(&s, opens(REPORT_CSV));
	assert_int_equal(report_start(s.report, &(struct report_start){ 0 }), 0);
	openat_rows(&s); /* freed without an interval */
	assert_int_equal(report_end(s.report, NULL, 0, &(struct drops){ 0 }, TS, 1), 0);
	assert_string_equal(sink_text(&s), "interval,opens,failed,pid,comm\n");
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_formats),
		cmocka_unit_test(test_a_report_may_print_no_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
