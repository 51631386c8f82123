/* SPDX-License-Identifier: MIT */
/*
 * Threads as /proc shows them: who they are, and which system call they wait in. This serves calls
 * that began before the probes were attached and have not returned: no probe sees those.
 */
#ifndef TASK_INFO_H
#define TASK_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "id_names.h"

enum {
	TASK_COMM = 16, /* bytes of a thread's name */
};

/**
 * struct task - one thread, with ids as this PID namespace knows them
 * @pid:    process id
 * @tid:    thread id
 * @ppid:   id of the parent process
 * @uid:    real user id
 * @euid:   effective user id
 * @comm:   name of the thread, NUL-terminated unless it is TASK_COMM bytes long
 * @leader: name of the process's first thread, in the same form
 */
struct task {
	uint32_t pid;
	uint32_t tid;
	uint32_t ppid;
	uint32_t uid;
	uint32_t euid;
	char comm[TASK_COMM];
	char leader[TASK_COMM];
};

/**
 * task_is_out_of_reach() - does an error say that the thread has ended, or that it is not readable?
 * @r: negative errno of a function below
 *
 * Any other error, such as EMFILE, means that a thread was overlooked.
 */
bool task_is_out_of_reach(int r);

/**
 * task_read() - describe a thread
 * @proc: descriptor of /proc
 * @pid:  process id
 * @tid:  thread id
 * @task: filled
 *
 * Return: 0 or negative errno, see task_is_out_of_reach().
 */
int task_read(int proc, uint32_t pid, uint32_t tid, struct task *task);

/**
 * task_cgroup_path() - path of a thread's cgroup below the root of cgroup v2: "/system.slice"
 * @proc: descriptor of /proc
 * @pid:  process id
 * @tid:  thread id
 * @text: memory for the path, @size bytes
 *
 * Return: a part of @text, or NULL when the path cannot be read.
 */
char *task_cgroup_path(int proc, uint32_t pid, uint32_t tid, char *text, size_t size);

/** task_cgroup() - id of a thread's cgroup v2 directory; 0 when it cannot be found out. */
uint64_t task_cgroup(int proc, uint32_t pid, uint32_t tid, struct id_names *names);

/**
 * task_in_cgroup() - is a thread in a cgroup v2 directory, or in one below it?
 * @proc:   descriptor of /proc
 * @pid:    process id
 * @tid:    thread id
 * @cgroup: id of the directory
 * @names:  with the root of cgroup v2
 *
 * Return: 1 or 0, or -ECHILD when the inspector does not answer.
 */
int task_in_cgroup(int proc, uint32_t pid, uint32_t tid, uint64_t cgroup, struct id_names *names);

/**
 * task_parse_call() - parse a line of /proc/PID/task/TID/syscall
 * @line:   the line
 * @number: filled with the number of the call when there is one
 *
 * Return: whether the thread waits in a system call. A thread that runs, or that waits outside a
 * call, does not.
 */
bool task_parse_call(const char *line, int64_t *number);

/**
 * task_waiting_call() - which system call a thread waits in now
 * @proc: descriptor of /proc
 * @pid:  process id
 * @tid:  thread id
 * @call: filled with the call's slot, see programs/lib/syscalls.h
 *
 * Asks the inspector where one runs.
 *
 * Return: 1 when it waits in a call; 0 when it does not, has ended, or is not readable; or another
 * negative errno.
 */
int task_waiting_call(int proc, uint32_t pid, uint32_t tid, uint32_t *call);

#endif
