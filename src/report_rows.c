/* SPDX-License-Identifier: MIT */
/* The rows of an interval: copied, summed and sorted. See report.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report_private.h"

/*
 * A row is one allocation, as an interval can have tens of thousands of them: the cells, and behind
 * them what each of them points to, first what must be aligned, then its bytes.
 */
static size_t aligned(size_t size)
{
	return (size + _Alignof(struct cell) - 1) / _Alignof(struct cell) * _Alignof(struct cell);
}

static size_t text_size(const struct cell *cell)
{
	return cell->null ? 0 : cell->text.len;
}

static size_t list_size(const struct cell *cell)
{
	size_t size = cell->list.count * sizeof(struct cell);

	for (size_t i = 0; i < cell->list.count; i++)
		size += text_size(&cell->list.cells[i]);
	return size;
}

static size_t pairs_size(const struct cell *cell)
{
	size_t size = cell->pairs.count * sizeof(struct pair);

	for (size_t i = 0; i < cell->pairs.count; i++) {
		const struct pair *pair = &cell->pairs.pairs[i];

		size += strlen(pair->name) + 1;
		size += pair->text ? text_size(&pair->value) : 0;
	}
	return size;
}

/* Bytes a cell needs behind the row. */
static size_t extra_size(enum column_kind kind, const struct cell *cell)
{
	if (kind == COLUMN_RATE || cell->null)
		return 0;
	switch (kind) {
	case COLUMN_TEXT:
		return aligned(cell->text.len);
	case COLUMN_LIST:
		return aligned(list_size(cell));
	case COLUMN_PAIRS:
		return aligned(pairs_size(cell));
	case COLUMN_HISTOGRAM:
		return aligned(histogram_packed_size(cell->histogram));
	default:
		return 0;
	}
}

static void copy_text(struct cell *to, const struct cell *from, char **bytes)
{
	*to = *from;
	if (from->null)
		return;
	to->text.bytes = *bytes;
	if (from->text.len)
		memcpy(*bytes, from->text.bytes, from->text.len);
	*bytes += from->text.len;
}

static void copy_list(struct cell *to, const struct cell *from, void *room)
{
	struct cell *items = room;
	char *bytes = (char *)(items + from->list.count);

	to->list.cells = items;
	for (size_t i = 0; i < from->list.count; i++)
		copy_text(&items[i], &from->list.cells[i], &bytes);
}

static void copy_pairs(struct cell *to, const struct cell *from, void *room)
{
	struct pair *pairs = room;
	char *bytes = (char *)(pairs + from->pairs.count);

	to->pairs.pairs = pairs;
	for (size_t i = 0; i < from->pairs.count; i++) {
		const struct pair *pair = &from->pairs.pairs[i];
		size_t size = strlen(pair->name) + 1;

		pairs[i] = *pair;
		pairs[i].name = memcpy(bytes, pair->name, size);
		bytes += size;
		if (pair->text)
			copy_text(&pairs[i].value, &pair->value, &bytes);
	}
}

static void copy_cell(enum column_kind kind, struct cell *to, const struct cell *from, char *room)
{
	if (kind == COLUMN_RATE) {
		to->null = true;
		return;
	}
	*to = *from;
	if (from->null)
		return;
	if (kind == COLUMN_TEXT) {
		copy_text(to, from, &room);
	} else if (kind == COLUMN_LIST) {
		copy_list(to, from, room);
	} else if (kind == COLUMN_PAIRS) {
		copy_pairs(to, from, room);
	} else if (kind == COLUMN_HISTOGRAM) {
		histogram_pack((struct packed_histogram *)room, from->histogram);
		to->packed = (struct packed_histogram *)room;
	}
}

static struct cell *copy_row(const struct report *report, const struct cell *cells)
{
	const struct report_options *opts = &report->opts;
	size_t size = opts->ncolumns * sizeof(*cells);
	struct cell *row;
	char *room;

	for (size_t i = 0; i < opts->ncolumns; i++)
		size += extra_size(opts->columns[i].kind, &cells[report->at[i]]);
	row = calloc(1, size + 1);
	if (!row)
		return NULL;
	room = (char *)(row + opts->ncolumns);
	for (size_t i = 0; i < opts->ncolumns; i++) {
		const struct cell *from = &cells[report->at[i]];

		copy_cell(opts->columns[i].kind, &row[i], from, room);
		room += extra_size(opts->columns[i].kind, from);
	}
	return row;
}

int report_row(struct report *report, const struct cell *cells)
{
	const struct report_options *opts = &report->opts;

	if (report->nrows == report->rows_size) {
		size_t size = report->rows_size ? 2 * report->rows_size : 64;
		struct cell **rows = reallocarray(report->rows, size, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		report->rows = rows;
		report->rows_size = size;
	}
	report->rows[report->nrows] = copy_row(report, cells);
	if (!report->rows[report->nrows])
		return -ENOMEM;
	report->nrows++;
	for (size_t i = 0; i < opts->ncolumns; i++) {
		const struct cell *cell = &cells[report->at[i]];

		if (opts->columns[i].kind == COLUMN_COUNT && !cell->null)
			report->sums[i] = add_saturated(report->sums[i], cell->number);
	}
	return 0;
}

int report_totals(struct report *report, const struct cell *cells, uint64_t fields)
{
	const struct report_options *opts = &report->opts;

	for (size_t i = 0; i < opts->ncolumns && i < 64; i++) {
		enum column_kind kind = opts->columns[i].kind;

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
	enum column_kind kind = opts->columns[key].kind;
	/* The reverse of A to Z; what is unknown stays last. */
	bool z_to_a = opts->ascending && table_is_text(kind) && !a[key].null && !b[key].null;
	int order;

	order = z_to_a ? compare_cells(kind, &b[key], &a[key], true) :
			 compare_cells(kind, &a[key], &b[key], opts->ascending);
	for (size_t i = 0; i < opts->ncolumns && !order; i++)
		order = compare_cells(opts->columns[i].kind, &a[i], &b[i], true);
	return order;
}

void rows_sort(struct report *report)
{
	if (report->nrows > 1)
		qsort_r(report->rows, report->nrows, sizeof(*report->rows), compare_rows, report);
}

void rows_forget(struct report *report)
{
	for (size_t i = 0; i < report->nrows; i++)
		free(report->rows[i]);
	report->nrows = 0;
	report->totalled = 0;
	memset(report->sums, 0, report->opts.ncolumns * sizeof(*report->sums));
}
