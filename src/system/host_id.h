/* SPDX-License-Identifier: MIT */
/* Which id the initial PID namespace has for this process. */
#ifndef HOST_ID_H
#define HOST_ID_H

#include <stdint.h>

/**
 * host_id() - ask the kernel for it
 * @id: filled
 *
 * Outside of the initial namespace no file tells it: a program of three instructions is loaded and
 * run, which takes the same privilege as tracing.
 *
 * Return: 0 or negative errno.
 */
int host_id(uint32_t *id);

#endif
