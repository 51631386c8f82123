/* SPDX-License-Identifier: MIT */
/* The rows of an interval. See aggregate_report.h. */
#include "aggregate_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* What a report is made from: rows of the interval, and all of them added up. */
struct interval {
	struct aggregate *a;
	struct row_table *rows;
	void *total;      /* a value */
	void *kept_total; /* what is kept of all rows; NULL unless the report is cumulative */
};

/* Of all events that differ in nothing but their errno. */
static uint64_t share(const struct aggregate *a, const struct row_id *id, uint64_t events)
{
	struct row_id others = *id;
	const struct row_sum *all;

	others.error = 0;
	all = a->shares ? row_table_find(a->shares, &others) : NULL;
	return all ? cell_share(events, all->events) : 0;
}

static void common_cells(const struct aggregate *a, const void *value, struct cell *cells)
{
	const struct aggregate_columns *columns = a->columns;
	const struct row_sum *sum = value;
	const struct histogram *times = (const void *)((const char *)value + a->times_at);

	cells[columns->events].number = sum->events;
	cells[columns->failed].number = sum->failed;
	if (!a->times_at)
		return;
	row_cells_times(&columns->times, times, cells);
	cells[columns->histogram].histogram = times;
}

static struct cell start_cell(const struct aggregate *a, const struct row_id *id)
{
	uint64_t start_ns = id->thread_start_ns ? id->thread_start_ns : id->start_ns;

	return cell_number_if(start_ns != 0, start_ns + a->boot_wall_ns);
}

static int report_row_of(const struct interval *in, const struct row_id *id, const void *value,
			 const void *kept)
{
	const struct aggregate *a = in->a;
	const struct row_sum *sum = value, *since = kept;
	struct cell cells[AGGREGATE_COLUMNS_MAX] = { 0 };
	struct row_texts texts;

	row_cells_key(&a->columns->key, &a->by, a->names, id,
		      since && !sum->comm[0] ? since->comm : sum->comm, &texts, cells);
	common_cells(a, value, cells);
	cells[a->columns->key.start] = start_cell(a, id);
	cells[a->columns->share].number = share(a, id, sum->events);
	if (a->ops->cells)
		a->ops->cells(a, id, value, kept, cells);
	return report_row(a->trace->report, cells);
}

/* One row of the report may be several of the kernel's. */
static int merge_shown(struct aggregate *a)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < row_table_count(a->now); i++) {
		const struct row_id *id;
		const void *value = row_table_at(a->now, i, &id);
		struct row_id shown = *id;

		r = a->ops->show_as(a, id, &shown);
		if (r == 0)
			r = row_table_add(a->shown, &shown, value);
	}
	return r;
}

/* Rows of the interval into the total, the sums since the start, and those by the other keys. */
static int sum_up(struct interval *in)
{
	struct aggregate *a = in->a;
	const struct row_sum *total = in->total;
	int r = 0;

	for (size_t i = 0; r == 0 && i < row_table_count(in->rows); i++) {
		const struct row_id *id;
		const void *value = row_table_at(in->rows, i, &id);
		struct row_id others = *id;

		others.error = 0;
		a->ops->merge(in->total, value);
		if (a->kept)
			r = row_table_add(a->kept, id, value);
		if (r == 0 && a->shares)
			r = row_table_add(a->shares, &others, value);
	}
	a->events += total->events;
	a->failed += total->failed;
	return r;
}

/* Cumulative: every row there has been, with what the interval had of it. */
static int report_rows(const struct interval *in)
{
	struct aggregate *a = in->a;
	struct row_table *all = a->kept ? a->kept : in->rows;
	int r = 0;

	memset(a->scratch, 0, a->ops->value_size);
	for (size_t i = 0; r == 0 && i < row_table_count(all); i++) {
		const struct row_id *id;
		const void *row = row_table_at(all, i, &id), *value = row;

		if (a->kept)
			value = row_table_find(in->rows, id);
		r = report_row_of(in, id, value ? value : a->scratch, a->kept ? row : NULL);
	}
	return r;
}

static int report_total(const struct interval *in)
{
	const struct aggregate *a = in->a;
	struct cell cells[AGGREGATE_COLUMNS_MAX] = { 0 };

	if (!a->total_fields)
		return 0;
	for (size_t i = 0; a->kept && i < row_table_count(a->kept); i++) {
		const struct row_id *id;

		a->ops->merge_kept(in->kept_total, row_table_at(a->kept, i, &id));
	}
	common_cells(a, in->total, cells);
	if (a->ops->cells)
		a->ops->cells(a, NULL, in->total, in->kept_total, cells);
	return report_totals(a->trace->report, cells, a->total_fields);
}

static void forget_interval(struct aggregate *a)
{
	row_table_clear(a->now);
	a->fresh = 0;
	if (!a->kept)
		task_starts_clear(&a->starts);
	a->starts_read = false;
	if (a->shown)
		row_table_clear(a->shown);
	if (a->shares)
		row_table_clear(a->shares);
	if (a->ops->reported)
		a->ops->reported(a);
}

int aggregate_report(struct aggregate *a)
{
	cleanup_free void *total = calloc(1, a->ops->value_size);
	cleanup_free void *kept_total = a->kept ? calloc(1, a->ops->kept_size) : NULL;
	struct interval in = { a, a->shown ? a->shown : a->now, total, kept_total };
	int r = total && (kept_total || !a->kept) ? 0 : -ENOMEM;

	if (r == 0 && a->shown)
		r = merge_shown(a);
	if (r == 0)
		r = sum_up(&in);
	if (r == 0)
		r = report_rows(&in);
	if (r == 0)
		r = report_total(&in);
	forget_interval(a);
	return r;
}
