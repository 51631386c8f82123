/* SPDX-License-Identifier: MIT */
/*
 * A copy of a row. See row_list.h.
 *
 * A copy is one allocation, because an interval can have tens of thousands of rows: first the
 * cells, then what each cell points to. Of a list or pairs the elements come first, which must be
 * aligned, then their bytes.
 */
#include <string.h>

#include "internal.h"
#include "packed_histogram.h"

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

/* Bytes behind the row that a cell points to. */
static size_t extra_size(enum column_kind kind, const struct cell *cell)
{
	if (cell->null)
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

static void copy_list(struct cell *to, const struct cell *from, void *memory)
{
	struct cell *items = memory;
	char *bytes = (char *)(items + from->list.count);

	to->list.cells = items;
	for (size_t i = 0; i < from->list.count; i++)
		copy_text(&items[i], &from->list.cells[i], &bytes);
}

static void copy_pairs(struct cell *to, const struct cell *from, void *memory)
{
	struct pair *pairs = memory;
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

static void copy_cell(enum column_kind kind, struct cell *to, const struct cell *from, char *memory)
{
	*to = *from;
	if (from->null)
		return;
	if (kind == COLUMN_TEXT) {
		copy_text(to, from, &memory);
	} else if (kind == COLUMN_LIST) {
		copy_list(to, from, memory);
	} else if (kind == COLUMN_PAIRS) {
		copy_pairs(to, from, memory);
	} else if (kind == COLUMN_HISTOGRAM) {
		histogram_pack((struct packed_histogram *)memory, from->histogram);
		to->packed = (struct packed_histogram *)memory;
	}
}

size_t row_size(const struct report *report, const struct cell *cells)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t size = layout->ncolumns * sizeof(*cells);

	for (size_t i = 0; i < layout->ncolumns; i++)
		size += extra_size(layout->columns[i].kind, &cells[i]);
	return size;
}

struct cell *row_copy(const struct report *report, const struct cell *cells, void *memory)
{
	const struct report_layout *layout = &report->opts.layout;
	struct cell *row = memory;
	char *extra = (char *)(row + layout->ncolumns);

	for (size_t i = 0; i < layout->ncolumns; i++) {
		copy_cell(layout->columns[i].kind, &row[i], &cells[i], extra);
		extra += extra_size(layout->columns[i].kind, &cells[i]);
	}
	return row;
}
