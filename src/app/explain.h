/* SPDX-License-Identifier: MIT */
/*
 * --explain: what a run with these options does, in order, for people: the hooks and why they were
 * chosen, the maps and what they are for, what the filters became, and the program.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdio.h>

#include "session.h"

/**
 * explain_print() - print it
 * @s: options and kernel are there
 *
 * Compiles the program of the first probe set that is possible, and loads nothing; so it takes no
 * privilege.
 *
 * Return: 0 or negative errno.
 */
int explain_print(struct session *s, FILE *out, struct error *err);

#endif
