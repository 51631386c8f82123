/* SPDX-License-Identifier: MIT */
/* System calls in flight: calls that threads wait in now, and that no hook has seen return. */
#ifndef IN_FLIGHT_H
#define IN_FLIGHT_H

#include "id_names.h"
#include "task_filter.h"
#include "task_info.h"

/**
 * in_flight_fn - called for a thread that waits in a system call
 * @call: the call's slot, see programs/lib/syscalls.h
 * Return: 0 to go on, or a negative errno to stop with.
 */
typedef int (*in_flight_fn)(const struct task *task, uint32_t call, void *context);

/**
 * in_flight_each() - call @each for every thread that waits in a system call and passes the filter
 * @followed: descriptor of the program's map of followed processes; read when the filter follows
 * @names:    looks cgroups up
 *
 * Without --self this process and its helpers are left out. Threads that begin or end meanwhile may
 * be missed. Return: 0, what @each returned, or the negative errno of reading /proc.
 */
int in_flight_each(const struct filter *filter, int followed, struct id_names *names,
		   in_flight_fn each, void *context);

/** in_flight_privileges() - bits of enum privilege_use that in_flight_each() takes. */
unsigned in_flight_privileges(const struct filter *filter);

/** in_flight_failed() - say that in_flight_each() has failed. Return: @r. */
int in_flight_failed(int r, struct error *err);

#endif
