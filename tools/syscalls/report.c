/* SPDX-License-Identifier: MIT */
/* How counts of bcc-syscalls are shown: columns, and a row's cells. See syscalls_rows.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "private.h"
#include "row_cells.h"

const struct column syscalls_columns[SYSCALLS_COLUMNS] = {
	[COL_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[COL_TID] = { .key = "tid", .head = "TID", .kind = COLUMN_ID },
	[COL_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	[COL_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID },
	[COL_USER] = { .key = "user", .head = "USER", .kind = COLUMN_TEXT },
	[COL_CGROUP] = { .key = "cgroup", .head = "CGROUP", .kind = COLUMN_TEXT },
	[COL_SYSCALL] = { .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
	[COL_ERRNO] = { .key = "errno", .head = "ERRNO", .kind = COLUMN_TEXT },
	[COL_CALLS] = { .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "calls_per_s",
		       .head = "CALLS/s",
		       .kind = COLUMN_RATE,
		       .of = "calls" },
	[COL_SHARE] = { .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	[COL_ERRORS] = { .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	[COL_TIMED] = { .key = "timed", .kind = COLUMN_COUNT },
	[COL_TOTAL] = { .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	[COL_AVG] = { .key = "avg_ns", .head = "AVG", .kind = COLUMN_NS },
	[COL_MIN] = { .key = "min_ns", .head = "MIN", .kind = COLUMN_NS },
	[COL_P50] = { .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	[COL_P99] = { .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	[COL_MAX] = { .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	[COL_BLOCKED] = { .key = "blocked", .head = "BLOCKED", .kind = COLUMN_COUNT },
	[COL_OLDEST] = { .key = "blocked_ns", .head = "OLDEST", .kind = COLUMN_NS },
	[COL_ALL_CALLS] = { .key = "all_calls", .head = "ALL-CALLS", .kind = COLUMN_COUNT },
	[COL_ALL_ERRORS] = { .key = "all_errors", .head = "ALL-ERRORS", .kind = COLUMN_COUNT },
	[COL_ALL_TOTAL] = { .key = "all_total_ns", .head = "ALL-TIME", .kind = COLUMN_NS },
	[COL_HISTOGRAM] = { .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

/* Columns that go together, and what they are shown for. */
enum {
	ALWAYS = 1 << COL_CALLS | 1 << COL_RATE | 1 << COL_ERRORS,
	LATENCY = 1 << COL_TIMED | 1 << COL_TOTAL | 1 << COL_AVG | 1 << COL_MIN | 1 << COL_P50 |
		  1 << COL_P99 | 1 << COL_MAX | 1 << COL_BLOCKED | 1 << COL_OLDEST,
};

uint64_t syscalls_columns_active(const struct syscalls_choices *choices)
{
	static const uint64_t words[BY_WORDS] = {
		[BY_SYSCALL] = 1 << COL_SYSCALL,
		[BY_PROCESS] = 1 << COL_PID | 1 << COL_COMM,
		[BY_THREAD] = 1 << COL_PID | 1 << COL_TID | 1 << COL_COMM,
		[BY_COMM] = 1 << COL_COMM,
		[BY_USER] = 1 << COL_UID | 1 << COL_USER,
		[BY_CGROUP] = 1 << COL_CGROUP,
		[BY_ERRNO] = 1 << COL_ERRNO | 1 << COL_SHARE,
	};
	struct by by = syscalls_choices_by(choices);
	uint64_t active = ALWAYS;

	for (int word = 0; word < BY_WORDS; word++)
		active |= by_has(&by, (enum by_word)word) ? words[word] : 0;
	if (choices->latency)
		active |= LATENCY;
	if (choices->cumulative)
		active |= 1 << COL_ALL_CALLS | 1 << COL_ALL_ERRORS |
			  (choices->latency ? 1 << COL_ALL_TOTAL : 0);
	if (choices->histogram)
		active |= 1 << COL_HISTOGRAM;
	return active;
}

static const struct key_columns key_columns = {
	.pid = COL_PID,
	.tid = COL_TID,
	.comm = COL_COMM,
	.uid = COL_UID,
	.user = COL_USER,
	.cgroup = COL_CGROUP,
	.call = COL_SYSCALL,
	.error = COL_ERRNO,
	.slot_name = syscall_slot_name,
};

static const struct time_columns time_columns = {
	.timed = COL_TIMED,
	.total = COL_TOTAL,
	.avg = COL_AVG,
	.min = COL_MIN,
	.p50 = COL_P50,
	.p99 = COL_P99,
	.max = COL_MAX,
};

static void sum_cells(const struct syscalls_sum *sum, struct cell *cells)
{
	cells[COL_CALLS].number = sum->calls;
	cells[COL_ERRORS].number = sum->errors;
	cells[COL_BLOCKED].number = sum->blocked;
	cells[COL_OLDEST].number = sum->blocked_ns;
	cells[COL_OLDEST].null = !sum->blocked;
}

/* Of all calls that differ in nothing but their errno. */
static uint64_t share(const struct syscalls_rows *rows, const struct row_id *id, uint64_t calls)
{
	struct row_id others = *id;
	const struct syscalls_sum *all;

	others.error = 0;
	all = rows->shares ? rows_sum_find(rows->shares, &others) : NULL;
	return all ? cell_share(calls, all->calls) : 0;
}

static int report_one(const struct syscalls_rows *rows, const struct run *run,
		      const struct row_id *id, const struct syscalls_sum *sum,
		      const struct histogram *times)
{
	static const struct histogram no_times;
	const struct syscalls_sum *all = rows->all ? rows_sum_find(rows->all, id) : NULL;
	struct cell cells[SYSCALLS_COLUMNS] = { 0 };
	struct row_texts texts;

	row_cells_key(&key_columns, &rows->by, rows->names, id,
		      all && !sum->comm[0] ? all->comm : sum->comm, &texts, cells);
	sum_cells(sum, cells);
	if (rows->choices->latency)
		row_cells_times(&time_columns, times ? times : &no_times, cells);
	cells[COL_SHARE].number = share(rows, id, sum->calls);
	cells[COL_ALL_CALLS].number = all ? all->calls : 0;
	cells[COL_ALL_ERRORS].number = all ? all->errors : 0;
	cells[COL_ALL_TOTAL].number = all ? all->total_ns : 0;
	cells[COL_HISTOGRAM].histogram = times ? times : &no_times;
	return report_row(run->report, cells);
}

static const struct histogram *times_of(const struct syscalls_rows *rows,
					const struct syscalls_sum *sum)
{
	return rows->choices->latency ? &((const struct syscalls_timed *)sum)->times : NULL;
}

/* Rows of the interval into the sums over the run and over errnos. */
static int sum_up(struct syscalls_rows *rows)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows_sum_count(rows->now); i++) {
		const struct row_id *id;
		const struct syscalls_sum *sum = rows_sum_at(rows->now, i, &id);
		struct row_id others = *id;

		others.error = 0;
		rows->calls += sum->calls;
		rows->errors += sum->errors;
		if (rows->all)
			r = rows_sum_add(rows->all, id, sum);
		if (r == 0 && rows->shares)
			r = rows_sum_add(rows->shares, &others, sum);
	}
	return r;
}

/* The times of all rows together, whose quantiles no sum could give. */
static int report_times(const struct syscalls_rows *rows, const struct run *run)
{
	struct histogram all = { 0 };
	struct cell cells[SYSCALLS_COLUMNS] = { 0 };
	uint64_t oldest = 0, total = 0, fields = LATENCY & ~(1 << COL_TIMED | 1 << COL_BLOCKED);

	for (size_t i = 0; i < rows_sum_count(rows->now); i++) {
		const struct row_id *id;
		const struct syscalls_timed *timed = rows_sum_at(rows->now, i, &id);

		histogram_merge(&all, &timed->times);
		oldest = timed->sum.blocked_ns > oldest ? timed->sum.blocked_ns : oldest;
	}
	for (size_t i = 0; rows->all && i < rows_sum_count(rows->all); i++) {
		const struct row_id *id;
		const struct syscalls_sum *sum = rows_sum_at(rows->all, i, &id);

		total += sum->total_ns;
	}
	row_cells_times(&time_columns, &all, cells);
	cells[COL_OLDEST].number = oldest;
	cells[COL_OLDEST].null = !oldest;
	cells[COL_ALL_TOTAL].number = total;
	if (rows->all)
		fields |= 1 << COL_ALL_TOTAL;
	return report_totals(run->report, cells, fields);
}

/* Every row there has been, with what the interval had of it. */
static int report_all(struct syscalls_rows *rows, const struct run *run)
{
	static const struct syscalls_sum nothing;
	struct rows_sum *which = rows->all ? rows->all : rows->now;
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows_sum_count(which); i++) {
		const struct row_id *id;
		const struct syscalls_sum *sum = rows_sum_at(which, i, &id);

		if (rows->all)
			sum = rows_sum_find(rows->now, id);
		r = report_one(rows, run, id, sum ? sum : &nothing,
			       sum ? times_of(rows, sum) : NULL);
	}
	return r;
}

int syscalls_rows_report(struct syscalls_rows *rows, const struct run *run, struct error *err)
{
	int r = syscalls_rows_gather(rows, run, err);

	if (r == 0)
		r = syscalls_add_waiting(rows, run, err);
	if (r < 0)
		return r;
	r = sum_up(rows);
	if (r == 0)
		r = report_all(rows, run);
	if (r == 0 && rows->choices->latency)
		r = report_times(rows, run);
	rows_sum_clear(rows->now);
	if (rows->shares)
		rows_sum_clear(rows->shares);
	return r == -ENOMEM && !err->code ? error_nomem(err) : r;
}
