/* SPDX-License-Identifier: MIT */
/* bcc-openat as counts: from the kernel's table to the rows of a report. */
#ifndef OPENAT_COUNTS_H
#define OPENAT_COUNTS_H

#include "aggregate.h"
#include "openat_options.h"

enum openat_column {
	COL_OPENS,
	COL_RATE,
	COL_FAILED,
	COL_FAILED_SHARE,
	COL_DISTINCT,
	COL_TIMED,
	COL_TOTAL,
	COL_AVG,
	COL_MIN,
	COL_P50,
	COL_P99,
	COL_MAX,
	COL_PID,
	COL_TID,
	COL_START,
	COL_COMM,
	COL_UID,
	COL_USER,
	COL_CGROUP,
	COL_CALL,
	COL_ERRNO,
	COL_SHARE,
	COL_DIR,
	COL_PATH,
	COL_HISTOGRAM,
	OPENAT_COLUMNS,
};

extern const struct column openat_columns[OPENAT_COLUMNS];
extern const struct aggregate_columns openat_aggregate_columns;

/** openat_columns_active() - bit set of the columns that a run's report has. */
uint64_t openat_columns_active(const struct openat_options *options);

/** openat_total_fields() - bit set of the columns in which the total has a cell of its own. */
uint64_t openat_total_fields(const struct openat_options *options);

/** openat_counts_new() - the collector of rows. Return: NULL when there is no memory. */
struct collector *openat_counts_new(const struct openat_options *options);

#endif
