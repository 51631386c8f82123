/* SPDX-License-Identifier: MIT */
/*
 * Calls in flight: they have begun and not returned.
 *
 * With latency the program keeps when each thread's call began, so they are known at any time, with
 * their age; for threads that waited before there was a program, /proc is asked once, at the start.
 * Without latency nothing sees a call begin, and /proc tells at the end who waits in which call. So
 * it does in a PID namespace of its own for those that waited before: the program knows threads by
 * the host's ids, and /proc does not tell these there.
 */
#ifndef SYSCALLS_IN_FLIGHT_H
#define SYSCALLS_IN_FLIGHT_H

#include "aggregate.h"
#include "syscalls_options.h"

/**
 * syscalls_privileges() - bits of enum privilege_use that a run takes: to look for them, and for
 * names
 * @counts_entries: see struct plan
 */
unsigned syscalls_privileges(const void *options, const struct filter *filter, bool counts_entries);

/**
 * syscalls_seed_in_flight() - have the program know of each call that began before it was there
 * Return: 0 or negative errno.
 */
int syscalls_seed_in_flight(const struct syscalls_options *options, struct aggregate *rows,
			    struct error *err);

/**
 * syscalls_add_in_flight() - add the calls in flight to the interval's rows
 * @ending: the run is over, and they count as calls
 * Return: 0 or negative errno.
 */
int syscalls_add_in_flight(const struct syscalls_options *options, struct aggregate *rows,
			   bool ending, struct error *err);

#endif
