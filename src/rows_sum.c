/* SPDX-License-Identifier: MIT */
/* Rows that are added up. See rows_sum.h. */
#define _GNU_SOURCE
#include "rows_sum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST = 256,       /* rows there is room for at first */
	KEPT = 1 << 20,    /* bytes that stay allocated when cleared */
};

/* @sorted: the first so many rows are in order and each there once. */
struct rows_sum {
	size_t value_size, row_size;
	rows_merge_fn merge;
	char *rows;
	size_t count, sorted, room;
};

int rows_sum_new(struct rows_sum **rowsp, size_t value_size, rows_merge_fn merge)
{
	struct rows_sum *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	rows->value_size = value_size;
	rows->row_size = (sizeof(struct row_id) + value_size + 7) / 8 * 8;
	rows->merge = merge;
	*rowsp = rows;
	return 0;
}

void rows_sum_free(struct rows_sum *rows)
{
	if (!rows)
		return;
	free(rows->rows);
	free(rows);
}

static char *row_at(const struct rows_sum *rows, size_t i)
{
	return rows->rows + i * rows->row_size;
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct row_id));
}

static void settle(struct rows_sum *rows)
{
	size_t kept = 0;

	if (rows->sorted == rows->count)
		return;
	qsort(rows->rows, rows->count, rows->row_size, compare_ids);
	for (size_t i = 1; i < rows->count; i++) {
		char *last = row_at(rows, kept), *row = row_at(rows, i);

		if (compare_ids(last, row) == 0)
			rows->merge(last + sizeof(struct row_id), row + sizeof(struct row_id));
		else if (++kept != i)
			memcpy(row_at(rows, kept), row, rows->row_size);
	}
	rows->count = rows->sorted = kept + 1;
}

/* Merging first: what is added is often there already. */
static int make_room(struct rows_sum *rows)
{
	size_t room;
	char *more;

	if (rows->count < rows->room)
		return 0;
	settle(rows);
	if (rows->room && rows->count * 2 <= rows->room)
		return 0;
	room = rows->room ? rows->room * 2 : FIRST;
	more = reallocarray(rows->rows, room, rows->row_size);
	if (!more)
		return -ENOMEM;
	rows->rows = more;
	rows->room = room;
	return 0;
}

int rows_sum_add(struct rows_sum *rows, const struct row_id *id, const void *value)
{
	int r = make_room(rows);
	char *row;

	if (r < 0)
		return r;
	row = row_at(rows, rows->count++);
	memcpy(row, id, sizeof(*id));
	memcpy(row + sizeof(*id), value, rows->value_size);
	return 0;
}

size_t rows_sum_count(struct rows_sum *rows)
{
	settle(rows);
	return rows->count;
}

void *rows_sum_at(struct rows_sum *rows, size_t i, const struct row_id **id)
{
	char *row;

	settle(rows);
	row = row_at(rows, i);
	*id = (const struct row_id *)row;
	return row + sizeof(struct row_id);
}

void *rows_sum_find(struct rows_sum *rows, const struct row_id *id)
{
	char *row = NULL;

	settle(rows);
	if (rows->count)
		row = bsearch(id, rows->rows, rows->count, rows->row_size, compare_ids);
	return row ? row + sizeof(struct row_id) : NULL;
}

void rows_sum_clear(struct rows_sum *rows)
{
	rows->count = rows->sorted = 0;
	if (rows->room * rows->row_size <= KEPT)
		return;
	free(rows->rows);
	rows->rows = NULL;
	rows->room = 0;
}
