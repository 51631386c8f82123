/* SPDX-License-Identifier: MIT */
/* /proc as this process has to see it. See proc.h. */
#define _GNU_SOURCE
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cleanup.h"
#include "number.h"
#include "private_mount.h"

/* It knows this process by the id it has here. */
static bool is_own(int proc)
{
	struct statfs fs;
	char link[16], id[16];
	ssize_t n;

	if (proc < 0 || fstatfs(proc, &fs) < 0 || (unsigned long)fs.f_type != PROC_SUPER_MAGIC)
		return false;
	n = readlinkat(proc, "self", link, sizeof(link));
	return n > 0 && n == snprintf(id, sizeof(id), "%d", getpid()) && memcmp(link, id, (size_t)n) == 0;
}

/* Not mounted with subset=pid, which leaves out what is not about a process. */
static bool is_whole(int proc)
{
	return faccessat(proc, "sys", F_OK, 0) == 0;
}

/*
 * A variable of the library: whoever has to see /proc once privileges are gone has no other way to it, and there is
 * one /proc for the whole life of a process.
 */
static int kept = -1;

void proc_keep(void)
{
	if (kept < 0)
		kept = proc_open();
}

int proc_open(void)
{
	cleanup_close int proc = -1, mount = -1, own = -1;
	bool usable;

	if (kept >= 0) {
		proc = openat(kept, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return proc < 0 ? -errno : steal_fd(&proc);
	}
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	usable = is_own(proc);

	if (usable && is_whole(proc))
		return steal_fd(&proc);
	mount = private_mount("proc");
	/* What that gives is O_PATH, which cannot be listed. */
	own = mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (own >= 0)
		return steal_fd(&own);
	return usable ? steal_fd(&proc) : -errno;
}

/* Field 22 of PID/stat. The name before it may hold anything, so its end is the last parenthesis. */
int proc_task_began(int proc, uint32_t id, uint64_t *ns)
{
	cleanup_close int fd = -1;
	char path[32], text[1024];
	const char *fields;
	unsigned long long ticks;
	ssize_t n;

	snprintf(path, sizeof(path), "%u/stat", id);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	fields = strrchr(text, ')');
	if (!fields || sscanf(fields + 1,
			      " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &ticks) != 1)
		return -EINVAL;
	*ns = ticks * ((uint64_t)NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
	return 0;
}
