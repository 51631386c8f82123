/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of aggregate.h: a made-up table of the kernel, which replaces map_swap.h when
 * the test is linked (--wrap), an aggregate of rows by process or by process and errno, and its
 * report in memory.
 */
#ifndef MADE_UP_TABLE_H
#define MADE_UP_TABLE_H

#include "report/sink.h"

#include "aggregate.h"

enum {
	TABLE_ROWS_MAX = 8,
	/* Columns. */
	EVENTS = 0,
	FAILED,
	SHARE,
	PID,
	START,
	COMM,
	ERROR,
	TIMED,
	TOTAL,
	MIN,
	MAX,
	SINCE, /* events since the start, of a cumulative report */
	OTHER, /* what no test looks at */
	COLUMNS,
};

/**
 * struct made_up_table - what the kernel has, and what was asked of it
 * @keys, @rows, @count: entries, until the next reading
 * @init_result, @read_result: what these calls are to return
 * @inits, @starts, @stops, @reads, @clears: how often they were called
 */
struct made_up_table {
	char keys[TABLE_ROWS_MAX][BY_KEY_MAX];
	struct row_times rows[TABLE_ROWS_MAX];
	size_t count;
	int init_result, read_result;
	unsigned inits, starts, stops, reads, clears;
};

extern struct made_up_table kernel_table;

/** made_up_start - when the process of the next row began */
extern uint64_t made_up_start;

/** made_up_count() - a CPU counts: @calls of this process, @errors of which failed with @error */
struct row_times *made_up_count(uint32_t pid, uint16_t error, uint16_t cpu, uint64_t calls,
				uint64_t errors);

/** struct value - what a row adds up */
struct value {
	struct row_sum sum;
	struct histogram times;
};

/** struct counts - the aggregate of a tool. @cleared: how often it was released */
struct counts {
	struct aggregate aggregate;
	unsigned *cleared;
};

/** struct run - an aggregate and its report, as a run has them */
struct run {
	struct sink sink;
	struct trace trace;
	struct aggregate *a;
	struct collector *collector;
	unsigned cleared;
	struct error err;
};

/** ops_usual - all that a tool must have, and a cell and clear() of its own */
extern const struct aggregate_ops ops_usual;

/** run_prepare() - an aggregate with these ops before start(), and an empty made-up table */
void run_prepare(struct run *run, const struct aggregate_ops *ops, unsigned keys);

/** run_start() - start() and enable(). @active: bit i: column i is shown */
void run_start(struct run *run, enum report_format format, uint64_t active);

/** run_report() - report an interval. Return: its text; borrowed until the next */
const char *run_report(struct run *run);

/** run_end() - release all. */
void run_end(struct run *run);

#endif
