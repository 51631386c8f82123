/* SPDX-License-Identifier: MIT */
/* The filters that list what is refused. For seccomp_filter.c only. */
#ifndef SECCOMP_REFUSED_H
#define SECCOMP_REFUSED_H

#include <stdbool.h>

#include "seccomp_program.h"

/**
 * seccomp_refuse_most() - refuse all that a process without privilege can do harm with
 * @sockets: allow sockets
 */
void seccomp_refuse_most(struct seccomp_program *p, bool sockets);

#endif
