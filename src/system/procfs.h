/* SPDX-License-Identifier: MIT */
/*
 * /proc as this process has to see it: all of it, with the ids of its own PID namespace. What is
 * mounted on /proc may belong to another PID namespace, so that its ids are other processes here;
 * it may show only a part (subset=pid); and in a chroot there may be nothing.
 */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * procfs_open() - open /proc, or a private instance of it (detached_mount.h) if /proc is not usable
 *
 * Return: descriptor of the directory, which the caller closes; negative errno when neither can be
 * opened.
 */
int procfs_open(void);

/**
 * procfs_keep() - open /proc now and keep it open, for every later procfs_open()
 * @others: other users' processes must be seen, in spite of hidepid=
 *
 * Call it before privileges are dropped: a private instance takes CAP_SYS_ADMIN.
 */
void procfs_keep(bool others);

/** procfs_keep_as() - use this descriptor for every later procfs_open(), in place of any before. */
void procfs_keep_as(int proc);

/**
 * struct procfs_stat - the file stat of a thread
 * @text:   its content; the other members point into it
 * @comm:   the name
 * @fields: what follows the name, beginning with a blank and the state
 */
struct procfs_stat {
	char text[1024];
	char *comm;
	const char *fields;
};

/**
 * procfs_read_stat() - read the stat file of a process or thread
 * @proc: from procfs_open()
 * @id:   process or thread id in that instance of /proc
 * @stat: filled
 *
 * Return: 0; -ENOENT or -ESRCH when there is no such process; -EINVAL when the text is not as
 * expected; another negative errno.
 */
int procfs_read_stat(int proc, uint32_t id, struct procfs_stat *stat);

/**
 * procfs_task_began() - when a process or thread began
 * @proc: from procfs_open()
 * @id:   process or thread id in that instance of /proc
 * @ns:   filled: CLOCK_BOOTTIME in ns, rounded down to a tick (10 ms)
 *
 * Return: as procfs_read_stat().
 */
int procfs_task_began(int proc, uint32_t id, uint64_t *ns);

/** procfs_is_zombie() - has this process or thread ended, and is still there for its parent? */
bool procfs_is_zombie(int proc, uint32_t id);

/** procfs_thread_group() - the process a thread belongs to; @tid when that cannot be told. */
uint32_t procfs_thread_group(int proc, uint32_t tid);

/**
 * procfs_limit() - read a number from /proc/sys
 * @proc:     from procfs_open(); may be negative
 * @path:     below /proc: "sys/kernel/pid_max"
 * @fallback: the result when the number cannot be read or has more than 32 bits
 */
uint32_t procfs_limit(int proc, const char *path, uint32_t fallback);

#endif
