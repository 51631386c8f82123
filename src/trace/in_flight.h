/* SPDX-License-Identifier: MIT */
/* System calls in flight: calls that threads wait in now, and that no hook has seen return. */
#ifndef IN_FLIGHT_H
#define IN_FLIGHT_H

#include "id_names.h"
#include "task_filter.h"
#include "task_info.h"

/**
 * tasks_waiting_fn - a thread that waits in a system call
 * @call: its slot, see programs/lib/syscalls.h
 * Return: 0 to go on, or negative errno.
 */
typedef int (*tasks_waiting_fn)(const struct task *task, uint32_t call, void *context);

/**
 * tasks_waiting() - every thread that waits in a system call now and that the filter lets through
 * @followed: descriptor of the program's map of followed processes; used when the filter follows
 * @names:    for cgroups
 * This process is left out. Threads that come or go meanwhile may be there or not.
 */
int tasks_waiting(const struct filter *filter, int followed, struct names *names,
		  tasks_waiting_fn each, void *context);

#endif
