/* SPDX-License-Identifier: MIT */
/*
 * Constants that arguments of system calls are made of, in sets: "open_flags", "signals". Their
 * names and values come from the system's headers when the tools are built: constants.txt says
 * which sets there are, and constants.py makes the table.
 */
#ifndef CONSTANTS_H
#define CONSTANTS_H

#include <stddef.h>
#include <stdint.h>

/** struct constant - @value: a negative one is extended to 64 bits */
struct constant {
	const char *name;
	uint64_t value;
};

/** struct constant_set - @entries: sorted by value, each value once */
struct constant_set {
	const char *name;
	const struct constant *entries;
	size_t count;
};

/** constant_sets - all of them; the last one has no name. Made by constants.py. */
extern const struct constant_set constant_sets[];

enum {
	CONSTANTS_SPLIT_MAX = 64, /* names of one value: there are no more bits */
};

/** constants_find() - the set with this name. Return: static storage, or NULL. */
const struct constant_set *constants_find(const char *name);

/**
 * constants_name() - the constant that is this value
 * @mask: which bits to compare, for a value of fewer than 64
 *
 * Return: static storage, or NULL.
 */
const char *constants_name(const struct constant_set *set, uint64_t value, uint64_t mask);

/**
 * constants_split() - the constants whose bits are all in a value
 * @names: filled, in the order of their values; CONSTANTS_SPLIT_MAX are always enough
 * @max:   room in @names
 * @rest:  the bits that no constant has
 *
 * A constant whose bits are all part of another one that is there too is left out: O_SYNC stands
 * for O_DSYNC.
 *
 * Return: how many names.
 */
size_t constants_split(const struct constant_set *set, uint64_t value, const char **names,
		       size_t max, uint64_t *rest);

#endif
