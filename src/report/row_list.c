/* SPDX-License-Identifier: MIT */
/*
 * The rows of an interval: gathered, summed and sorted. See row_list.h; report_row() and
 * report_totals() are in report.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "saturated.h"
#include "text.h"

int rows_init(struct rows *rows, size_t ncolumns)
{
	/* One more, because an allocation of nothing may return NULL. */
	rows->sums = calloc(ncolumns + 1, sizeof(*rows->sums));
	rows->totals = calloc(ncolumns + 1, sizeof(*rows->totals));
	if (rows->sums && rows->totals)
		return 0;
	rows_free(rows);
	return -ENOMEM;
}

void rows_free(struct rows *rows)
{
	free(rows->list);
	free(rows->sums);
	free(rows->totals);
	arena_free(&rows->memory);
	memset(rows, 0, sizeof(*rows));
}

void rows_forget(struct rows *rows, size_t ncolumns)
{
	arena_reset(&rows->memory);
	rows->count = rows->seen = 0;
	rows->totalled = 0;
	memset(rows->sums, 0, ncolumns * sizeof(*rows->sums));
}

int report_totals(struct report *report, const struct cell *cells, uint64_t fields)
{
	const struct report_layout *layout = &report->opts.layout;
	struct rows *rows = &report->rows;

	for (size_t i = 0; i < layout->ncolumns && i < 64; i++) {
		enum column_kind kind = layout->columns[i].kind;

		if (!report_has_field(fields, report->at[i]))
			continue;
		if (kind != COLUMN_NS && kind != COLUMN_PERCENT && kind != COLUMN_ID)
			return -EINVAL;
		rows->totals[i] = cells[report->at[i]];
		rows->totalled |= UINT64_C(1) << i;
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

/*
 * Unknown values come last whether or not @ascending is set. Text is compared from A to Z in both
 * cases; compare_rows() turns it round.
 */
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
	/* Text is sorted Z to A then, except that unknown values stay last. */
	bool z_to_a = opts->ascending && text_is_left(kind) && !a[key].null && !b[key].null;
	int order;

	order = z_to_a ? compare_cells(kind, &b[key], &a[key], true)
		       : compare_cells(kind, &a[key], &b[key], opts->ascending);
	for (size_t i = 0; i < opts->layout.ncolumns && !order; i++)
		order = compare_cells(opts->layout.columns[i].kind, &a[i], &b[i], true);
	return order;
}

void rows_sort(struct rows *rows, const struct report *report)
{
	if (rows->count > 1)
		qsort_r(rows->list, rows->count, sizeof(*rows->list), compare_rows, (void *)report);
}

/*
 * With a top N only N rows are kept, in a heap whose first row is the one that is shown last. On a
 * screen the user may ask for another order, which needs all rows.
 */
static bool keeps_few(const struct report *report)
{
	return report->opts.top && !report->opts.screen;
}

static bool comes_after(const struct report *report, size_t a, size_t b)
{
	struct cell *const *list = report->rows.list;

	return compare_rows(&list[a], &list[b], (void *)report) > 0;
}

static void swap_rows(struct rows *rows, size_t a, size_t b)
{
	struct cell *row = rows->list[a];

	rows->list[a] = rows->list[b];
	rows->list[b] = row;
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

static int grow_list(struct rows *rows)
{
	size_t capacity = rows->capacity ? 2 * rows->capacity : 64;
	struct cell **more;

	if (rows->count < rows->capacity)
		return 0;
	more = reallocarray(rows->list, capacity, sizeof(*more));
	if (!more)
		return -ENOMEM;
	rows->list = more;
	rows->capacity = capacity;
	return 0;
}

static int add_row(struct report *report, const struct cell *row)
{
	struct rows *rows = &report->rows;
	int err = grow_list(rows);
	void *memory = err ? NULL : arena_alloc(&rows->memory, row_size(report, row));

	if (!memory)
		return -ENOMEM;
	rows->list[rows->count++] = row_copy(report, row, memory);
	return 0;
}

/*
 * A row that is displaced stays in the arena. When the rows come in random order that is little
 * memory, and never more than keeping all of them would take.
 */
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
	if (compare_rows(&row, &rows->list[0], report) >= 0)
		return 0;
	memory = arena_alloc(&rows->memory, row_size(report, row));
	if (!memory)
		return -ENOMEM;
	rows->list[0] = row_copy(report, row, memory);
	heap_down(report);
	return 0;
}

int report_row(struct report *report, const struct cell *cells)
{
	const struct report_layout *layout = &report->opts.layout;
	struct cell *row = report->incoming;
	int err;

	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (layout->columns[i].kind == COLUMN_RATE)
			row[i] = cell_null();
		else
			row[i] = cells[report->at[i]];
	}
	err = keeps_few(report) ? keep_few(report, row) : add_row(report, row);
	if (err)
		return err;
	report->rows.seen++;
	for (size_t i = 0; i < layout->ncolumns; i++)
		if (layout->columns[i].kind == COLUMN_COUNT && !row[i].null)
			report->rows.sums[i] = add_saturated(report->rows.sums[i], row[i].number);
	return 0;
}
