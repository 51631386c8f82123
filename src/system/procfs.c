/* SPDX-License-Identifier: MIT */
/* /proc as this process has to see it. See procfs.h. */
#define _GNU_SOURCE
#include "procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cleanup.h"
#include "detached_mount.h"
#include "number.h"

/* Does this /proc belong to our PID namespace, so that it shows this process with its id here? */
static bool is_own(int proc)
{
	struct statfs fs;
	char link[16], id[16];
	ssize_t n;

	if (proc < 0 || fstatfs(proc, &fs) < 0 || (unsigned long)fs.f_type != PROC_SUPER_MAGIC)
		return false;
	n = readlinkat(proc, "self", link, sizeof(link));
	return n > 0 && n == snprintf(id, sizeof(id), "%d", getpid()) &&
	       memcmp(link, id, (size_t)n) == 0;
}

/* A /proc mounted with subset=pid shows processes only. */
static bool is_whole(int proc)
{
	return faccessat(proc, "sys", F_OK, 0) == 0;
}

/* An instance of this process's own. Return: a descriptor, or -1 with errno. */
static int open_private(void)
{
	cleanup_close int mount = detached_mount("proc");

	/* A descriptor with O_PATH cannot be listed. */
	return mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * Kept in a static variable: every function that needs /proc after privileges are gone would else
 * have to be handed this descriptor, and a process has one /proc for its whole life.
 */
static int kept = -1;

/*
 * Is a /proc mounted with hidepid=? Such a mount shows other users' processes only to
 * CAP_SYS_PTRACE, which a run gives up.
 */
static bool hides_processes(void)
{
	cleanup_fclose FILE *mounts = fopen("/proc/self/mountinfo", "re");
	cleanup_free char *line = NULL;
	bool hides = false;
	size_t size = 0;

	while (mounts && !hides && getline(&line, &size, mounts) > 0)
		hides = strstr(line, " - proc ") && strstr(line, "hidepid=");
	return hides;
}

void procfs_keep(bool others)
{
	if (kept < 0 && others && hides_processes())
		kept = open_private();
	if (kept < 0)
		kept = procfs_open();
}

void procfs_keep_as(int proc)
{
	kept = proc;
}

int procfs_open(void)
{
	cleanup_close int proc = -1, own = -1;
	bool usable;

	if (kept >= 0) {
		proc = openat(kept, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return proc < 0 ? -errno : steal_fd(&proc);
	}
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	usable = is_own(proc);

	if (usable && is_whole(proc))
		return steal_fd(&proc);
	own = open_private();
	if (own >= 0)
		return steal_fd(&own);
	return usable ? steal_fd(&proc) : -errno;
}

/*
 * The file reads "12 (name) S 1 ...". The name may hold any byte, parentheses and line ends too, so
 * it ends at the last closing parenthesis.
 */
int procfs_read_stat(int proc, uint32_t id, struct procfs_stat *stat)
{
	cleanup_close int fd = -1;
	char path[48], *open, *close;
	ssize_t n;

	/* For PID/stat the kernel adds up the times of all threads of the process. */
	snprintf(path, sizeof(path), "%u/task/%u/stat", id, id);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, stat->text, sizeof(stat->text) - 1);
	if (n < 0)
		return -errno;
	stat->text[n] = '\0';
	open = strchr(stat->text, '(');
	close = strrchr(stat->text, ')');
	if (!open || !close || close < open)
		return -EINVAL;
	*close = '\0';
	stat->comm = open + 1;
	stat->fields = close + 1;
	return 0;
}

bool procfs_is_zombie(int proc, uint32_t id)
{
	struct procfs_stat stat;

	return procfs_read_stat(proc, id, &stat) == 0 &&
	       (stat.fields[1] == 'Z' || stat.fields[1] == 'X');
}

/* The start time is field 22. */
int procfs_task_began(int proc, uint32_t id, uint64_t *ns)
{
	struct procfs_stat stat;
	unsigned long long ticks;
	int r = procfs_read_stat(proc, id, &stat);

	if (r < 0)
		return r;
	if (sscanf(stat.fields,
		   " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		   "%llu",
		   &ticks) != 1)
		return -EINVAL;
	*ns = ticks * ((uint64_t)NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
	return 0;
}

/*
 * One read(2) for the whole number: the second read of a file in /proc/sys returns nothing. stdio
 * reads byte by byte when it has no memory for a buffer, and would return the first digit only.
 */
uint32_t procfs_limit(int proc, const char *path, uint32_t fallback)
{
	cleanup_close int fd = proc < 0 ? -1 : openat(proc, path, O_RDONLY | O_CLOEXEC);
	char text[24];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	uint64_t value;

	if (n > 0 && text[n - 1] == '\n')
		n--;
	return n > 0 && number_u64(text, (size_t)n, 0, UINT32_MAX, &value) == 0 ? (uint32_t)value
										: fallback;
}

uint32_t procfs_thread_group(int proc, uint32_t tid)
{
	cleanup_fclose FILE *file = NULL;
	char line[128];
	uint32_t tgid;
	int fd;

	snprintf(line, sizeof(line), "%u/status", tid);
	fd = openat(proc, line, O_RDONLY | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %u", &tgid) == 1)
			return tgid;
	return tid;
}
