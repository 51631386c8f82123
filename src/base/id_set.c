/* SPDX-License-Identifier: MIT */
/* A set of 32-bit ids. See id_set.h. */
#include "id_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where an id is, or would be. */
static size_t place(const struct id_set *list, uint32_t id)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (list->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool id_set_has(const struct id_set *list, uint32_t id)
{
	size_t at = place(list, id);

	return at < list->count && list->ids[at] == id;
}

int id_set_add(struct id_set *list, uint32_t id)
{
	size_t at = place(list, id);
	uint32_t *more;

	if (id_set_has(list, id))
		return 0;
	/* By powers of two: a list may be as long as there are threads. */
	if ((list->count & (list->count - 1)) == 0) {
		more = reallocarray(list->ids, list->count ? 2 * list->count : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->ids = more;
	}
	memmove(&list->ids[at + 1], &list->ids[at], (list->count - at) * sizeof(*list->ids));
	list->ids[at] = id;
	list->count++;
	return 0;
}
