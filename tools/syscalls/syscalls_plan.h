/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-syscalls takes. */
#ifndef SYSCALLS_PLAN_H
#define SYSCALLS_PLAN_H

#include "plan.h"
#include "syscalls_options.h"

enum {
	SYSCALLS_PROBE_SETS = 3,
};

/* Calls that execute a program, as a list for syscall_slots(). */
#define EXEC_CALLS "execve,execveat"

/** syscalls_probe_sets - in order of preference */
extern const struct probe_set syscalls_probe_sets[SYSCALLS_PROBE_SETS];

/**
 * syscalls_fill_selection() - put the calls that -e selects into the loaded program's map
 * Return: 0 or negative errno.
 */
int syscalls_fill_selection(const struct syscalls_options *options, const struct loaded *loaded,
			    struct error *err);

#endif
