/* SPDX-License-Identifier: MIT */
/* How counts of bcc-openat are shown: columns, and a row's cells. See openat_rows.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "call_names.h"
#include "hyperloglog.h"
#include "private.h"
#include "row_cells.h"

const struct column openat_columns[OPENAT_COLUMNS] = {
	[COL_OPENS] = { .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "opens_per_s",
		       .head = "OPENS/s",
		       .kind = COLUMN_RATE,
		       .of = "opens" },
	[COL_FAILED] = { .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	[COL_FAILED_SHARE] = { .key = "failed_share", .head = "FAIL%", .kind = COLUMN_PERCENT },
	[COL_DISTINCT] = { .key = "paths", .head = "PATHS", .kind = COLUMN_ID },
	[COL_TIMED] = { .key = "timed", .kind = COLUMN_COUNT },
	[COL_TOTAL] = { .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	[COL_AVG] = { .key = "avg_ns", .head = "AVG", .kind = COLUMN_NS },
	[COL_MIN] = { .key = "min_ns", .head = "MIN", .kind = COLUMN_NS },
	[COL_P50] = { .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	[COL_P99] = { .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	[COL_MAX] = { .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	[COL_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[COL_TID] = { .key = "tid", .head = "TID", .kind = COLUMN_ID },
	[COL_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	[COL_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID },
	[COL_USER] = { .key = "user", .head = "USER", .kind = COLUMN_TEXT },
	[COL_CGROUP] = { .key = "cgroup", .head = "CGROUP", .kind = COLUMN_TEXT },
	[COL_CALL] = { .key = "call", .head = "CALL", .kind = COLUMN_TEXT },
	[COL_ERRNO] = { .key = "errno", .head = "ERRNO", .kind = COLUMN_TEXT },
	[COL_SHARE] = { .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	[COL_DIR] = { .key = "dir", .head = "DIR", .kind = COLUMN_TEXT },
	[COL_PATH] = { .key = "path", .head = "PATH", .kind = COLUMN_TEXT },
	[COL_HISTOGRAM] = { .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

static const struct key_columns key_columns = {
	.pid = COL_PID,
	.tid = COL_TID,
	.comm = COL_COMM,
	.uid = COL_UID,
	.user = COL_USER,
	.cgroup = COL_CGROUP,
	.call = COL_CALL,
	.error = COL_ERRNO,
	.slot_name = open_slot_name,
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

/* Columns that go together, and what they are shown for. */
enum {
	ALWAYS = 1 << COL_OPENS | 1 << COL_RATE,
	RESULTS = 1 << COL_FAILED | 1 << COL_FAILED_SHARE,
	LATENCY = 1 << COL_TIMED | 1 << COL_TOTAL | 1 << COL_AVG | 1 << COL_MIN | 1 << COL_P50 |
		  1 << COL_P99 | 1 << COL_MAX,
};

uint64_t openat_columns_active(const struct openat_choices *choices)
{
	static const uint64_t words[BY_WORDS] = {
		[BY_PROCESS] = 1 << COL_PID | 1 << COL_COMM,
		[BY_THREAD] = 1 << COL_PID | 1 << COL_TID | 1 << COL_COMM,
		[BY_COMM] = 1 << COL_COMM,
		[BY_USER] = 1 << COL_UID | 1 << COL_USER,
		[BY_CGROUP] = 1 << COL_CGROUP,
		[BY_ERRNO] = 1 << COL_ERRNO | 1 << COL_SHARE,
		[BY_CALL] = 1 << COL_CALL,
		[BY_PATH] = 1 << COL_PATH,
		[BY_DIR] = 1 << COL_DIR,
	};
	struct by by = openat_choices_by(choices);
	uint64_t active = ALWAYS | (choices->no_results ? 0 : RESULTS);

	for (int word = 0; word < BY_WORDS; word++)
		active |= by_has(&by, (enum by_word)word) ? words[word] : 0;
	if (choices->latency)
		active |= LATENCY;
	if (choices->distinct)
		active |= 1 << COL_DISTINCT;
	if (choices->histogram)
		active |= 1 << COL_HISTOGRAM;
	return active;
}

static void sum_cells(const struct openat_sum *sum, struct cell *cells)
{
	cells[COL_OPENS].number = sum->opens;
	cells[COL_FAILED].number = sum->failed;
	cells[COL_FAILED_SHARE].number = cell_share(sum->failed, sum->opens);
	cells[COL_FAILED_SHARE].null = !sum->opens;
}

static void large_cells(const struct openat_rows *rows, const struct openat_large *large,
			struct cell *cells)
{
	row_cells_times(&time_columns, &large->times, cells);
	cells[COL_HISTOGRAM].histogram = &large->times;
	if (rows->choices->distinct)
		cells[COL_DISTINCT].number = distinct_estimate(large->ranks);
}

static void path_cells(const struct openat_rows *rows, const struct row_id *id, struct cell *cells)
{
	struct openat_text text = openat_texts_named(rows->texts, id->path);
	struct cell *cell = &cells[by_has(&rows->by, BY_DIR) ? COL_DIR : COL_PATH];

	cell->null = !text.bytes;
	cell->text.bytes = text.bytes;
	cell->text.len = text.len;
}

/* Of all opens that differ in nothing but their errno. */
static uint64_t share(const struct openat_rows *rows, const struct row_id *id, uint64_t opens)
{
	struct row_id others = *id;
	const struct openat_sum *all;

	others.error = 0;
	all = rows->shares ? rows_sum_find(rows->shares, &others) : NULL;
	return all ? cell_share(opens, all->opens) : 0;
}

static int report_one(const struct openat_rows *rows, const struct run *run,
		      const struct row_id *id, const struct openat_sum *sum)
{
	struct cell cells[OPENAT_COLUMNS] = { 0 };
	struct row_texts texts;

	row_cells_key(&key_columns, &rows->by, rows->names, id, sum->comm, &texts, cells);
	sum_cells(sum, cells);
	cells[COL_SHARE].number = share(rows, id, sum->opens);
	if (rows->texts)
		path_cells(rows, id, cells);
	if (rows->large)
		large_cells(rows, (const struct openat_large *)sum, cells);
	return report_row(run->report, cells);
}

/* One path can have been given in several ways, and a directory holds many: each text is one row.
 */
static int name_rows(struct openat_rows *rows)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows_sum_count(rows->now); i++) {
		const struct row_id *id;
		const void *value = rows_sum_at(rows->now, i, &id);
		struct row_id named = *id;

		r = openat_texts_common(rows->texts, id->path, by_has(&rows->by, BY_DIR),
					named.path);
		if (r == 0)
			r = rows_sum_add(rows->named, &named, value);
	}
	return r;
}

/* Rows of the interval into the sums over the run and over errnos. */
static int sum_up(struct openat_rows *rows, struct rows_sum *which, struct openat_sum *all)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows_sum_count(which); i++) {
		const struct row_id *id;
		const struct openat_sum *sum = rows_sum_at(which, i, &id);
		struct row_id others = *id;

		others.error = 0;
		all->opens += sum->opens;
		all->failed += sum->failed;
		if (rows->shares)
			r = rows_sum_add(rows->shares, &others, sum);
	}
	rows->opens += all->opens;
	rows->failed += all->failed;
	return r;
}

/* Of all rows together: what no sum of cells could give. */
static int report_total(const struct openat_rows *rows, struct rows_sum *which,
			const struct openat_sum *sum, const struct run *run)
{
	struct openat_large all = { .sum = *sum };
	struct cell cells[OPENAT_COLUMNS] = { 0 };
	uint64_t fields = rows->choices->no_results ? 0 : 1 << COL_FAILED_SHARE;

	for (size_t i = 0; rows->large && i < rows_sum_count(which); i++) {
		const struct row_id *id;
		const struct openat_large *large = rows_sum_at(which, i, &id);

		histogram_merge(&all.times, &large->times);
		distinct_merge(all.ranks, large->ranks);
	}
	sum_cells(&all.sum, cells);
	large_cells(rows, &all, cells);
	if (rows->choices->latency)
		fields |= LATENCY & ~(1 << COL_TIMED);
	if (rows->choices->distinct)
		fields |= 1 << COL_DISTINCT;
	return report_totals(run->report, cells, fields);
}

static int report_all(struct openat_rows *rows, const struct run *run)
{
	struct rows_sum *which = rows->named ? rows->named : rows->now;
	struct openat_sum all = { 0 };
	int r = rows->named ? name_rows(rows) : 0;

	if (r == 0)
		r = sum_up(rows, which, &all);
	for (size_t i = 0; r == 0 && i < rows_sum_count(which); i++) {
		const struct row_id *id;
		const struct openat_sum *sum = rows_sum_at(which, i, &id);

		r = report_one(rows, run, id, sum);
	}
	return r == 0 ? report_total(rows, which, &all, run) : r;
}

static void forget_interval(struct openat_rows *rows)
{
	rows_sum_clear(rows->now);
	if (rows->named)
		rows_sum_clear(rows->named);
	if (rows->shares)
		rows_sum_clear(rows->shares);
	if (rows->texts)
		openat_texts_age(rows->texts);
}

int openat_rows_report(struct openat_rows *rows, const struct run *run, struct error *err)
{
	int r = openat_rows_gather(rows, run, err);

	if (r == 0)
		r = openat_add_waiting(rows, run, err);
	if (r < 0)
		return r;
	r = report_all(rows, run);
	forget_interval(rows);
	return r == -ENOMEM && !err->code ? error_nomem(err) : r;
}
