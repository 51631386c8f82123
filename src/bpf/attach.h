/* SPDX-License-Identifier: MIT */
/* Attaching one loaded program to its hook. For loader.c only. */
#ifndef ATTACH_H
#define ATTACH_H

#include <stdint.h>

#include "error.h"
#include "hook.h"

/**
 * attach_program() - attach a loaded program
 * @hook:    where; its function is not used
 * @prog_fd: descriptor of the program, borrowed
 * @tracefs: descriptor of the root of tracefs, borrowed; used for classic tracepoints only
 *
 * Return: a descriptor that detaches the program when the caller closes it; or a negative errno.
 */
int attach_program(const struct hook *hook, int prog_fd, int tracefs, struct error *err);

/**
 * attach_missed() - calls that a kretprobe skipped because too many had not returned
 * @fd:     from attach_program(), still open
 * @missed: result
 *
 * Return: 0; -ENOTSUP if the kernel does not tell (before Linux 6.7, and for other hooks); or
 * another negative errno.
 */
int attach_missed(int fd, uint64_t *missed);

#endif
