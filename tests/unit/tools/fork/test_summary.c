/* SPDX-License-Identifier: MIT */
/* A period in numbers: records in, a text or records out. */
#define _GNU_SOURCE
#include "unit.h"

#include "fork_records.h"
#include "summary.h"

static struct fork_summary *begin(bool host_pids)
{
	struct fork_summary *summary = NULL;

	assert_int_equal(fork_summary_new(&summary, host_pids), 0);
	return summary;
}

static void forks(struct fork_summary *s, uint32_t ppid, const char *comm, int times)
{
	struct fork_birth birth = birth_of(1, 2000, ppid, comm);

	while (times--)
		assert_int_equal(fork_summary_note(s, &birth.head), 0);
}

static void ends(struct fork_summary *s, uint32_t pid, uint64_t lifetime_ns, uint32_t status)
{
	struct fork_exit_usage end = end_of(1, pid, "x", lifetime_ns, status);

	assert_int_equal(fork_summary_note(s, &end.exit.head), 0);
}

static void note(struct fork_summary *s, enum fork_type type, int32_t ret)
{
	struct fork_exec exec = { .head = head_of(type, 1, 30, 20, "x"), .ret = ret };

	assert_int_equal(fork_summary_note(s, &exec.head), 0);
}

static void check(struct fork_summary *s, enum report_format format,
		  const struct fork_period *period, const char *want)
{
	struct sink sink;

	sink_open(&sink, format);
	assert_int_equal(fork_summary_report(s, sink.report, period), 0);
	assert_string_equal(sink_text(&sink), want);
	sink_close(&sink);
}

static const struct fork_period two_seconds = { .ts_ns = 1700000000 * SECOND + 5,
						.span_ns = 2 * SECOND };

static void fill(struct fork_summary *s)
{
	struct fork_exit_usage thread = end_of(1, 31, "x", 1, 7 << 8);
	struct fork_birth birth = birth_of(1, 20, 20, "a");

	forks(s, 20, "a", 2);
	forks(s, 21, "b\n\xff", 5);
	/* The same process after an exec is another program. */
	forks(s, 20, "c", 1);
	/* Threads and their ends are counted, and in no list. */
	birth.head.type = FORK_THREAD;
	assert_int_equal(fork_summary_note(s, &birth.head), 0);
	thread.exit.last = 0;
	assert_int_equal(fork_summary_note(s, &thread.exit.head), 0);
	note(s, FORK_EXEC, 0);
	note(s, FORK_EXEC, 0);
	note(s, FORK_EXEC, -2);
	ends(s, 40, 3 * SECOND, 0);
	ends(s, 41, SECOND, 3 << 8);
	ends(s, 42, 2 * SECOND, 3 << 8);
	ends(s, 43, 2 * SECOND, 9);
	ends(s, 44, SECOND / 2, 11 | 0x80);
	ends(s, 45, 4 * SECOND, 255 << 8);
	ends(s, 46, SECOND / 4, 40);
}

static void test_text(void **state)
{
	struct fork_summary *s = begin(false);

	(void)state;
	fill(s);
	check(s, REPORT_TABLE, &two_seconds,
	      "\nIn 2.000 s: 8 forks (4.0/s), 1 thread (0.5/s), 2 execs (1.0/s), 8 exits (4.0/s), "
	      "1 failed exec (0.5/s)\n"
	      "\n    FORKS  BY\n"
	      "        5  b\\n\\xff (21)\n"
	      "        2  a (20)\n"
	      "        1  c (20)\n"
	      "\n    LIVED  SHORTEST\n"
	      "  250.0ms  x (46)\n"
	      "  500.0ms  x (44)\n"
	      "     1.0s  x (41)\n"
	      "     2.0s  x (42)\n"
	      "     2.0s  x (43)\n"
	      "\n    EXITS  NOT WITH 0\n"
	      "        2  code 3\n"
	      "        1  code 255\n"
	      "        1  SIGKILL\n"
	      "        1  SIGSEGV\n"
	      "        1  SIGRTMIN+6\n");
	/* It begins anew, and an empty period has no lists and no division by nothing. */
	check(s, REPORT_TABLE, &(struct fork_period){ 0 },
	      "\nIn 0.000 s: 0 forks (0.0/s), 0 threads (0.0/s), 0 execs (0.0/s), 0 exits "
	      "(0.0/s)\n");
	fork_summary_free(s);
	fork_summary_free(NULL);
}

static void test_time_of_day(void **state)
{
	struct fork_summary *s = begin(false);
	struct fork_period period = two_seconds;

	(void)state;
	setenv("TZ", "UTC", 1);
	period.timestamp = true;
	check(s, REPORT_TABLE, &period,
	      "\n22:13:20\nIn 2.000 s: 0 forks (0.0/s), 0 threads (0.0/s), 0 execs (0.0/s), 0 "
	      "exits (0.0/s)\n");
	fork_summary_free(s);
}

#define TS "\"ts\":1700000000.000000005"

static void test_records(void **state)
{
	struct fork_summary *s = begin(false);
	struct fork_period period = two_seconds;

	(void)state;
	period.top = 1;
	period.failures = true;
	fill(s);
	check(s, REPORT_JSON, &period,
	      "{\"type\":\"summary\"," TS
	      ",\"forks\":8,\"threads\":1,\"execs\":2,\"exec_failures\":1,\"exits\":8,"
	      "\"span_ns\":2000000000}\n"
	      "{\"type\":\"forker\"," TS
	      ",\"pid\":21,\"comm\":\"b\\n\\\\xff\",\"comm_bytes\":\"620aff\",\"forks\":5}\n"
	      "{\"type\":\"shortest\"," TS ",\"pid\":46,\"comm\":\"x\",\"lifetime_ns\":250000000}\n"
	      "{\"type\":\"shortest\"," TS ",\"pid\":44,\"comm\":\"x\",\"lifetime_ns\":500000000}\n"
	      "{\"type\":\"shortest\"," TS
	      ",\"pid\":41,\"comm\":\"x\",\"lifetime_ns\":1000000000}\n"
	      "{\"type\":\"shortest\"," TS
	      ",\"pid\":42,\"comm\":\"x\",\"lifetime_ns\":2000000000}\n"
	      "{\"type\":\"shortest\"," TS
	      ",\"pid\":43,\"comm\":\"x\",\"lifetime_ns\":2000000000}\n"
	      "{\"type\":\"status\"," TS ",\"code\":0,\"signal\":null,\"count\":1}\n"
	      "{\"type\":\"status\"," TS ",\"code\":3,\"signal\":null,\"count\":2}\n"
	      "{\"type\":\"status\"," TS ",\"code\":255,\"signal\":null,\"count\":1}\n"
	      "{\"type\":\"status\"," TS ",\"code\":null,\"signal\":\"SIGKILL\",\"count\":1}\n"
	      "{\"type\":\"status\"," TS ",\"code\":null,\"signal\":\"SIGSEGV\",\"count\":1}\n"
	      "{\"type\":\"status\"," TS ",\"code\":null,\"signal\":\"SIGRTMIN+6\",\"count\":1}\n");
	/* Failures that were not looked for are not none. */
	check(s, REPORT_JSON, &two_seconds,
	      "{\"type\":\"summary\"," TS
	      ",\"forks\":0,\"threads\":0,\"execs\":0,\"exec_failures\":null,\"exits\":0,"
	      "\"span_ns\":2000000000}\n");
	fork_summary_free(s);
}

/* The ids of the initial namespace, also after it began anew. */
static void test_host_pids(void **state)
{
	struct fork_summary *s = begin(true);

	(void)state;
	for (int i = 0; i < 2; i++) {
		forks(s, 20, "a", 1);
		ends(s, 41, SECOND, 0);
		check(s, REPORT_TABLE, &two_seconds,
		      "\nIn 2.000 s: 1 fork (0.5/s), 0 threads (0.0/s), 0 execs (0.0/s), 1 exit "
		      "(0.5/s)\n"
		      "\n    FORKS  BY\n        1  a (1020)\n"
		      "\n    LIVED  SHORTEST\n     1.0s  x (1041)\n");
	}
	fork_summary_free(s);
}

/* Most lives are far shorter than a second: the unit is the one whose digits say something. */
static void test_units(void **state)
{
	struct fork_summary *s = begin(false);
	struct sink sink;

	(void)state;
	ends(s, 1, 900, 0);
	ends(s, 2, 23456, 0);
	ends(s, 3, 23556, 0);
	ends(s, 4, 1234567, 0);
	ends(s, 5, 3600 * SECOND, 0);
	sink_open(&sink, REPORT_TABLE);
	assert_int_equal(fork_summary_report(s, sink.report, &two_seconds), 0);
	assert_non_null(strstr(sink_text(&sink), "\n    LIVED  SHORTEST\n"
						 "    900ns  x (1)\n"
						 "   23.5us  x (2)\n"
						 "   23.6us  x (3)\n"
						 "    1.2ms  x (4)\n"
						 "  3600.0s  x (5)\n"));
	sink_close(&sink);
	fork_summary_free(s);
}

static void test_ten_who_fork_most(void **state)
{
	struct fork_summary *s = begin(false);
	struct sink sink;

	(void)state;
	for (uint32_t pid = 1; pid <= 23; pid++)
		forks(s, pid, "x", (int)pid);
	sink_open(&sink, REPORT_TABLE);
	assert_int_equal(fork_summary_report(s, sink.report, &two_seconds), 0);
	assert_non_null(strstr(sink_text(&sink), "BY\n       23  x (23)\n       22  x (22)\n"));
	assert_non_null(strstr(sink_text(&sink), "       14  x (14)\n  (10 of 23 who forked)\n"));
	sink_close(&sink);
	fork_summary_free(s);
}

/* A run may last for months: who comes late is counted, not listed. */
static void test_too_many_who_fork(void **state)
{
	struct fork_summary *s = begin(false);
	struct sink sink;

	(void)state;
	for (uint32_t pid = 1; pid <= 65536 + 100; pid++)
		forks(s, pid, "x", 1);
	forks(s, 7, "x", 1);
	sink_open(&sink, REPORT_TABLE);
	assert_int_equal(fork_summary_report(s, sink.report, &two_seconds), 0);
	assert_non_null(strstr(sink_text(&sink), "In 2.000 s: 65637 forks"));
	assert_non_null(strstr(sink_text(&sink), "BY\n        2  x (7)\n"));
	assert_non_null(
		strstr(sink_text(&sink), "  (10 of 65536 who forked)\n  (100 forks by others)\n"));
	sink_close(&sink);
	fork_summary_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_time_of_day),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_host_pids),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_ten_who_fork_most),
		cmocka_unit_test(test_too_many_who_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
