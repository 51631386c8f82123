/* SPDX-License-Identifier: MIT */
/* The rows of an interval: gathered, summed and sorted. See report.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int report_totals(struct report *report, const struct cell *cells, uint64_t fields)
{
	const struct report_options *opts = &report->opts;

	for (size_t i = 0; i < opts->layout.ncolumns && i < 64; i++) {
		enum column_kind kind = opts->layout.columns[i].kind;

		if (!report_has_field(fields, report->at[i]))
			continue;
		if (kind != COLUMN_NS && kind != COLUMN_PERCENT && kind != COLUMN_ID)
			return -EINVAL;
		report->totals[i] = cells[report->at[i]];
		report->totalled |= UINT64_C(1) << i;
	}
	return 0;
}

static int compare_text(const struct cell *a, const struct cell *b)
{
	size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
	int order = len ? memcmp(a->text.bytes, b->text.bytes, len) : 0;

	return order ? order : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

static int compare_lists(const struct cell *a, const struct cell *b)
{
	size_t i = 0;

	for (; i < a->list.count && i < b->list.count; i++) {
		const struct cell *x = &a->list.cells[i], *y = &b->list.cells[i];
		int order = x->null || y->null ? x->null - y->null : compare_text(x, y);

		if (order)
			return order;
	}
	return (a->list.count > b->list.count) - (a->list.count < b->list.count);
}

/* Unknown values come last, whichever way the known ones are sorted; text goes A to Z. */
static int compare_cells(enum column_kind kind, const struct cell *a, const struct cell *b,
			 bool ascending)
{
	int order;

	if (a->null || b->null)
		return a->null - b->null;
	if (kind == COLUMN_PAIRS || kind == COLUMN_HISTOGRAM)
		return 0;
	if (kind == COLUMN_TEXT)
		return compare_text(a, b);
	if (kind == COLUMN_LIST)
		return compare_lists(a, b);
	if (kind == COLUMN_SIGNED)
		order = (a->integer > b->integer) - (a->integer < b->integer);
	else
		order = (a->number > b->number) - (a->number < b->number);
	return ascending ? order : -order;
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct cell *a = *(const struct cell *const *)pa;
	const struct cell *b = *(const struct cell *const *)pb;
	const struct report *report = arg;
	const struct report_options *opts = &report->opts;
	size_t key = report->source[opts->sort];
	enum column_kind kind = opts->layout.columns[key].kind;
	/* The reverse of A to Z; what is unknown stays last. */
	bool z_to_a = opts->ascending && table_is_text(kind) && !a[key].null && !b[key].null;
	int order;

	order = z_to_a ? compare_cells(kind, &b[key], &a[key], true)
		       : compare_cells(kind, &a[key], &b[key], opts->ascending);
	for (size_t i = 0; i < opts->layout.ncolumns && !order; i++)
		order = compare_cells(opts->layout.columns[i].kind, &a[i], &b[i], true);
	return order;
}

void rows_sort(struct report *report)
{
	struct rows *rows = &report->rows;

	if (rows->count > 1)
		qsort_r(rows->rows, rows->count, sizeof(*rows->rows), compare_rows, report);
}

/*
 * Of many rows a few are shown, so only these are kept: a heap, whose first is the one that is
 * shown last. On a screen somebody may ask for another order.
 */
static bool keeps_few(const struct report *report)
{
	return report->opts.top && !report->opts.screen;
}

static bool comes_after(const struct report *report, size_t a, size_t b)
{
	return compare_rows(&report->rows.rows[a], &report->rows.rows[b], (void *)report) > 0;
}

static void swap_rows(struct rows *rows, size_t a, size_t b)
{
	struct cell *row = rows->rows[a];

	rows->rows[a] = rows->rows[b];
	rows->rows[b] = row;
}

static void heap_up(struct report *report)
{
	for (size_t i = report->rows.count - 1; i && comes_after(report, i, (i - 1) / 2);
	     i = (i - 1) / 2)
		swap_rows(&report->rows, i, (i - 1) / 2);
}

static void heap_down(struct report *report)
{
	size_t count = report->rows.count;

	for (size_t i = 0, last; 2 * i + 1 < count; i = last) {
		last = 2 * i + 1;
		if (last + 1 < count && comes_after(report, last + 1, last))
			last++;
		if (!comes_after(report, last, i))
			return;
		swap_rows(&report->rows, i, last);
	}
}

static int make_room(struct rows *rows)
{
	size_t size = rows->size ? 2 * rows->size : 64;
	struct cell **more;

	if (rows->count < rows->size)
		return 0;
	more = reallocarray(rows->rows, size, sizeof(*more));
	if (!more)
		return -ENOMEM;
	rows->rows = more;
	rows->size = size;
	return 0;
}

static int add_row(struct report *report, const struct cell *row)
{
	struct rows *rows = &report->rows;
	void *memory =
		make_room(rows) == 0 ? arena_alloc(&rows->memory, row_size(report, row)) : NULL;

	if (!memory)
		return -ENOMEM;
	rows->rows[rows->count++] = row_copy(report, row, memory);
	return 0;
}

/* What others have displaced stays in the arena: by chance it is little, and at worst as much as if
 * all rows were kept. */
static int keep_few(struct report *report, const struct cell *row)
{
	struct rows *rows = &report->rows;
	void *memory;
	int err;

	if (rows->count < report->opts.top) {
		err = add_row(report, row);
		if (err == 0)
			heap_up(report);
		return err;
	}
	if (compare_rows(&row, &rows->rows[0], report) >= 0)
		return 0;
	memory = arena_alloc(&rows->memory, row_size(report, row));
	if (!memory)
		return -ENOMEM;
	rows->rows[0] = row_copy(report, row, memory);
	heap_down(report);
	return 0;
}

int report_row(struct report *report, const struct cell *cells)
{
	const struct report_options *opts = &report->opts;
	struct cell *row = report->incoming;
	int err;

	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (opts->layout.columns[i].kind == COLUMN_RATE)
			row[i] = (struct cell){ .null = true };
		else
			row[i] = cells[report->at[i]];
	}
	err = keeps_few(report) ? keep_few(report, row) : add_row(report, row);
	if (err)
		return err;
	report->rows.seen++;
	for (size_t i = 0; i < opts->layout.ncolumns; i++)
		if (opts->layout.columns[i].kind == COLUMN_COUNT && !row[i].null)
			report->sums[i] = add_saturated(report->sums[i], row[i].number);
	return 0;
}

void rows_forget(struct report *report)
{
	arena_reset(&report->rows.memory);
	report->rows.count = report->rows.seen = 0;
	report->totalled = 0;
	memset(report->sums, 0, report->opts.layout.ncolumns * sizeof(*report->sums));
}
