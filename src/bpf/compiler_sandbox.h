/* SPDX-License-Identifier: MIT */
/*
 * Confinement of the compiling child, which runs a compiler and its libraries as root.
 *
 * Its working directory becomes a file system in memory that holds only the embedded files of
 * programs/kernel/, and later its root. It runs as a user of its own, without capabilities or a way
 * to gain any, cannot fork or open a socket, and its CPU time, memory and file sizes are limited.
 * All of this but the chroot is in force before the libraries are loaded, because their
 * constructors are code too. The libraries lie outside the new root, so the chroot follows when
 * they are loaded:
 *
 *	compiler_sandbox_enter(), then dlopen(), then compiler_sandbox_chroot(), then compile
 */
#ifndef COMPILER_SANDBOX_H
#define COMPILER_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct compiler_sandbox - state between entering and the chroot; zero it first
 * @chroot_helper: process that will do the chroot; 0 if there is none
 * @request_fd:    one byte written here makes @chroot_helper do it
 */
struct compiler_sandbox {
	pid_t chroot_helper;
	int request_fd;
};

/**
 * compiler_sandbox_needs_scratch_dir() - true if this process cannot mount a file system of its own
 *
 * Mounting takes CAP_SYS_ADMIN or a user namespace. Some containers allow neither.
 */
bool compiler_sandbox_needs_scratch_dir(void);

/**
 * compiler_sandbox_enter() - confine this process, for good; other files can still be read
 * @sandbox:     zeroed; filled
 * @scratch_dir: path of an empty directory to use in place of a file system in memory, or NULL;
 *               see compiler_sandbox_needs_scratch_dir()
 * @ready_dir:   path of a directory that has the headers already, to use in the same place, or NULL
 *
 * Return: 0, or a negative errno after printing the reason to stderr.
 */
int compiler_sandbox_enter(struct compiler_sandbox *sandbox, const char *scratch_dir,
			   const char *ready_dir);

/**
 * compiler_sandbox_chroot() - make the file system in memory the root directory
 *
 * Does nothing if a scratch directory is used: there is no privilege for chroot() then.
 *
 * Return: 0, or a negative errno after printing the reason to stderr.
 */
int compiler_sandbox_chroot(struct compiler_sandbox *sandbox);

#endif
