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

/* In these the number of a call can change, see is_maker() in programs/syscalls/exits.bpf.h. */
#define FORK_CALLS "fork,vfork,clone,clone3"
#define MAKER_CALLS FORK_CALLS "," EXEC_CALLS

/** syscalls_probe_sets - in order of preference */
extern const struct probe_set syscalls_probe_sets[SYSCALLS_PROBE_SETS];

#endif
