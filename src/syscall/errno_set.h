/* SPDX-License-Identifier: MIT */
/* A choice of errnos: the value of --errno. */
#ifndef ERRNO_SET_H
#define ERRNO_SET_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum {
	ERRNOS_MAX = 64,
	ERRNO_TEXT_MAX = 24,
	ERRNOS_EXPRESSION_MAX = 16 * ERRNOS_MAX + 3,
};

/** struct errnos - numbers, in the order they were given; none: any */
struct errnos {
	uint16_t numbers[ERRNOS_MAX];
	size_t count;
};

/** errnos_add() - "ENOENT,13": names or numbers. Return: 0, or -EINVAL with what is wrong. */
int errnos_add(struct errnos *errnos, const char *list, struct error *err);

/**
 * errnos_expression() - the choice as a C expression of `e`: "((e) == 2 || (e) == 13)"
 * @buf: ERRNOS_EXPRESSION_MAX bytes
 * Return: @buf, which is empty when there are no errnos.
 */
const char *errnos_expression(const struct errnos *errnos, char *buf);

/** errno_text() - its name, or the number in @buf when it has none. */
const char *errno_text(uint16_t number, char buf[ERRNO_TEXT_MAX]);

#endif
