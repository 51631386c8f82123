/* SPDX-License-Identifier: MIT */
/* Rows that are added up. See rows_sum.h. */
#define _GNU_SOURCE
#include "row_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST = 256,    /* rows there is room for at first */
	KEPT = 1 << 20, /* bytes of rows that stay allocated when cleared */
};

/*
 * The rows one after the other as they come, and a hash table of their numbers.
 *
 * @places: 2 * @room of them, so that one in two at least is free: 0, or a row's number and 1. Who
 * finds its place taken goes to the next free one
 * @room:   a power of two, or 0
 */
struct rows_sum {
	size_t value_size, row_size;
	rows_merge_fn merge;
	char *rows;
	uint32_t *places;
	size_t count, room;
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
	free(rows->places);
	free(rows->rows);
	free(rows);
}

static char *row_at(const struct rows_sum *rows, size_t i)
{
	return rows->rows + i * rows->row_size;
}

static uint64_t hash(const struct row_id *id)
{
	uint64_t words[sizeof(*id) / sizeof(uint64_t)], h = 0;

	memcpy(words, id, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		h = (h ^ words[i]) *
		    UINT64_C(0x9e3779b97f4a7c15); /* 2^64 divided by the golden ratio */
		h ^= h >> 32;
	}
	return h;
}

/* Where a row is, or a free place where it would be. There must be room. */
static uint32_t *place_of(const struct rows_sum *rows, const struct row_id *id)
{
	size_t last = 2 * rows->room - 1, at = (size_t)hash(id) & last;

	while (rows->places[at] && memcmp(row_at(rows, rows->places[at] - 1), id, sizeof(*id)) != 0)
		at = (at + 1) & last;
	return &rows->places[at];
}

static int make_room(struct rows_sum *rows)
{
	size_t room = rows->room ? rows->room * 2 : FIRST;
	uint32_t *places;
	char *more;

	if (rows->count < rows->room)
		return 0;
	if (room > UINT32_MAX / 2)
		return -ENOMEM;
	more = reallocarray(rows->rows, room, rows->row_size);
	if (!more)
		return -ENOMEM;
	rows->rows = more;
	places = calloc(2 * room, sizeof(*places));
	if (!places)
		return -ENOMEM;
	free(rows->places);
	rows->places = places;
	rows->room = room;
	for (size_t i = 0; i < rows->count; i++)
		*place_of(rows, (const struct row_id *)row_at(rows, i)) = (uint32_t)i + 1;
	return 0;
}

int rows_sum_add(struct rows_sum *rows, const struct row_id *id, const void *value)
{
	int r = make_room(rows);
	uint32_t *place;
	char *row;

	if (r < 0)
		return r;
	place = place_of(rows, id);
	if (*place) {
		rows->merge(row_at(rows, *place - 1) + sizeof(*id), value);
		return 0;
	}
	row = row_at(rows, rows->count++);
	memcpy(row, id, sizeof(*id));
	memcpy(row + sizeof(*id), value, rows->value_size);
	*place = (uint32_t)rows->count;
	return 0;
}

size_t rows_sum_count(const struct rows_sum *rows)
{
	return rows->count;
}

void *rows_sum_at(const struct rows_sum *rows, size_t i, const struct row_id **id)
{
	char *row = row_at(rows, i);

	*id = (const struct row_id *)row;
	return row + sizeof(struct row_id);
}

void *rows_sum_find(const struct rows_sum *rows, const struct row_id *id)
{
	uint32_t number = rows->count ? *place_of(rows, id) : 0;

	return number ? row_at(rows, number - 1) + sizeof(struct row_id) : NULL;
}

void rows_sum_clear(struct rows_sum *rows)
{
	rows->count = 0;
	if (rows->room * rows->row_size <= KEPT) {
		if (rows->places)
			memset(rows->places, 0, 2 * rows->room * sizeof(*rows->places));
		return;
	}
	free(rows->rows);
	free(rows->places);
	rows->rows = NULL;
	rows->places = NULL;
	rows->room = 0;
}
