/* SPDX-License-Identifier: MIT */
/* Threads as /proc shows them. See task_info.h. */
#define _GNU_SOURCE
#include "task_info.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "inspector.h"
#include "procfs.h"
#include "syscalls.h"

bool task_is_out_of_reach(int r)
{
	return r == -ENOENT || r == -ESRCH || r == -EACCES || r == -EPERM;
}

/* Read the beginning of PID/task/TID/NAME as text. Return: its length or negative errno. */
static ssize_t read_file(int proc, char *text, size_t size, const char *name, uint32_t pid,
			 uint32_t tid)
{
	cleanup_close int fd = -1;
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "%u/task/%u/%s", pid, tid, name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n;
}

static void read_comm(int proc, uint32_t pid, uint32_t tid, char comm[TASK_COMM])
{
	char text[TASK_COMM + 2];
	ssize_t n = read_file(proc, text, sizeof(text), "comm", pid, tid);

	memset(comm, 0, TASK_COMM);
	if (n > 0)
		memcpy(comm, text, (size_t)n - 1 < TASK_COMM ? (size_t)n - 1 : TASK_COMM);
}

int task_read(int proc, uint32_t pid, uint32_t tid, struct task *task)
{
	char text[1024];
	const char *ppid, *uid;
	ssize_t n = read_file(proc, text, sizeof(text), "status", pid, tid);

	if (n < 0)
		return (int)n;
	/*
	 * With the line end: the name may contain "PPid:", but the kernel escapes line ends in it.
	 */
	ppid = strstr(text, "\nPPid:");
	uid = strstr(text, "\nUid:");
	*task = (struct task){ .pid = pid, .tid = tid };
	if (!ppid || !uid || sscanf(ppid, "\nPPid: %u", &task->ppid) != 1 ||
	    sscanf(uid, "\nUid: %u %u", &task->uid, &task->euid) != 2)
		return -EINVAL;
	read_comm(proc, pid, tid, task->comm);
	read_comm(proc, pid, pid, task->leader);
	return 0;
}

char *task_cgroup_path(int proc, uint32_t pid, uint32_t tid, char *text, size_t size)
{
	char *line, *end;

	if (read_file(proc, text, size, "cgroup", pid, tid) < 0)
		return NULL;
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return NULL;
	line = strchr(line, '/');
	end = line ? strchr(line, '\n') : NULL;
	if (end)
		*end = '\0';
	return line;
}

uint64_t task_cgroup(int proc, uint32_t pid, uint32_t tid, struct id_names *names)
{
	const struct inspector_asked asked = { .question = INSPECTOR_CGROUP,
					       .pid = pid,
					       .tid = tid };
	char text[8192];
	const char *path;
	uint64_t id;

	if (inspector_runs(INSPECTOR_CGROUP))
		return inspector_ask(&asked, &id) < 0 ? 0 : id;
	path = task_cgroup_path(proc, pid, tid, text, sizeof(text));
	return path ? id_names_cgroup_id(names, path) : 0;
}

/* Is one of the directories on its path that one? */
static bool is_below(int proc, uint32_t pid, uint32_t tid, uint64_t cgroup, struct id_names *names)
{
	char text[8192];
	char *path = task_cgroup_path(proc, pid, tid, text, sizeof(text));

	while (path && id_names_cgroup_id(names, path) != cgroup) {
		char *last = strrchr(path, '/');

		if (!last || !last[1])
			return false;
		last[last == path] = '\0';
	}
	return path != NULL;
}

int task_in_cgroup(int proc, uint32_t pid, uint32_t tid, uint64_t cgroup, struct id_names *names)
{
	const struct inspector_asked asked = {
		.question = INSPECTOR_IN_CGROUP, .pid = pid, .tid = tid, .id = cgroup
	};
	uint64_t is_in = 0;
	int r;

	if (!inspector_runs(INSPECTOR_IN_CGROUP))
		return is_below(proc, pid, tid, cgroup, names);
	r = inspector_ask(&asked, &is_in);
	return r < 0 ? r : is_in != 0;
}

bool task_parse_call(const char *line, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(line, &end, 10);
	return end != line && *end == ' ' && errno == 0 && *number >= 0;
}

/* The ABI of a process's calls: /proc does not tell it, but the file it executes does. */
static enum syscall_abi abi_of(int proc, uint32_t pid)
{
	char path[64];
	Elf32_Ehdr head = { .e_ident = { 0 } };
	cleanup_close int fd = -1;

	snprintf(path, sizeof(path), "%u/exe", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &head, sizeof(head)) != sizeof(head) ||
	    head.e_ident[EI_CLASS] != ELFCLASS32)
		return ABI_NATIVE;
	return head.e_machine == arch_facts.compat_elf ? ABI_COMPAT : ABI_NATIVE;
}

static uint32_t slot_of(int proc, uint32_t pid, int64_t number)
{
	enum syscall_abi abi = number & X32_BIT ? ABI_X32 : abi_of(proc, pid);

	number &= ~(int64_t)X32_BIT;
	return (uint32_t)abi * ABI_CALLS +
	       (uint32_t)(number < SYSCALL_OTHER ? number : SYSCALL_OTHER);
}

static int ask_waiting_call(uint32_t pid, uint32_t tid, uint32_t *call)
{
	const struct inspector_asked asked = { .question = INSPECTOR_CALL, .pid = pid, .tid = tid };
	uint64_t slot;
	int r = inspector_ask(&asked, &slot);

	if (r > 0)
		*call = (uint32_t)slot;
	return r;
}

/* The calls that end a thread, and some others, by their numbers in all ABIs. */
static bool may_be_exit(int64_t number)
{
	switch (number & ~(int64_t)X32_BIT) {
	case SYS_exit:
	case SYS_exit_group:
	case 1:   /* exit of i386 and arm */
	case 248: /* exit_group of arm */
	case 252: /* of i386 */
		return true;
	}
	return false;
}

int task_waiting_call(int proc, uint32_t pid, uint32_t tid, uint32_t *call)
{
	char line[128];
	int64_t number;
	ssize_t n;

	if (inspector_runs(INSPECTOR_CALL))
		return ask_waiting_call(pid, tid, call);
	n = read_file(proc, line, sizeof(line), "syscall", pid, tid);
	if (n < 0)
		return task_is_out_of_reach((int)n) ? 0 : (int)n;
	if (!task_parse_call(line, &number))
		return 0;
	/* Some kernels (seen on 4.18) tell of a zombie that it is in exit_group. */
	if (may_be_exit(number) && procfs_is_zombie(proc, tid))
		return 0;
	*call = slot_of(proc, pid, number);
	return 1;
}
