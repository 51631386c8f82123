/* SPDX-License-Identifier: MIT */
/* Records of JSON: start, rows and totals, events, end. */
#define _GNU_SOURCE
#include "sink.h"

/* A row record for each row shown, then a total over all rows. */
static void test_rows_and_totals(void **state)
{
	struct report_options opts = opens(REPORT_JSON);
	struct sink s;

	(void)state;
	opts.top = 2;
	sink_open(&s, opts);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { 1, 2, 3, 4 }, .span_ns = 1000000007 });
	interval(&s, (struct report_interval){ .number = 2, .span_ns = 5 });
	assert_string_equal(
		sink_text(&s),
		"{\"type\":\"row\",\"interval\":1,\"opens\":1234,\"failed\":7,\"pid\":31337,"
		"\"comm\":\"cc1\"}\n"
		"{\"type\":\"row\",\"interval\":1,\"opens\":80,\"failed\":80,\"pid\":42,"
		"\"comm\":\"a rather long name\"}\n"
		"{\"type\":\"total\",\"interval\":1,\"ts\":1763816583.123456789,\"seconds\":1."
		"000000007,"
		"\"opens\":1319,\"failed\":87,\"rows\":3,\"shown\":2,\"dropped\":10,\"untimed\":0}"
		"\n"
		"{\"type\":\"total\",\"interval\":2,\"ts\":1763816583.123456789,\"seconds\":0."
		"000000005,"
		"\"opens\":0,\"failed\":0,\"rows\":0,\"shown\":0,\"dropped\":0,\"untimed\":0}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

/* The start record is flushed at once. Counters keep their order, and unknown ones are null. */
static void test_start_and_end(void **state)
{
	static const char *const hooks[] = { "kprobe:__x64_sys_openat",
					     "tracepoint:sched:sched_process_fork" };
	static const char *const filters[][2] = { { "pid", "12,13" }, { "name", "a\"*\n" } };
	const struct report_start start = { .tool = "bcc-fork",
					    .version = "1.0",
					    .kernel = "6.1.0",
					    .hooks = hooks,
					    .nhooks = 2,
					    .filters = filters,
					    .nfilters = 2,
					    .ts_ns = TS };
	static const char *const without[] = { "files", "uring" };
	const struct report_start bare = {
		.tool = "t", .version = "0", .kernel = "k", .without = without, .nwithout = 2
	};
	const struct report_end_counter counters[] = { { "forks", BIG, false },
						       { "threads", 0, false },
						       { "execs", 9, true } };
	const struct drops drops = { BIG, 0, 1, 2, 3, 4, 5 };
	struct sink s;

	(void)state;
	sink_open(&s, opens(REPORT_JSON));
	assert_int_equal(report_start(s.report, &start), 0);
	/* Whoever waits for the start record must see it without a flush of ours. */
	assert_int_not_equal(s.len, 0);
	assert_int_equal(report_start(s.report, &bare), 0);
	assert_int_equal(report_end(s.report, counters, 3, &drops, TS, 61 * SECOND + 1), 0);
	assert_string_equal(s.bytes,
			    "{\"type\":\"start\",\"ts\":1763816583.123456789,\"tool\":"
			    "\"bcc-fork\",\"version\":\"1.0\","
			    "\"kernel\":\"6.1.0\",\"hooks\":[\"kprobe:__x64_sys_openat\","
			    "\"tracepoint:sched:sched_process_fork\"],"
			    "\"filters\":{\"pid\":\"12,13\",\"name\":\"a\\\"*\\n\"}}\n"
			    "{\"type\":\"start\",\"ts\":0.000000000,\"tool\":\"t\","
			    "\"version\":\"0\",\"kernel\":\"k\","
			    "\"hooks\":[],\"filters\":{},\"without\":[\"files\",\"uring\"]}\n"
			    "{\"type\":\"end\",\"ts\":1763816583.123456789,\"forks\":"
			    "18446744073709551615,\"threads\":0,"
			    "\"execs\":null,\"dropped\":{\"map_full\":"
			    "18446744073709551615,\"buffer\":0,\"unmatched\":1,"
			    "\"missed\":2,\"unread\":3},\"untimed\":4,\"seconds\":61.000000001}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

/* An event has the fields of its type and no others. */
static void test_events(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	fork_events(&s);
	assert_string_equal(
		sink_text(&s),
		"{\"type\":\"start\",\"ts\":1763816583.123456789,\"tool\":\"t\",\"version\":\"v\","
		"\"kernel\":\"k\",\"hooks\":[],\"filters\":{}}\n"
		"{\"type\":\"fork\",\"ts\":1763816583.123456789,\"pid\":12,\"comm\":\"bash\"}\n"
		"{\"type\":\"exec\",\"ts\":1763816583.123456789,\"pid\":123456789,\"comm\":"
		"\"caf\xc3\xa9\","
		"\"argv\":[\"sh\",\"-c\",\"a, \\\"b\\\"\\n\",null],\"ret\":-2}\n"
		"{\"type\":\"exit\",\"ts\":1763816583.123456789,\"pid\":18446744073709551615,"
		"\"comm\":\"a name wider than it\",\"argv\":[],\"ret\":-9223372036854775808,"
		"\"lifetime_ns\":18446744073709551615,\"last\":true}\n"
		"{\"type\":\"x\",\"ts\":1763816583.123456789}\n");
	check_json_lines(s.bytes);
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_and_totals),
		cmocka_unit_test(test_start_and_end),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
