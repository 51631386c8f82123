/* SPDX-License-Identifier: MIT */
/* Rows of a report from the rows of the kernel's table. */
#define _GNU_SOURCE
#include "made_up_table.h"

#include <errno.h>

#define BIT(column) (1ULL << (column))
#define PROCESS (1u << BY_PROCESS)
#define PROCESS_ERRNO (1u << BY_PROCESS | 1u << BY_ERRNO)
#define USUAL (BIT(PID) | BIT(EVENTS) | BIT(FAILED)) /* CSV: interval, events, failed, pid */

static void poll_once(struct run *run)
{
	assert_int_equal(run->collector->ops->poll(run->collector, &run->err), 0);
}

/* The rows of all CPUs and of all readings of an interval are one row. The next has none of it. */
static void test_added_up(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	made_up_count(7, 0, 0, 5, 1);
	made_up_count(7, 0, 1, 20, 2);
	made_up_count(8, 0, 1, 3, 0);
	poll_once(&run);
	made_up_count(7, 0, 0, 100, 0);
	assert_string_equal(run_report(&run), "1,125,3,7\n1,3,0,8\n");
	made_up_count(8, 0, 3, 1, 1);
	assert_string_equal(run_report(&run), "1,1,1,8\n");
	assert_string_equal(run_report(&run), "");
	run_end(&run);
}

/* Two processes that had one id are two rows, each with its own start. */
static void test_reused(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, USUAL | BIT(START));
	run.a->boot_wall_ns = 1000000000;
	made_up_start = 500000001;
	made_up_count(7, 0, 0, 5, 1);
	made_up_start = 500000002;
	made_up_count(7, 0, 1, 20, 2);
	made_up_start = 500000001;
	made_up_count(7, 0, 1, 1, 0);
	made_up_start = 0;
	made_up_count(8, 0, 1, 1, 0);
	assert_string_equal(run_report(&run),
			    "1,6,1,7,1.500000001\n1,20,2,7,1.500000002\n1,1,0,8,\n");
	run_end(&run);
}

/* A row goes by the newest of its names. */
static void test_newest_name(void **state)
{
	struct row_times *row;
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, BIT(EVENTS) | BIT(COMM));
	for (uint16_t cpu = 0; cpu < 3; cpu++) {
		row = made_up_count(7, 0, cpu, 1, 0);
		row->count.named_ns = cpu == 1 ? 900 : 100;
		memcpy(row->count.comm, cpu == 1 ? "new" : "old", 4);
	}
	assert_string_equal(run_report(&run), "1,3,new\n");
	run_end(&run);
}

/* Of events that differ in nothing but their errno, each row has its share. */
static void test_shares(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS_ERRNO);
	run_start(&run, REPORT_CSV, BIT(EVENTS) | BIT(SHARE) | BIT(PID) | BIT(ERROR));
	made_up_count(7, 0, 0, 1, 0);
	made_up_count(7, ENOENT, 0, 2, 2);
	made_up_count(7, ENOENT, 1, 1, 1);
	made_up_count(8, EACCES, 0, 5, 5);
	assert_string_equal(run_report(&run), "1,1,0.250000,7,\n"
					      "1,3,0.750000,7,ENOENT\n"
					      "1,5,1.000000,8,EACCES\n");
	/* Shares are of an interval. */
	made_up_count(7, ENOENT, 0, 2, 2);
	assert_string_equal(run_report(&run), "1,2,1.000000,7,ENOENT\n");
	run_end(&run);
}

/* A cumulative report has every row there has been, and its events since the start. */
static void test_cumulative(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run.a->cumulative = true;
	run_start(&run, REPORT_CSV, USUAL | BIT(SINCE));
	made_up_count(7, 0, 0, 5, 1);
	assert_string_equal(run_report(&run), "1,5,1,7,5\n");
	made_up_count(8, 0, 0, 3, 0);
	assert_string_equal(run_report(&run), "1,0,0,7,5\n1,3,0,8,3\n");
	made_up_count(7, 0, 1, 10, 0);
	assert_string_equal(run_report(&run), "1,10,0,7,15\n1,0,0,8,3\n");
	run_end(&run);
}

static int show_even(struct aggregate *a, const struct row_id *id, struct row_id *shown)
{
	(void)a;
	shown->pid = id->pid & ~1u;
	return 0;
}

/* Several of the kernel's rows can be one row of the report. */
static void test_show_as(void **state)
{
	struct aggregate_ops ops = ops_usual;
	struct run run;

	(void)state;
	ops.show_as = show_even;
	run_prepare(&run, &ops, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	made_up_count(6, 0, 0, 1, 0);
	made_up_count(7, 0, 0, 10, 2);
	made_up_count(9, 0, 0, 100, 0);
	assert_string_equal(run_report(&run), "1,11,2,6\n1,100,0,8\n");
	assert_string_equal(run_report(&run), "");
	run_end(&run);
}

/* Durations of all CPUs are added up; an event whose beginning was not seen has none. */
static void test_times(void **state)
{
	static const uint64_t durations[] = { 500, 100, 900 };
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run.a->times_at = offsetof(struct value, times);
	run_start(&run, REPORT_CSV,
		  BIT(EVENTS) | BIT(TIMED) | BIT(TOTAL) | BIT(MIN) | BIT(MAX) | BIT(PID));
	for (uint16_t cpu = 0; cpu < COUNT(durations); cpu++) {
		struct row_times *row = made_up_count(7, 0, cpu, 2, 0);

		row->timed = 1;
		row->total_ns = row->min_ns = row->max_ns = durations[cpu];
		row->histogram[cpu] = 1;
	}
	made_up_count(8, 0, 0, 4, 0);
	assert_string_equal(run_report(&run), "1,6,7,3,1500,100,900\n1,4,8,0,0,,\n");
	run_end(&run);
}

static const char *total_line(struct run *run)
{
	const char *line = strstr(run_report(run), "{\"type\":\"total\"");

	assert_non_null(line);
	return line;
}

/* The total has sums, and in the columns that the tool names what no sum of cells could give. */
static void test_total(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run.a->cumulative = true;
	run.a->total_fields = BIT(SINCE);
	run_start(&run, REPORT_JSON, USUAL | BIT(SINCE));
	made_up_count(7, 0, 0, 5, 1);
	made_up_count(8, 0, 0, 6, 0);
	assert_non_null(strstr(total_line(&run), "\"events\":11,\"failed\":1,\"since\":11"));
	made_up_count(9, 0, 0, 100, 0);
	assert_non_null(strstr(total_line(&run), "\"events\":100,\"failed\":0,\"since\":111"));
	run_end(&run);
}

/* The end record has the events of all intervals, and the failed ones where they are known. */
static void test_counters(void **state)
{
	const struct drops none = { 0 };
	struct report_end_counter counters[COUNTERS_MAX];
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	made_up_count(7, 0, 0, 5, 1);
	run_report(&run);
	made_up_count(8, 0, 0, 6, 2);
	run_report(&run);
	assert_int_equal(run.collector->ops->counters(run.collector, &none, counters), 2);
	assert_string_equal(counters[0].key, "events");
	assert_int_equal(counters[0].value, 11);
	assert_string_equal(counters[1].key, "failed");
	assert_int_equal(counters[1].value, 3);
	run.a->no_failures = true;
	assert_int_equal(run.collector->ops->counters(run.collector, &none, counters), 1);
	run_end(&run);
}

/* Adds one event that is in progress; of two the beginning was seen. */
static int one_in_flight(struct aggregate *a, bool ending, uint64_t *count, struct error *err)
{
	const struct value value = { .sum.events = 1 };
	const struct row_id id = { .pid = 9 };

	(void)err;
	if (!ending)
		return 0;
	*count = 2;
	return aggregate_add(a, &id, &value);
}

/* What is in flight at the end is in the last report, which reads nothing more. */
static void test_in_flight(void **state)
{
	struct aggregate_ops ops = ops_usual;
	uint64_t in_flight = 0;
	struct run run;

	(void)state;
	ops.in_flight = one_in_flight;
	run_prepare(&run, &ops, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	made_up_count(7, 0, 0, 5, 0);
	assert_string_equal(run_report(&run), "1,5,0,7\n");
	assert_int_equal(run.collector->ops->disable(run.collector, &run.err), 0);
	made_up_count(7, 0, 0, 1, 0);
	assert_int_equal(run.collector->ops->finish(run.collector, &in_flight, &run.err), 0);
	assert_int_equal(in_flight, 2);
	made_up_count(7, 0, 0, 1000, 0);
	assert_string_equal(run_report(&run), "1,1,0,7\n1,1,0,9\n");
	assert_int_equal(kernel_table.reads, 2);
	run_end(&run);
}

static int read_counters(struct aggregate *a, struct error *err)
{
	const struct value value = { .sum = { .events = 4, .failed = 2 } };
	const struct row_id id = { .pid = 5 };

	(void)err;
	return aggregate_add(a, &id, &value);
}

/* A tool that reads the counts itself has no table of rows. */
static void test_own_reading(void **state)
{
	struct aggregate_ops ops = ops_usual;
	struct run run;

	(void)state;
	ops.read = read_counters;
	run_prepare(&run, &ops, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	poll_once(&run);
	assert_string_equal(run_report(&run), "1,8,4,5\n");
	assert_int_equal(run.collector->ops->disable(run.collector, &run.err), 0);
	run_end(&run);
	assert_int_equal(kernel_table.inits + kernel_table.starts + kernel_table.reads +
				 kernel_table.stops + kernel_table.clears,
			 0);
}

/* Counting begins and ends with the table that the program is given. */
static void test_life(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	assert_int_equal(kernel_table.inits, 1);
	assert_int_equal(kernel_table.starts, 1);
	assert_int_equal(run.collector->ops->disable(run.collector, &run.err), 0);
	assert_int_equal(kernel_table.stops, 1);
	assert_int_equal(run.collector->ops->summary(run.collector, &(struct drops){ 0 }, &run.err),
			 0);
	run_end(&run);
	assert_int_equal(kernel_table.clears, 1);
	assert_int_equal(run.cleared, 1);
}

/* A reading that fails is an error of the poll and of the report. */
static void test_failed_reading(void **state)
{
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run_start(&run, REPORT_CSV, USUAL);
	kernel_table.read_result = -EIO;
	assert_int_equal(run.collector->ops->poll(run.collector, &run.err), -EIO);
	assert_int_equal(run.err.code, -EIO);
	assert_int_equal(run.collector->ops->report(run.collector, &run.err), -EIO);
	run_end(&run);
}

static int refuse(struct aggregate *a, struct error *err)
{
	(void)a;
	return error_set(err, -EPERM, "no start");
}

static void check_failed_start(struct run *run, int want)
{
	struct collector *collector = run->collector;

	assert_int_equal(collector->ops->start(collector, &run->trace, &run->err), want);
	assert_int_equal(run->err.code, want);
	collector->ops->free(collector);
	assert_int_equal(run->cleared, 1);
	error_clear(&run->err);
}

/* An aggregate can be freed before any start and after a failed one. */
static void test_failed_start(void **state)
{
	struct aggregate_ops ops = ops_usual;
	struct run run;

	(void)state;
	run_prepare(&run, &ops_usual, PROCESS);
	run.collector->ops->free(run.collector);
	assert_int_equal(run.cleared, 1);
	assert_int_equal(kernel_table.clears, 0);
	run_prepare(&run, &ops_usual, PROCESS_ERRNO);
	kernel_table.init_result = -E2BIG;
	check_failed_start(&run, -E2BIG);
	assert_int_equal(kernel_table.clears, 1);
	ops.start = refuse;
	run_prepare(&run, &ops, PROCESS);
	check_failed_start(&run, -EPERM);
	assert_int_equal(kernel_table.inits, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_added_up),     cmocka_unit_test(test_newest_name),
		cmocka_unit_test(test_shares),       cmocka_unit_test(test_cumulative),
		cmocka_unit_test(test_show_as),      cmocka_unit_test(test_times),
		cmocka_unit_test(test_total),        cmocka_unit_test(test_counters),
		cmocka_unit_test(test_in_flight),    cmocka_unit_test(test_own_reading),
		cmocka_unit_test(test_life),         cmocka_unit_test(test_failed_reading),
		cmocka_unit_test(test_failed_start), cmocka_unit_test(test_reused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
