/* SPDX-License-Identifier: MIT */
/* Counts of bcc-syscalls, from the kernel's tables to the rows of a report. */
#ifndef SYSCALLS_AGGREGATE_H
#define SYSCALLS_AGGREGATE_H

#include "id_names.h"
#include "map_swap.h"
#include "row_table.h"
#include "syscalls_options.h"

enum syscalls_column {
	COL_PID,
	COL_TID,
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

/** syscalls_columns_active() - bit set of the columns a run's report has. */
uint64_t syscalls_columns_active(const struct syscalls_choices *choices);

struct syscalls_rows;

/** syscalls_rows_new() - after the program is loaded; nothing is counted before
 * syscalls_rows_live(). */
int syscalls_rows_new(struct syscalls_rows **rowsp, const struct run *run, struct error *err);

/** syscalls_rows_free() - NULL is fine. */
void syscalls_rows_free(struct syscalls_rows *rows);

/** syscalls_rows_uses() - what takes privilege while the run goes on: bits of enum privilege_use.
 */
unsigned syscalls_rows_uses(const struct syscalls_rows *rows, const struct run *run);

/** syscalls_rows_live() - after attaching: begin to count, and see which threads already wait in a
 * call. */
int syscalls_rows_live(struct syscalls_rows *rows, const struct run *run, struct error *err);

/** syscalls_rows_gather() - take what the kernel has counted. */
int syscalls_rows_gather(struct syscalls_rows *rows, const struct run *run, struct error *err);

/** syscalls_rows_report() - gather, and give the interval's rows to the report. */
int syscalls_rows_report(struct syscalls_rows *rows, const struct run *run, struct error *err);

/** syscalls_rows_sums() - calls and errors of the whole run. */
void syscalls_rows_sums(const struct syscalls_rows *rows, uint64_t *calls, uint64_t *errors);

#endif
