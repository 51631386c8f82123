/* SPDX-License-Identifier: MIT */
/* The flags of open(2): their names, what a choice of them asks of a flags word, and what such a
 * word says. */
#ifndef OPENAT_OPEN_FLAGS_H
#define OPENAT_OPEN_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum {
	OPEN_FLAGS_MAX = 32,                 /* tests in a filter: there are fewer flags */
	OPEN_FLAGS_NAMES_MAX = 32,           /* names of any word, the unknown bits included */
	OPEN_FLAGS_UNKNOWN_MAX = 24,         /* "0x" and 16 digits */
	OPEN_FLAGS_EXPRESSION_MAX = 32 * 40, /* for any filter */
};

/**
 * struct open_flags_test - one flag: it is there when the bits of @mask are @value
 */
struct open_flags_test {
	uint64_t mask;
	uint64_t value;
};

/**
 * struct open_flags_filter - any of some flags
 * @tests: each once, in the order in which they were first named
 */
struct open_flags_filter {
	struct open_flags_test tests[OPEN_FLAGS_MAX];
	size_t count;
};

/**
 * open_flags_parse() - "O_CREAT,rdwr": with or without O_, in any case, each as often as you like
 *
 * O_RDONLY, O_WRONLY and O_RDWR look at the access mode. O_SYNC and O_TMPFILE have two bits and
 * want both; one of them is O_DSYNC or O_DIRECTORY, which are so found in these too.
 *
 * @out: added to
 * Return: 0, or -EINVAL with the flags there are. The text does not name the option.
 */
int open_flags_parse(const char *list, struct open_flags_filter *out, struct error *err);

/** open_flags_word() - the name of flag number @index, the access modes first; NULL: no more */
const char *open_flags_word(size_t index);

/** open_flags_only_read() - does it want O_RDONLY, and nothing else? */
bool open_flags_only_read(const struct open_flags_filter *filter);

/**
 * open_flags_expression() - a filter in C, for a #define: "(((f) & 3) == 2 || ((f) & 64) == 64)"
 * @buf: OPEN_FLAGS_EXPRESSION_MAX bytes are enough
 *
 * Of a word f, which may have 32 bits. A filter without tests is "(1)".
 * Return: its length, or -ENOSPC.
 */
int open_flags_expression(const struct open_flags_filter *filter, char *buf, size_t size);

/**
 * open_flags_names() - what a word says: O_RDONLY, O_CLOEXEC
 * @names:   the access mode first, then the others; static storage, or @unknown
 * @max:     so many there is room for; OPEN_FLAGS_NAMES_MAX are always enough
 * @unknown: OPEN_FLAGS_UNKNOWN_MAX bytes for the bits without a name: the last name, "0x80000000",
 * when there are any
 *
 * An access mode of 3 is O_ACCMODE. O_SYNC and O_TMPFILE stand for both of their bits.
 * Return: how many.
 */
size_t open_flags_names(uint64_t flags, const char **names, size_t max, char *unknown);

/** open_flags_makes() - could this open make a file, so that its mode matters? */
bool open_flags_makes(uint64_t flags);

#endif
