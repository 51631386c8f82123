/* SPDX-License-Identifier: MIT */
/* Closing inherited descriptors. See descriptors.h. */
#define _GNU_SOURCE
#include "descriptors.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * One pass over the list in /proc. The kernel lists by number, so closing the current entry does
 * not hide a later one. Return: false if there is no list.
 */
static bool close_listed(unsigned first, unsigned last)
{
	DIR *list = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (!list)
		return false;
	while ((entry = readdir(list))) {
		unsigned fd = (unsigned)strtoul(entry->d_name, NULL, 10);

		if (entry->d_name[0] != '.' && fd >= first && fd <= last && (int)fd != dirfd(list))
			close((int)fd);
	}
	closedir(list);
	return true;
}

/* A descriptor can be above the limit only if the limit was lowered after it was opened. */
static void close_possible(unsigned first, unsigned last)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	for (unsigned fd = first; fd <= last && fd < limit.rlim_max; fd++)
		close((int)fd);
}

void descriptors_close(unsigned first, unsigned last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	if (!close_listed(first, last))
		close_possible(first, last);
}
