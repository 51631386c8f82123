/* SPDX-License-Identifier: MIT */
/* --check: what this kernel and user can do for a tool, item by item, and what to do about what is
 * missing. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

#include "session.h"

/**
 * check_print() - one line an item
 * @run: options and kernel are filled in
 * Return: exit status: 0 when the tool would run, 1 when not.
 */
int check_print(struct session *s, FILE *out);

#endif
