/* SPDX-License-Identifier: MIT */
/*
 * Files of /proc for one process with one thread: status, comm, cgroup, syscall, stat and the
 * program's file, each ended by a NUL.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ancestry.h"
#include "fuzz.h"
#include "procfs.h"
#include "syscalls.h"
#include "task_info.h"

enum {
	PID = 7,
	PARENT = 1,
};

static const char *const files[] = { "7/task/7/status",  "7/task/7/comm", "7/task/7/cgroup",
				     "7/task/7/syscall", "7/task/7/stat", "7/exe" };

static int make_tree(int fds[])
{
	int proc = open(fuzz_directory(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	HOLDS(proc >= 0);
	mkdirat(proc, "7", 0700);
	mkdirat(proc, "7/task", 0700);
	mkdirat(proc, "7/task/7", 0700);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		fds[i] = openat(proc, files[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		HOLDS(fds[i] >= 0);
	}
	return proc;
}

static void fill(int fd, struct input *input)
{
	const uint8_t *nul = input->left ? memchr(input->at, '\0', input->left) : NULL;
	size_t len = nul ? (size_t)(nul - input->at) : input->left;

	HOLDS(ftruncate(fd, 0) == 0 && pwrite(fd, input->at, len, 0) == (ssize_t)len);
	input->at += len + (nul != NULL);
	input->left -= len + (nul != NULL);
}

static void check_task(int proc)
{
	struct id_names *names;
	struct task task;
	uint32_t call;

	HOLDS(id_names_new(&names) == 0);
	if (task_read(proc, PID, PID, &task) == 0)
		HOLDS(task.pid == PID && memcmp(task.comm, task.leader, TASK_COMM) == 0);
	task_cgroup(proc, PID, PID, names);
	if (task_waiting_call(proc, PID, PID, &call))
		HOLDS(call < SYSCALL_SLOTS);
	id_names_free(names);
}

static void check_began(int proc)
{
	uint64_t ns;
	int r = procfs_task_began(proc, PID, &ns);

	HOLDS(r == 0 || r == -EINVAL);
}

static void check_lineage(int proc)
{
	struct cell names[LINEAGE_MAX];
	struct ancestry *processes;

	HOLDS(ancestry_new(&processes) == 0 && ancestry_born(processes, PARENT, 0, "parent") == 0);
	HOLDS(ancestry_scan(processes, proc) == 0);
	HOLDS(ancestry_lineage(processes, PID, names) <= 2 &&
	      ancestry_lineage(processes, PARENT, names) <= 2);
	ancestry_free(processes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fds[sizeof(files) / sizeof(files[0])], proc;
	struct input input = { data, size };

	if (!fds[0])
		proc = make_tree(fds);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		fill(fds[i], &input);
	check_task(proc);
	check_began(proc);
	check_lineage(proc);
	return 0;
}
