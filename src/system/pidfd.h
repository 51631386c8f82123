/* SPDX-License-Identifier: MIT */
/* Descriptors of processes and threads, which refer to one task whoever gets its id later. */
#ifndef PIDFD_H
#define PIDFD_H

#include <stdbool.h>
#include <stdint.h>

/**
 * pidfd_of_process(), pidfd_of_thread() - open a descriptor, which becomes readable when the
 * process or thread ends
 *
 * Processes have one since Linux 5.3, threads since 6.9.
 *
 * Return: the descriptor, which the caller closes; or -1 with errno: ESRCH when there is no such
 * task, or only a zombie.
 */
int pidfd_of_process(uint32_t pid);
int pidfd_of_thread(uint32_t tid);

/**
 * pidfd_of_child() - the same for a child of this process, on every kernel
 *
 * Before Linux 5.3 it installs a handler of SIGCHLD, and serves one child at a time: what it
 * returned for the child before becomes readable no more.
 *
 * Return: as pidfd_of_process(). Nothing but poll(2) makes sense of the descriptor.
 */
int pidfd_of_child(uint32_t pid);

/**
 * pidfd_has_ended() - has this task ended, or was there none? A zombie has ended.
 * @pidfd: what one of these has returned; if that was -1, errno must still be as it was
 */
bool pidfd_has_ended(int pidfd);

#endif
