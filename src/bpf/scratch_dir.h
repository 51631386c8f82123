/* SPDX-License-Identifier: MIT */
/* A directory in /tmp that goes when the process that asked for it does, however that ends. */
#ifndef SCRATCH_DIR_H
#define SCRATCH_DIR_H

#include <sys/types.h>

#include "error.h"

/**
 * struct scratch - zeroed: there is none
 * @path:   of the directory
 * @keeper: the process that made it and will remove it; 0: there is none
 * @alive:  its other end is how the keeper knows of this process
 */
struct scratch {
	char path[32];
	pid_t keeper;
	int alive;
};

/**
 * scratch_make() - the directory, of this user alone
 * The keeper is a child of this process's. Children made after it must not hold @alive: it is
 * closed by execve. Return: 0 or negative errno.
 */
int scratch_make(struct scratch *scratch, struct error *err);

/** scratch_remove() - with what is in it; it is gone on return. */
void scratch_remove(struct scratch *scratch);

#endif
