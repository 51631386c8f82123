/* SPDX-License-Identifier: MIT */
/*
 * Globs over bytes, with the syntax of fnmatch(3): * ? [a-z] [!a-z] \c. A pattern is parsed into
 * sets of bytes and one bit mask. From these trace/filter_program.c makes an expression for a BPF
 * program, which cannot call fnmatch(3).
 */
#ifndef GLOB_H
#define GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GLOB_ELEMENTS_MAX =
		64, /* one more than a pattern may have: glob_matches() keeps a bit each */
};

/**
 * struct glob - a parsed pattern
 * @accepts: for each element, the set of bytes that it matches, one bit a byte
 * @count:   number of elements; each matches exactly one byte
 * @stars:   bit i: a `*` stands before element i, or at the end if i is @count
 */
struct glob {
	uint64_t accepts[GLOB_ELEMENTS_MAX][4];
	size_t count;
	uint64_t stars;
};

/**
 * glob_parse() - parse a pattern
 *
 * Return: 0; -EINVAL when a bracket is not closed; -ERANGE when there are too many elements.
 */
int glob_parse(struct glob *glob, const char *pattern);

/** glob_is_possible() - is there a name that it matches? [z-a] matches no byte. */
bool glob_is_possible(const struct glob *glob);

/**
 * glob_matches() - does the pattern match all @len bytes of @name?
 *
 * The algorithm is the one of name_matches() in the programs.
 */
bool glob_matches(const struct glob *glob, const char *name, size_t len);

#endif
