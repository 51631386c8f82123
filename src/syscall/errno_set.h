/* SPDX-License-Identifier: MIT */
/* A choice of errnos: the value of --errno. */
#ifndef ERRNO_SET_H
#define ERRNO_SET_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "program_text.h"

enum {
	ERRNOS_MAX = 64,
	ERRNO_TEXT_MAX = 24,
};

/** struct errnos - numbers, in the order they were given; none: any */
struct errnos {
	uint16_t numbers[ERRNOS_MAX];
	size_t count;
};

/** errnos_add() - "ENOENT,13": names or numbers. Return: 0, or -EINVAL with what is wrong. */
int errnos_add(struct errnos *errnos, const char *list, struct error *err);

/** errnos_define() - FILTER_ERRNO(e) for the program, when there are any. */
void errnos_define(const struct errnos *errnos, struct source *source);

/** errno_text() - its name, or the number in @buf when it has none. */
const char *errno_text(uint16_t number, char buf[ERRNO_TEXT_MAX]);

#endif
