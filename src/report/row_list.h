/* SPDX-License-Identifier: MIT */
/*
 * The rows of one interval: gathered one by one, summed on the way, then sorted. Their memory is
 * one arena, so forgetting all of them is cheap. When only the top N are shown, only these are
 * kept; sums and the number of rows cover all.
 */
#ifndef ROW_LIST_H
#define ROW_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

struct cell;
struct report;

/**
 * struct rows - rows of an interval, and what is known of all of them
 * @list:     the rows that are kept, each an array of cells in the order of the report's columns
 * @count:    how many are kept
 * @capacity: how many @list has memory for
 * @seen:     how many were given, kept or not
 * @memory:   what @list points to
 * @sums:     per column: the sum over all rows; meaningful for COLUMN_COUNT
 * @totals:   per column: what report_totals() gave
 * @totalled: bit i: @totals[i] was given
 */
struct rows {
	struct cell **list;
	size_t count;
	size_t capacity;
	size_t seen;
	struct arena memory;
	uint64_t *sums;
	struct cell *totals;
	uint64_t totalled;
};

/**
 * rows_init() - make room for sums and totals; nothing is gathered yet
 * @rows:     all zero; release with rows_free() also after a failure
 * @ncolumns: columns of the report
 *
 * Return: 0 or -ENOMEM.
 */
int rows_init(struct rows *rows, size_t ncolumns);

/** rows_free() - release everything; fine when @rows is all zero. */
void rows_free(struct rows *rows);

/** rows_forget() - remove all rows, sums and totals, and keep the memory for the next interval. */
void rows_forget(struct rows *rows, size_t ncolumns);

/** rows_sort() - bring the rows into the order that the options of @report ask for. */
void rows_sort(struct rows *rows, const struct report *report);

/**
 * row_size() - bytes of a copy of a row
 * @report: tells the kinds of the columns
 * @cells:  one for each column of the report, in their order; those of RATE columns are null
 */
size_t row_size(const struct report *report, const struct cell *cells);

/**
 * row_copy() - copy a row together with everything its cells point to
 * @report: as for row_size()
 * @cells:  as for row_size()
 * @memory: row_size() bytes, aligned for any type
 *
 * Return: the copy, at @memory.
 */
struct cell *row_copy(const struct report *report, const struct cell *cells, void *memory);

#endif
