/* SPDX-License-Identifier: MIT */
/*
 * The clocks of a run: the one that stamps events in the kernel, the time of day, and the one that
 * says when a process began. struct clock converts from the first to the second.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/** struct clock - @wall_ns: add it to clock_monotonic_ns() to get CLOCK_REALTIME */
struct clock {
	uint64_t wall_ns;
};

/**
 * clock_monotonic_ns() - CLOCK_MONOTONIC now, as bpf_ktime_get_ns() returns it, in ns
 *
 * A time namespace shifts CLOCK_MONOTONIC for this process, but not for BPF programs. The shift is
 * taken out here.
 */
uint64_t clock_monotonic_ns(void);

/** clock_wall_ns() - the time of day (CLOCK_REALTIME) now, in ns since 1970. */
uint64_t clock_wall_ns(void);

/**
 * clock_boottime_ns() - time since the machine started, with the time it slept, in ns
 *
 * The kernel tells by this clock (CLOCK_BOOTTIME) when a process began.
 */
uint64_t clock_boottime_ns(void);

/**
 * clock_boottime_shift_ns() - what a time namespace adds to CLOCK_BOOTTIME for this process
 *
 * Subtract it from clock_boottime_ns(), or from a start time in /proc, to get a time as BPF
 * programs see it.
 */
uint64_t clock_boottime_shift_ns(void);

/** clock_start() - measure the difference between the clocks. */
void clock_start(struct clock *clock);

/**
 * clock_follow() - measure the difference again, and take it if it has changed by 10 ms or more
 *
 * The clocks drift apart when the machine sleeps or its time is set. A smaller change is ignored:
 * with a constant difference, times in the report keep the order of the events.
 */
void clock_follow(struct clock *clock);

#endif
