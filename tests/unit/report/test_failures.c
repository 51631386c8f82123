/* SPDX-License-Identifier: MIT */
/* Writes that fail: every later call of the report says so. */
#define _GNU_SOURCE
#include "sink.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void check_failure(struct report_options opts, int want)
{
	const struct report_start start = {
		.tool = "t", .version = "v", .kernel = "k", .ts_ns = TS
	};
	const struct report_interval i = { .number = 1, .span_ns = SECOND };
	const struct drops drops = { 0 };
	struct cell cells[COUNT(fork_columns)] = { 0 };
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	assert_int_equal(report_new(&report, &opts, &err), 0);
	if (opts.format == REPORT_TABLE && !opts.layout.streaming)
		assert_int_equal(report_start(report, &start), 0);
	else
		assert_int_equal(report_start(report, &start), want);
	assert_int_equal(report_row(report, cells), 0);
	if (opts.layout.streaming)
		report_event(report, "e", TS, cells, 0, NULL, 0);
	else
		assert_int_equal(report_interval(report, &i), want);
	assert_int_equal(report_flush(report), want);
	assert_int_equal(report_event(report, "e", TS, cells, 0, NULL, 0), want);
	assert_int_equal(report_end(report, NULL, 0, &drops, TS, 1), want);
	report_free(report);
}

/* A full disk and a closed pipe: every call returns the errno of the first failure. */
static void test_each_format_tells_failed_writes(void **state)
{
	static const enum report_format formats[] = { REPORT_TABLE, REPORT_JSON, REPORT_CSV };

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 4 * COUNT(formats); i++) {
		bool pipe_gone = i & 1, streaming = i & 2;
		struct report_options opts =
			streaming ? forks(formats[i / 4]) : opens(formats[i / 4]);
		int ends[2] = { -1, -1 };

		if (pipe_gone) {
			assert_int_equal(pipe(ends), 0);
			close(ends[0]);
		}
		opts.out = pipe_gone ? fdopen(ends[1], "w") : fopen("/dev/full", "w");
		assert_non_null(opts.out);
		check_failure(opts, pipe_gone ? -EPIPE : -ENOSPC);
		fclose(opts.out);
	}
}

/* The same where frames are written past stdio. */
static void test_a_screen_tells_failed_writes(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);

	(void)state;
	opts.screen = true;
	opts.out = fopen("/dev/full", "w");
	assert_non_null(opts.out);
	check_failure(opts, -ENOSPC);
	fclose(opts.out);
}

/* Without a buffer the write itself fails, not the flush. */
static void test_a_failed_event_is_told(void **state)
{
	struct report_options opts = forks(REPORT_JSON);
	struct cell cells[COUNT(fork_columns)] = { 0 };
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	(void)state;
	opts.out = fopen("/dev/full", "w");
	setvbuf(opts.out, NULL, _IONBF, 0);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	assert_int_equal(report_event(report, "e", TS, cells, ALL, NULL, 0), -ENOSPC);
	report_free(report);
	fclose(opts.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_format_tells_failed_writes),
		cmocka_unit_test(test_a_screen_tells_failed_writes),
		cmocka_unit_test(test_a_failed_event_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
