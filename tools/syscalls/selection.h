/* SPDX-License-Identifier: MIT */
/* The calls that -e selects, for the loaded program. */
#ifndef SELECTION_H
#define SELECTION_H

#include "error.h"
#include "loader.h"
#include "syscalls_options.h"

/**
 * syscalls_fill_selection() - put the calls that -e selects into the loaded program's map
 * Return: 0 or negative errno.
 */
int syscalls_fill_selection(const struct syscalls_options *options, const struct loaded *loaded,
			    struct error *err);

#endif
