/* SPDX-License-Identifier: MIT */
/* A set of 32-bit ids, as a sorted array. */
#ifndef ID_SET_H
#define ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct id_set - @ids: sorted, each once; heap memory, or NULL when @count is 0 */
struct id_set {
	uint32_t *ids;
	size_t count;
};

/** id_set_add() - unless it is there already. Return: 0 or -ENOMEM. */
int id_set_add(struct id_set *list, uint32_t id);

/** id_set_has() - is it there? */
bool id_set_has(const struct id_set *list, uint32_t id);

#endif
