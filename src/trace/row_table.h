/* SPDX-License-Identifier: MIT */
/*
 * A table of rows that are added up: a key that is added several times, by several CPUs and
 * readings, is one row. Only the owner of the table knows what is in a value.
 */
#ifndef ROW_TABLE_H
#define ROW_TABLE_H

#include <stddef.h>

#include "group_by.h"

struct row_table;

/** row_merge_fn - add the value @from to the value @to. */
typedef void (*row_merge_fn)(void *to, const void *from);

/*
 * A process that makes up names must not fill the memory: a table has at most ROWS_MAX rows, and at
 * most as many as fit into ROWS_BYTES.
 */
enum {
	ROWS_MAX = 262144,
	ROWS_BYTES = 256 << 20,
};

/**
 * row_table_new() - make an empty table
 * @value_size: bytes of a value
 * @merge:      adds two values
 * Return: 0 or -ENOMEM. Release with row_table_free().
 */
int row_table_new(struct row_table **rowsp, size_t value_size, row_merge_fn merge);

/** row_table_free() - release the table; NULL is fine. */
void row_table_free(struct row_table *rows);

/**
 * row_table_add() - add a value to the row of an id
 * Copies both. Return: 0; -ENOSPC when the table is full and has no row of this id; or -ENOMEM.
 */
int row_table_add(struct row_table *rows, const struct row_id *id, const void *value);

/** row_table_count() - number of rows. */
size_t row_table_count(const struct row_table *rows);

/** row_table_most() - number of rows for which there is room. */
size_t row_table_most(const struct row_table *rows);

/**
 * row_table_at() - row number @i, in the order in which rows were added
 * @id: set to what the row is about
 * Return: its value. Both are valid until the next addition.
 */
void *row_table_at(const struct row_table *rows, size_t i, const struct row_id **id);

/** row_table_find() - value of an id, valid until the next addition. Return: NULL: no such row. */
void *row_table_find(const struct row_table *rows, const struct row_id *id);

/** row_table_clear() - remove all rows, and give back memory beyond what is usual. */
void row_table_clear(struct row_table *rows);

#endif
