/* SPDX-License-Identifier: MIT */
/* The program that a run of bcc-openat takes, whatever its hooks are. */
#ifndef OPENAT_PLAN_H
#define OPENAT_PLAN_H

#include "openat_options.h"
#include "plan.h"

/**
 * struct openat_needs - what the program has to know of an open
 * @path:    its path
 * @path_id: short for that
 * @given:   what is in the program's memory, which can change while the call lasts
 * @args:    what it asked for
 * @call:    which call it was, and where its registers are
 * @time:    when it began
 * @entry:   something at its beginning: when that was, or what it asked for then
 */
struct openat_needs {
	bool path, path_id, given, args, call, time, entry;
};

struct openat_needs openat_needs(const struct openat_options *options);

/** openat_calls() - names of the system calls that count. Return: how many. */
size_t openat_calls(const struct openat_options *options, const char *const **names);

/** openat_counts_slot() - is this system call one of them? */
bool openat_counts_slot(const struct openat_options *options, uint32_t slot);

/**
 * openat_plan_begin() - a plan with all defines that do not depend on the hooks
 * Return: 0, or negative errno.
 */
int openat_plan_begin(const struct plan_input *in, struct plan *plan, struct error *err);

/** openat_fill_glob() - hand --path to the loaded program. */
int openat_fill_glob(const struct openat_options *options, const struct loaded *loaded,
		     struct error *err);

#endif
