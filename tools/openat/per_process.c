/* SPDX-License-Identifier: MIT */
/* Sums per process. See totals.h. */
#define _GNU_SOURCE
#include "per_process.h"

#include <errno.h>
#include <stdlib.h>

enum {
	ROOM_MIN = 1024, /* a power of two */
};

enum state {
	FREE,
	KNOWN,
	GONE, /* when it was last looked at */
};

struct total {
	uint64_t sum;
	uint32_t pid;
	enum state state;
};

/**
 * struct totals - a hash table, where who finds its place taken goes to the next free one
 * @room:  places, a power of two; at most three of four are taken
 * @alive: processes that were alive when it was last looked
 * @gone:  processes that were gone then, and are still here
 * @fresh: processes that have come since
 * @past:  of those that have been forgotten
 */
struct totals {
	struct total *table;
	size_t room, count, alive, gone, fresh;
	struct spread past;
};

int totals_new(struct totals **totalsp)
{
	struct totals *t = calloc(1, sizeof(*t));
	struct total *table = calloc(ROOM_MIN, sizeof(*table));

	if (!t || !table) {
		free(t);
		free(table);
		return -ENOMEM;
	}
	t->table = table;
	t->room = ROOM_MIN;
	*totalsp = t;
	return 0;
}

void totals_free(struct totals *t)
{
	if (!t)
		return;
	free(t->table);
	free(t);
}

/* The place of @pid, or the free one where it would be. */
static struct total *find(struct total *table, size_t room, uint32_t pid)
{
	/* Ids follow each other: multiplied by 2^64 over the golden ratio, they are far apart. */
	size_t at = (pid * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & (room - 1);

	while (table[at].state != FREE && table[at].pid != pid)
		at = (at + 1) & (room - 1);
	return &table[at];
}

static bool is_full(size_t count, size_t room)
{
	return count > room / 4 * 3;
}

/* Into a table of @room places; those that are gone, into the past when @forget. */
static int move(struct totals *t, size_t room, bool forget)
{
	struct total *table = calloc(room, sizeof(*table));

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < t->room; i++) {
		const struct total *total = &t->table[i];

		if (total->state == GONE && forget)
			spread_add(&t->past, total->sum);
		else if (total->state != FREE)
			*find(table, room, total->pid) = *total;
	}
	free(t->table);
	t->table = table;
	t->room = room;
	return 0;
}

int totals_add(struct totals *t, uint32_t pid, uint64_t count)
{
	struct total *total = find(t->table, t->room, pid);

	if (total->state == FREE) {
		if (is_full(t->count + 1, t->room)) {
			if (move(t, 2 * t->room, false) < 0)
				return -ENOMEM;
			total = find(t->table, t->room, pid);
		}
		*total = (struct total){ .pid = pid, .state = KNOWN };
		t->count++;
		t->fresh++;
	}
	total->sum += count;
	return 0;
}

static int forget_gone(struct totals *t)
{
	size_t left = t->count - t->gone, room = ROOM_MIN;

	if (!t->gone)
		return 0;
	while (is_full(left, room / 2))
		room *= 2;
	if (move(t, room, true) < 0)
		return -ENOMEM;
	t->count = left;
	t->gone = 0;
	return 0;
}

static void look(struct totals *t, totals_alive_fn alive, void *context)
{
	for (size_t i = 0; i < t->room; i++) {
		struct total *total = &t->table[i];

		if (total->state == KNOWN && !alive(total->pid, context)) {
			total->state = GONE;
			t->gone++;
		}
	}
	t->alive = t->count - t->gone;
	t->fresh = 0;
}

int totals_fold(struct totals *t, totals_alive_fn alive, void *context)
{
	int r = forget_gone(t);

	if (r < 0)
		return r;
	if (t->fresh > TOTALS_FRESH_MAX + t->alive / 4)
		look(t, alive, context);
	return 0;
}

size_t totals_count(const struct totals *t)
{
	return t->count;
}

const struct spread *totals_finish(struct totals *t)
{
	for (size_t i = 0; i < t->room; i++) {
		if (t->table[i].state != FREE)
			spread_add(&t->past, t->table[i].sum);
		t->table[i] = (struct total){ .state = FREE };
	}
	t->count = t->alive = t->gone = t->fresh = 0;
	return &t->past;
}
