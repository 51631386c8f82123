/* SPDX-License-Identifier: MIT */
/*
 * A set of errnos, the value of `--errno`: parsed from names and numbers, and turned into a C
 * expression for a program.
 */
#ifndef ERRNO_SET_H
#define ERRNO_SET_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum {
	ERRNO_SET_MAX = 64,
	ERRNO_TEXT_MAX = 24, /* bytes that errno_text() needs */
	ERRNO_SET_EXPRESSION_MAX =
		16 * ERRNO_SET_MAX + 3, /* bytes that errno_set_expression() needs */
};

/** struct errno_set - @count numbers, in the order in which they were given; none means any errno
 */
struct errno_set {
	uint16_t numbers[ERRNO_SET_MAX];
	size_t count;
};

/**
 * errno_set_add() - add errnos to a set
 * @errnos: the set
 * @list:   names or numbers, separated by commas: "ENOENT,13"; the case of names does not matter
 * @err:    filled on failure with the word that is wrong
 *
 * Return: 0, -EINVAL or -ENOMEM; after a failure some errnos of the list may have been added.
 */
int errno_set_add(struct errno_set *errnos, const char *list, struct error *err);

/**
 * errno_set_expression() - the set as a C expression of `e`: "((e) == 2 || (e) == 13)"
 * @errnos: the set
 * @buf:    ERRNO_SET_EXPRESSION_MAX bytes
 *
 * Return: @buf, which is an empty string when the set is empty.
 */
const char *errno_set_expression(const struct errno_set *errnos, char *buf);

/**
 * errno_set_word() - a name that errno_set_add() takes
 * @index:   0 is the first
 * @numberp: the errno of this name
 * Return: static storage; NULL if there are fewer names.
 */
const char *errno_set_word(size_t index, int *numberp);

/** errno_text() - the name of an errno, or its number in @buf when it has no name. */
const char *errno_text(uint16_t number, char buf[ERRNO_TEXT_MAX]);

#endif
