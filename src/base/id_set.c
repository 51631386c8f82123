/* SPDX-License-Identifier: MIT */
/* A set of 32-bit ids. See id_set.h. */
#include "id_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The index at which an id is, or would have to be inserted. */
static size_t place(const struct id_set *set, uint32_t id)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (set->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool id_set_has(const struct id_set *set, uint32_t id)
{
	size_t at = place(set, id);

	return at < set->count && set->ids[at] == id;
}

int id_set_add(struct id_set *set, uint32_t id)
{
	size_t at = place(set, id);
	uint32_t *more;

	if (id_set_has(set, id))
		return 0;
	/* Grow by powers of two: a set can hold the id of every thread. */
	if ((set->count & (set->count - 1)) == 0) {
		more = reallocarray(set->ids, set->count ? 2 * set->count : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		set->ids = more;
	}
	memmove(&set->ids[at + 1], &set->ids[at], (set->count - at) * sizeof(*set->ids));
	set->ids[at] = id;
	set->count++;
	return 0;
}
