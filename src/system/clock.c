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

/*
 * Read "monotonic  -86400  0", what the time namespace adds to the clock. The file describes the
 * namespace that children enter. If that is not this process's own, the shift is taken to be 0, as
 * in the initial namespace.
 */
static int64_t read_shift(int proc)
{
	int fd = openat(proc, "self/timens_offsets", O_RDONLY | O_CLOEXEC);
	cleanup_fclose FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct stat own, childrens;
	long long seconds, ns;

	if (fstatat(proc, "self/ns/time", &own, 0) < 0 ||
	    fstatat(proc, "self/ns/time_for_children", &childrens, 0) < 0 ||
	    own.st_ino != childrens.st_ino)
		return 0;
	if (!file || fscanf(file, "monotonic %lld %lld", &seconds, &ns) != 2)
		return 0;
	return seconds * NS_PER_S + ns;
}

/* Kept in a static variable: this process never changes its time namespace. */
static int64_t shift_ns(void)
{
	static bool known;
	static int64_t shift;
	cleanup_close int proc = known ? -1 : procfs_open();

	if (proc >= 0)
		shift = read_shift(proc);
	known = true;
	return shift;
}

uint64_t clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC) - (uint64_t)shift_ns();
}

uint64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t clock_boottime_ns(void)
{
	return read_clock(CLOCK_BOOTTIME);
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
