/* SPDX-License-Identifier: MIT */
/* What was asked for instead of a run: --help, --version, --clear-cache, --check, --ebpf,
 * --explain. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "session.h"

/**
 * answers_print() - print it to standard output
 * @s:      options are there; for --check, --ebpf and --explain also the kernel
 * @status: set to the exit status when it can be written
 * Return: 0 or negative errno.
 */
int answers_print(struct session *s, int *status, struct error *err);

#endif
