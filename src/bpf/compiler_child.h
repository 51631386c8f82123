/* SPDX-License-Identifier: MIT */
/* The compiling child: everything after fork(). Private to the compile room. */
#ifndef COMPILER_CHILD_H
#define COMPILER_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "hook.h"
#include "object.h"

#define COMPILE_LIBRARY "libbcc.so.0"

/* How the child ended; what it printed tells the rest. */
enum compile_status {
	COMPILE_DONE = 0,
	COMPILE_EXITED = 1, /* LLVM's own exit(1) */
	COMPILE_NO_LIBRARY = 40,
	COMPILE_NO_SANDBOX,
	COMPILE_REJECTED,
	COMPILE_NO_OBJECT,
};

/**
 * struct compile_job - what the child works on
 * @text:      C text
 * @object_fd: where the object goes
 * @log_fd:    where everything the library and clang print goes
 * @origin_fd: where the names and identities of the compiler's libraries go
 * @lines:     note what line each instruction is of, so that LLVM can tell; it takes a fifth of the
 * time
 * @parent:    process that must be there
 * @scratch:   directory to use when no private file system can be had; see scratch.h
 */
struct compile_job {
	const char *text;
	const struct hook *hooks;
	size_t nhooks;
	int object_fd;
	int log_fd;
	int origin_fd;
	bool lines;
	pid_t parent;
	const char *scratch;
};

/** compile_child_run() - does not return. */
_Noreturn void compile_child_run(const struct compile_job *job);

/**
 * struct sandbox
 * @doorkeeper: the process that will shut it; 0: there is none
 * @call:       writing a byte calls it
 */
struct sandbox {
	pid_t doorkeeper;
	int call;
};

/**
 * sandbox_enter() - give up everything a compiler does not need; the current directory becomes a
 * tree that holds only the embedded kernel/ files. Other files can still be read
 * @sandbox: zeroed
 * @scratch: see struct compile_job
 * Return: 0, or negative errno after printing what failed to stderr.
 */
int sandbox_enter(struct sandbox *sandbox, const char *scratch);

/** sandbox_shut() - from here on, unless there is a scratch directory, that tree is all the files
 * there are. Return: as above. */
int sandbox_shut(struct sandbox *sandbox);

/** sandbox_scratch_needed() - true when this process cannot have a private file system. */
bool sandbox_scratch_needed(void);

#endif
