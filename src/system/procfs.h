/* SPDX-License-Identifier: MIT */
/*
 * /proc as this process has to see it: all of it, with the ids of its own PID namespace. What is
 * mounted there may be another namespace's, whose ids mean other processes here, or a part only, or
 * nothing in a chroot.
 */
#ifndef PROCFS_H
#define PROCFS_H

#include <stdint.h>

/**
 * proc_open() - /proc, or where that is not the right one a private instance that no path leads to
 * (see private_mount.h) Return: descriptor of the directory, for the caller to close; negative
 * errno when neither is to be had.
 */
int proc_open(void);

/** proc_keep() - from now on proc_open() gives what it would give now, also without the privilege
 * to mount. */
void proc_keep(void);

/**
 * struct proc_stat - PID/stat
 * @comm:   name, in @text
 * @fields: what follows it, from the state on, in @text
 */
struct proc_stat {
	char text[1024];
	char *comm;
	const char *fields;
};

/**
 * proc_read_stat() - of a process or thread
 * @proc: see proc_open()
 * @id:   as that instance knows it
 * Return: 0; negative errno: -ENOENT or -ESRCH when there is none, -EINVAL for a text that is not
 * understood.
 */
int proc_read_stat(int proc, uint32_t id, struct proc_stat *stat);

/**
 * proc_task_began() - when a process or thread began
 * @ns: result, of CLOCK_BOOTTIME, less up to a tick (10 ms)
 * Return: as proc_read_stat().
 */
int proc_task_began(int proc, uint32_t id, uint64_t *ns);

/**
 * proc_limit() - a number that the kernel keeps in /proc/sys
 * @proc: descriptor of /proc, or negative
 * @path: below /proc: "sys/kernel/pid_max"
 * Return: @fallback when it cannot be read, or has more than 32 bits.
 */
uint32_t proc_limit(int proc, const char *path, uint32_t fallback);

#endif
