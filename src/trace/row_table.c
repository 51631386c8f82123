/* SPDX-License-Identifier: MIT */
/* Rows that are added up by their keys. See row_table.h. */
#define _GNU_SOURCE
#include "row_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum {
	KEPT = 1 << 20, /* bytes of rows that stay allocated when the table is cleared */
};

/* @rows: each an id and its value, in the order in which they came */
struct row_table {
	size_t value_size, row_size;
	row_merge_fn merge;
	char *rows;
	struct hash_index index;
};

int row_table_new(struct row_table **rowsp, size_t value_size, row_merge_fn merge)
{
	struct row_table *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	rows->value_size = value_size;
	rows->row_size = (sizeof(struct row_id) + value_size + 7) / 8 * 8;
	rows->merge = merge;
	*rowsp = rows;
	return 0;
}

void row_table_free(struct row_table *rows)
{
	if (!rows)
		return;
	hash_index_free(&rows->index);
	free(rows->rows);
	free(rows);
}

size_t row_table_most(const struct row_table *rows)
{
	size_t fit = ROWS_BYTES / rows->row_size;

	return fit < ROWS_MAX ? fit : ROWS_MAX;
}

static char *row_at(const struct row_table *rows, size_t i)
{
	return rows->rows + i * rows->row_size;
}

static uint64_t hash_row(const void *owner, uint32_t i)
{
	return hash_bytes(row_at(owner, i), sizeof(struct row_id));
}

static bool has_id(const void *owner, uint32_t i, const void *id)
{
	return memcmp(row_at(owner, i), id, sizeof(struct row_id)) == 0;
}

static uint32_t find(const struct row_table *rows, const struct row_id *id)
{
	return hash_index_find(&rows->index, hash_bytes(id, sizeof(*id)), has_id, rows, id);
}

int row_table_add(struct row_table *rows, const struct row_id *id, const void *value)
{
	uint32_t i = find(rows, id);
	char *row;

	if (i != HASH_NONE) {
		rows->merge(row_at(rows, i) + sizeof(*id), value);
		return 0;
	}
	if (rows->index.count >= row_table_most(rows))
		return -ENOSPC;
	if (hash_index_reserve(&rows->index, &rows->rows, rows->row_size, hash_row, rows) < 0)
		return -ENOMEM;
	row = row_at(rows, rows->index.count);
	memcpy(row, id, sizeof(*id));
	memcpy(row + sizeof(*id), value, rows->value_size);
	hash_index_add(&rows->index, hash_bytes(id, sizeof(*id)));
	return 0;
}

size_t row_table_count(const struct row_table *rows)
{
	return rows->index.count;
}

void *row_table_at(const struct row_table *rows, size_t i, const struct row_id **id)
{
	char *row = row_at(rows, i);

	*id = (const struct row_id *)row;
	return row + sizeof(struct row_id);
}

void *row_table_find(const struct row_table *rows, const struct row_id *id)
{
	uint32_t i = find(rows, id);

	return i == HASH_NONE ? NULL : row_at(rows, i) + sizeof(*id);
}

void row_table_clear(struct row_table *rows)
{
	if (rows->index.size / 2 * rows->row_size <= KEPT) {
		hash_index_refill(&rows->index, 0, hash_row, rows);
		return;
	}
	free(rows->rows);
	rows->rows = NULL;
	hash_index_free(&rows->index);
}
