/* SPDX-License-Identifier: MIT */
/*
 * Threads as /proc shows them: who they are, and which system call they wait in. For what no hook
 * tells of, because it began before there was one and does not end.
 */
#ifndef TASK_INFO_H
#define TASK_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "id_names.h"

enum {
	TASK_COMM = 16,
};

/**
 * struct task - one thread, ids as this process's PID namespace knows them
 * @uid:    real user id
 * @comm:   its name, NUL-terminated unless it is TASK_COMM long
 * @leader: name of its process's leader, the same way
 */
struct task {
	uint32_t pid;
	uint32_t tid;
	uint32_t ppid;
	uint32_t uid;
	char comm[TASK_COMM];
	char leader[TASK_COMM];
};

/**
 * tasks_out_of_reach() - does this negative errno say that a thread has gone, or that its files in
 * /proc are not for this user? Others, as that there is no descriptor left, say that a thread has
 * been overlooked.
 */
bool tasks_out_of_reach(int r);

/** tasks_read() - @proc: descriptor of /proc. Return: 0, or negative errno, see
 * tasks_out_of_reach(). */
int tasks_read(int proc, uint32_t pid, uint32_t tid, struct task *task);

/**
 * tasks_cgroup_path() - path of a thread's cgroup below the root of cgroup v2: "/system.slice"
 * @text: where to put it, @size bytes
 * Return: a part of @text, or NULL when it cannot be told.
 */
char *tasks_cgroup_path(int proc, uint32_t pid, uint32_t tid, char *text, size_t size);

/** tasks_cgroup() - id of the cgroup v2 directory a thread is in; 0 when it cannot be told. */
uint64_t tasks_cgroup(int proc, uint32_t pid, uint32_t tid, struct names *names);

/**
 * tasks_parse_call() - a line of /proc/PID/task/TID/syscall
 * @number: of the call, when there is one
 * Return: whether the thread waits in a system call; one that runs, or waits elsewhere, does not.
 */
bool tasks_parse_call(const char *line, int64_t *number);

/**
 * tasks_call() - the slot of the call a thread waits in now, see programs/lib/syscalls.h
 * Return: 1 when it does, 0 when not or when it has gone; or negative errno.
 */
int tasks_call(int proc, uint32_t pid, uint32_t tid, uint32_t *call);

#endif
