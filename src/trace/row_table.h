/* SPDX-License-Identifier: MIT */
/*
 * A table of rows that are added up: a key that is added several times, by several CPUs and
 * readings, is one row. Only the owner of the table knows what is in a value.
 */
#ifndef ROW_TABLE_H
#define ROW_TABLE_H

#include <stddef.h>

#include "group_by.h"

struct rows_sum;

/** rows_merge_fn - add the value @from to the value @to. */
typedef void (*rows_merge_fn)(void *to, const void *from);

/**
 * rows_sum_new() - make an empty table
 * @value_size: bytes of a value
 * @merge:      adds two values
 * Return: 0 or -ENOMEM. Release with rows_sum_free().
 */
int rows_sum_new(struct rows_sum **rowsp, size_t value_size, rows_merge_fn merge);

/** rows_sum_free() - release the table; NULL is fine. */
void rows_sum_free(struct rows_sum *rows);

/**
 * rows_sum_add() - add a value to the row of an id
 * Copies both. Return: 0 or -ENOMEM.
 */
int rows_sum_add(struct rows_sum *rows, const struct row_id *id, const void *value);

/** rows_sum_count() - number of rows. */
size_t rows_sum_count(const struct rows_sum *rows);

/**
 * rows_sum_at() - row number @i, in the order in which rows were added
 * @id: set to what the row is about
 * Return: its value. Both are valid until the next addition.
 */
void *rows_sum_at(const struct rows_sum *rows, size_t i, const struct row_id **id);

/** rows_sum_find() - value of an id, valid until the next addition. Return: NULL: no such row. */
void *rows_sum_find(const struct rows_sum *rows, const struct row_id *id);

/** rows_sum_clear() - remove all rows, and give back memory beyond what is usual. */
void rows_sum_clear(struct rows_sum *rows);

#endif
