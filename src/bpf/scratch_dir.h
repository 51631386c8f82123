/* SPDX-License-Identifier: MIT */
/*
 * A directory in /tmp that is removed when the process that asked for it ends, however it ends.
 *
 * A child process creates the directory and removes it, so that even SIGKILL leaves none behind.
 * The compiler works in such a directory where it cannot mount a file system of its own: see
 * compiler_sandbox.h.
 */
#ifndef SCRATCH_DIR_H
#define SCRATCH_DIR_H

#include <sys/types.h>

#include "error.h"

/**
 * struct scratch_dir - zeroed: no directory
 * @path:     of the directory
 * @remover:  the process that created it and will remove it; 0 if there is none
 * @alive_fd: while it is open, @remover knows that this process is alive
 */
struct scratch_dir {
	char path[32];
	pid_t remover;
	int alive_fd;
};

/**
 * scratch_dir_make() - create a directory that only this user can enter
 * @dir: filled; release with scratch_dir_remove()
 *
 * The remover is a child of this process. A child that this process forks later must not keep
 * @alive_fd open; execve() closes it.
 *
 * Return: 0 or a negative errno.
 */
int scratch_dir_make(struct scratch_dir *dir, struct error *err);

/**
 * scratch_dir_remove() - remove the directory with everything in it, and wait until it is gone
 *
 * Does nothing if there is no directory.
 */
void scratch_dir_remove(struct scratch_dir *dir);

#endif
