/* SPDX-License-Identifier: MIT */
/* Counts of bcc-openat, from the kernel's tables to the rows of a report. */
#ifndef OPENAT_AGGREGATE_H
#define OPENAT_AGGREGATE_H

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

/** openat_columns_active() - bit set of the columns a run's report has. */
uint64_t openat_columns_active(const struct openat_choices *choices);

struct openat_rows;

/** openat_rows_new() - after the program is loaded; nothing is counted before openat_rows_live().
 */
int openat_rows_new(struct openat_rows **rowsp, const struct run *run, struct error *err);

/** openat_rows_free() - NULL is fine. */
void openat_rows_free(struct openat_rows *rows);

/**
 * openat_uses() - what takes privilege while the run goes on: bits of enum privilege_use
 * @rows: NULL for a stream
 */
unsigned openat_uses(const struct openat_choices *choices, const struct openat_rows *rows,
		     const struct run *run);

/** openat_rows_live(), openat_rows_halt() - begin and end to count, by all hooks at one moment. */
int openat_rows_live(struct openat_rows *rows, struct error *err);
int openat_rows_halt(struct openat_rows *rows, struct error *err);

/** openat_rows_gather() - take what the kernel has counted. */
int openat_rows_gather(struct openat_rows *rows, const struct run *run, struct error *err);

/** openat_rows_report() - gather, and give the interval's rows to the report. */
int openat_rows_report(struct openat_rows *rows, const struct run *run, struct error *err);

/** openat_rows_summary() - how opens were distributed over processes and seconds; see struct tool.
 */
int openat_rows_summary(struct openat_rows *rows, const struct run *run);

/** openat_rows_waiting() - how many opens were in progress when the run ended. */
uint64_t openat_rows_waiting(const struct openat_rows *rows);

/** openat_rows_sums() - opens and failures of the whole run. */
void openat_rows_sums(const struct openat_rows *rows, uint64_t *opens, uint64_t *failed);

#endif
