/* SPDX-License-Identifier: MIT */
/*
 * Where members of the kernel's structures lie, found out from the running kernel: for kernels
 * without BTF.
 *
 * Tasks of our own are made (task_subjects.h), about which everything is known: their ids, names,
 * parents, users, the times at which they began, how they end. Copies of their structures
 * (task_sampler.h) are searched for these facts. A member counts as found only if one offset alone
 * fits all tasks, which are processes and threads, parents and children; else it stays unknown.
 */
#ifndef OFFSET_FINDER_H
#define OFFSET_FINDER_H

#include <stdbool.h>

#include "error.h"

/** offset_found_fn - called for each member that was found; @member is a literal */
typedef void (*offset_found_fn)(const char *structure, const char *member, int offset,
				void *context);

/**
 * offset_finder_run() - find all that can be found
 * @tracks_compat: the kernel answers 32-bit calls of a 64-bit program
 * @found:         called for each
 *
 * Takes some ten milliseconds, and the privilege to load tracing programs.
 *
 * Return: 0, also when some members stay unknown; negative errno when nothing could be looked at.
 */
int offset_finder_run(bool tracks_compat, offset_found_fn found, void *context, struct error *err);

#endif
