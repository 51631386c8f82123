/* SPDX-License-Identifier: MIT */
/* A set of 32-bit ids, such as the processes of `--pid`, as a sorted array. */
#ifndef ID_SET_H
#define ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct id_set - all zero is an empty one
 * @ids:   in ascending order, each id once; heap memory that the owner frees, or NULL
 * @count: number of ids
 */
struct id_set {
	uint32_t *ids;
	size_t count;
};

/** id_set_add() - add an id, unless it is there already. Return: 0 or -ENOMEM. */
int id_set_add(struct id_set *set, uint32_t id);

/** id_set_has() - is this id in the set? */
bool id_set_has(const struct id_set *set, uint32_t id);

#endif
