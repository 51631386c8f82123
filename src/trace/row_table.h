/* SPDX-License-Identifier: MIT */
/*
 * Rows that are added up: the same key may be added many times, by several CPUs and readings, and
 * comes out once.
 *
 * A value is @value_size bytes whose adding-up its owner knows.
 */
#ifndef ROW_TABLE_H
#define ROW_TABLE_H

#include <stddef.h>

#include "group_by.h"

struct rows_sum;

/** rows_merge_fn - add @from to @to. */
typedef void (*rows_merge_fn)(void *to, const void *from);

/** rows_sum_new() - Return: 0 or -ENOMEM. */
int rows_sum_new(struct rows_sum **rowsp, size_t value_size, rows_merge_fn merge);

/** rows_sum_free() - NULL is fine. */
void rows_sum_free(struct rows_sum *rows);

/** rows_sum_add() - both are copied. Return: 0 or -ENOMEM. */
int rows_sum_add(struct rows_sum *rows, const struct row_id *id, const void *value);

/** rows_sum_count() - how many there are. */
size_t rows_sum_count(const struct rows_sum *rows);

/** rows_sum_at() - number @i, in the order in which they came. Return: its value; *@id: what it is
 * about. Both valid until the next addition. */
void *rows_sum_at(const struct rows_sum *rows, size_t i, const struct row_id **id);

/** rows_sum_find() - the value for an id, or NULL; valid until the next addition. */
void *rows_sum_find(const struct rows_sum *rows, const struct row_id *id);

/** rows_sum_clear() - forget all; memory beyond what is usual is given back. */
void rows_sum_clear(struct rows_sum *rows);

#endif
