/* SPDX-License-Identifier: MIT */
/* From the kernel's clock to the time of day. See clock.h. */
#define _GNU_SOURCE
#include "clock.h"

#include <time.h>

#include "number.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

void clock_start(struct clock *clock)
{
	uint64_t monotonic = clock_monotonic_ns();

	clock->wall_ns = clock_wall_ns() - monotonic;
}

void clock_follow(struct clock *clock)
{
	const uint64_t enough = 10000000, at_once = 1000000;
	uint64_t before = clock_monotonic_ns(), wall = clock_wall_ns(), after = clock_monotonic_ns(), now = wall - before;

	/* Put aside between the readings: they say nothing. */
	if (after - before > at_once)
		return;
	if (now > clock->wall_ns + enough || now + enough < clock->wall_ns)
		clock->wall_ns = now;
}
