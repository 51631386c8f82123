/* SPDX-License-Identifier: MIT */
/* From the kernel's clock, by which events are stamped, to the time of day. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/** struct clock - @wall_ns: what to add to clock_monotonic_ns() to have CLOCK_REALTIME */
struct clock {
	uint64_t wall_ns;
};

/**
 * clock_monotonic_ns() - now, as bpf_ktime_get_ns() tells it
 * In a time namespace CLOCK_MONOTONIC is another, but events are stamped by this one.
 */
uint64_t clock_monotonic_ns(void);

/** clock_wall_ns() - now. */
uint64_t clock_wall_ns(void);

/** clock_boottime_ns() - since the machine was started, sleep included: by this one processes
 * begin. */
uint64_t clock_boottime_ns(void);

/** clock_start() - take the difference of the clocks. */
void clock_start(struct clock *clock);

/**
 * clock_follow() - take it again when it has become another
 * The clocks drift apart when the machine sleeps or its time is set; else the same difference keeps
 * times in order.
 */
void clock_follow(struct clock *clock);

#endif
