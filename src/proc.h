/* SPDX-License-Identifier: MIT */
/*
 * /proc as this process has to see it: all of it, with the ids of its own PID namespace. What is mounted there may be
 * another namespace's, whose ids mean other processes here, or a part only, or nothing in a chroot.
 */
#ifndef PROC_H
#define PROC_H

#include <stdint.h>

/**
 * proc_open() - /proc, or where that is not the right one a private instance that no path leads to (see private_mount.h)
 * Return: descriptor of the directory, for the caller to close; negative errno when neither is to be had.
 */
int proc_open(void);

/** proc_keep() - from now on proc_open() gives what it would give now, also without the privilege to mount. */
void proc_keep(void);

/**
 * proc_task_began() - when a process or thread began
 * @proc: see proc_open()
 * @id:   as that instance knows it
 * @ns:   result, of CLOCK_BOOTTIME, less up to a tick (10 ms)
 * Return: 0; negative errno: -ENOENT or -ESRCH when there is none, -EINVAL for a text that is not understood.
 */
int proc_task_began(int proc, uint32_t id, uint64_t *ns);

#endif
