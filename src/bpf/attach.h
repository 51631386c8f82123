/* SPDX-License-Identifier: MIT */
/* One program to its hook, by libbcc. Private to the load room. */
#ifndef ATTACH_H
#define ATTACH_H

#include <stdint.h>

#include "error.h"
#include "hook.h"

/**
 * attach() - attach a loaded program
 * @hook:    where; its function is not used
 * @prog_fd: the program, borrowed
 * @tracefs: for classic tracepoints
 * Return: a descriptor; closing it detaches. Negative errno on failure.
 */
int attach(const struct hook *hook, int prog_fd, int tracefs, struct error *err);

/**
 * attach_missed() - calls that a kretprobe had no room for
 * @fd: from attach(), still open
 * Return: 0; -ENOTSUP: the kernel does not tell (before 6.7); or another negative errno.
 */
int attach_missed(int fd, uint64_t *missed);

#endif
