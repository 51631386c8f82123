/* SPDX-License-Identifier: MIT */
/*
 * /proc as this process has to see it: all of it, with the ids of its own PID namespace. What is
 * mounted on /proc may belong to another PID namespace, so that its ids are other processes here;
 * it may show only a part (subset=pid); and in a chroot there may be nothing.
 */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdint.h>

/**
 * proc_open() - open /proc, or a private instance of it (detached_mount.h) if /proc is not usable
 *
 * Return: descriptor of the directory, which the caller closes; negative errno when neither can be
 * opened.
 */
int proc_open(void);

/**
 * proc_keep() - open /proc now and keep it open, for every later proc_open()
 *
 * Call it before privileges are dropped: a private instance takes CAP_SYS_ADMIN.
 */
void proc_keep(void);

/**
 * struct proc_stat - the file PID/stat
 * @text:   its content; the other members point into it
 * @comm:   the name
 * @fields: what follows the name, beginning with a blank and the state
 */
struct proc_stat {
	char text[1024];
	char *comm;
	const char *fields;
};

/**
 * proc_read_stat() - read the stat file of a process or thread
 * @proc: from proc_open()
 * @id:   process or thread id in that instance of /proc
 * @stat: filled
 *
 * Return: 0; -ENOENT or -ESRCH when there is no such process; -EINVAL when the text is not as
 * expected; another negative errno.
 */
int proc_read_stat(int proc, uint32_t id, struct proc_stat *stat);

/**
 * proc_task_began() - when a process or thread began
 * @proc: from proc_open()
 * @id:   process or thread id in that instance of /proc
 * @ns:   filled: CLOCK_BOOTTIME in ns, rounded down to a tick (10 ms)
 *
 * Return: as proc_read_stat().
 */
int proc_task_began(int proc, uint32_t id, uint64_t *ns);

/**
 * proc_limit() - read a number from /proc/sys
 * @proc:     from proc_open(); may be negative
 * @path:     below /proc: "sys/kernel/pid_max"
 * @fallback: the result when the number cannot be read or has more than 32 bits
 */
uint32_t proc_limit(int proc, const char *path, uint32_t fallback);

#endif
