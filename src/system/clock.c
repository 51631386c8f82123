/* SPDX-License-Identifier: MIT */
/* The clocks of a run. See clock.h. */
#define _GNU_SOURCE
#include "clock.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "number.h"
#include "procfs.h"

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

struct shifts {
	int64_t monotonic_ns, boottime_ns;
};

/*
 * Read "monotonic  -86400  0", what the time namespace adds to the clock, and the line of boottime.
 * The file describes the namespace that children enter. If that is not this process's own, the
 * shift is taken to be 0, as in the initial namespace.
 */
static struct shifts read_shifts(int proc)
{
	int fd = openat(proc, "self/timens_offsets", O_RDONLY | O_CLOEXEC);
	cleanup_fclose FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	long long seconds[2], ns[2];
	struct stat own, childrens;

	if (fstatat(proc, "self/ns/time", &own, 0) < 0 ||
	    fstatat(proc, "self/ns/time_for_children", &childrens, 0) < 0 ||
	    own.st_ino != childrens.st_ino)
		return (struct shifts){ 0 };
	if (!file || fscanf(file, "monotonic %lld %lld boottime %lld %lld", &seconds[0], &ns[0],
			    &seconds[1], &ns[1]) != 4)
		return (struct shifts){ 0 };
	return (struct shifts){ .monotonic_ns = seconds[0] * NS_PER_S + ns[0],
				.boottime_ns = seconds[1] * NS_PER_S + ns[1] };
}

/* Kept in a static variable: this process never changes its time namespace. */
static const struct shifts *shifts(void)
{
	static bool known;
	static struct shifts shifts;
	cleanup_close int proc = known ? -1 : procfs_open();

	if (proc >= 0)
		shifts = read_shifts(proc);
	known = true;
	return &shifts;
}

uint64_t clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC) - (uint64_t)shifts()->monotonic_ns;
}

uint64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t clock_boottime_ns(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

uint64_t clock_boottime_shift_ns(void)
{
	return (uint64_t)shifts()->boottime_ns;
}

void clock_start(struct clock *clock)
{
	uint64_t monotonic = clock_monotonic_ns();

	clock->wall_ns = clock_wall_ns() - monotonic;
}

void clock_follow(struct clock *clock)
{
	const uint64_t enough = 10000000, at_once = 1000000;
	uint64_t before = clock_monotonic_ns(), wall = clock_wall_ns(),
		 after = clock_monotonic_ns(), now = wall - before;

	/* Another task ran between the readings, so they belong to different moments. */
	if (after - before > at_once)
		return;
	if (now > clock->wall_ns + enough || now + enough < clock->wall_ns)
		clock->wall_ns = now;
}
