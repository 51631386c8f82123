/* SPDX-License-Identifier: MIT */
/* bcc-syscalls as counts: from the kernel's tables to the rows of a report. */
#ifndef SYSCALLS_COUNTS_H
#define SYSCALLS_COUNTS_H

#include "aggregate.h"
#include "syscalls_options.h"

enum syscalls_column {
	COL_PID,
	COL_TID,
	COL_START,
	COL_COMM,
	COL_UID,
	COL_USER,
	COL_CGROUP,
	COL_SYSCALL,
	COL_ERRNO,
	COL_CALLS,
	COL_RATE,
	COL_SHARE,
	COL_ERRORS,
	COL_TIMED,
	COL_TOTAL,
	COL_AVG,
	COL_MIN,
	COL_P50,
	COL_P99,
	COL_MAX,
	COL_BLOCKED,
	COL_OLDEST,
	COL_ALL_CALLS,
	COL_ALL_ERRORS,
	COL_ALL_TOTAL,
	COL_HISTOGRAM,
	SYSCALLS_COLUMNS,
};

extern const struct column syscalls_columns[SYSCALLS_COLUMNS];
extern const struct aggregate_columns syscalls_aggregate_columns;

/** syscalls_columns_active() - bit set of the columns that a run's report has. */
uint64_t syscalls_columns_active(const struct syscalls_options *options);

/** syscalls_total_fields() - bit set of the columns in which the total has a cell of its own. */
uint64_t syscalls_total_fields(const struct syscalls_options *options);

/**
 * struct syscalls_value - of a row
 * @total_ns:   how long its calls took
 * @blocked:    calls that have begun and not returned
 * @blocked_ns: how long the oldest of these has lasted, as far as is known
 * @times:      with latency only; without it a value ends before
 */
struct syscalls_value {
	struct row_sum sum;
	uint64_t total_ns;
	uint64_t blocked;
	uint64_t blocked_ns;
	struct histogram times;
};

/** syscalls_counts_new() - the collector of rows. Return: NULL when there is no memory. */
struct collector *syscalls_counts_new(const struct syscalls_options *options);

#endif
