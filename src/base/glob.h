/* SPDX-License-Identifier: MIT */
/* Globs over bytes as fnmatch(3) knows them (* ? [a-z] [!a-z] \c), in a form that can be handed to
 * a BPF program. */
#ifndef GLOB_H
#define GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GLOB_ELEMENTS_MAX = 64,
};

/**
 * struct glob - a pattern
 * @accepts: for each element, the set of bytes it matches (one bit a byte)
 * @count:   elements that match exactly one byte
 * @stars:   bit i: a `*` stands before element i
 */
struct glob {
	uint64_t accepts[GLOB_ELEMENTS_MAX][4];
	size_t count;
	uint64_t stars;
};

/** glob_parse() - Return: 0, -EINVAL (a bracket is not closed), -ERANGE (too many elements). */
int glob_parse(struct glob *glob, const char *pattern);

/** glob_matches() - does the whole of @name match? The same walk as programs/lib/filter.bpf.h. */
bool glob_matches(const struct glob *glob, const char *name, size_t len);

#endif
