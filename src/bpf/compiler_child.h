/* SPDX-License-Identifier: MIT */
/* The compiling child: everything between fork() and _exit(). For compiler.c only. */
#ifndef COMPILER_CHILD_H
#define COMPILER_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "hook.h"

#define COMPILER_LIBRARY "libbcc.so.0"

/**
 * enum compiler_status - the child's exit status; what it wrote to the log says more
 * @COMPILER_DONE:       the object is complete
 * @COMPILER_EXITED:     LLVM called exit(1)
 * @COMPILER_NO_LIBRARY: libbcc could not be loaded
 * @COMPILER_NO_SANDBOX: the child could not confine itself, or its parent is gone
 * @COMPILER_REJECTED:   clang found errors in the text
 * @COMPILER_NO_OBJECT:  the compiled program could not be made into an object
 *
 * The last four begin at 40, far from the status of exit(1), abort() and the shell.
 */
enum compiler_status {
	COMPILER_DONE = 0,
	COMPILER_EXITED = 1,
	COMPILER_NO_LIBRARY = 40,
	COMPILER_NO_SANDBOX,
	COMPILER_REJECTED,
	COMPILER_NO_OBJECT,
};

/**
 * struct compiler_job - input of the child
 * @text:           C text
 * @hooks, @nhooks: see compiler_compile()
 * @object_fd:      file to write the object to
 * @log_fd:         file for everything that libbcc, clang and the child print
 * @compiler_id_fd: file for the paths of the compiler's libraries, each with its file_identity()
 * @lines:          have clang record source lines (-g), so that LLVM's own errors name one; takes a
 *                  fifth longer
 * @parent:         process whose death ends the child
 * @scratch_dir:    see compiler_sandbox_enter()
 * @ready_dir:      see compiler_sandbox_enter()
 */
struct compiler_job {
	const char *text;
	const struct hook *hooks;
	size_t nhooks;
	int object_fd;
	int log_fd;
	int compiler_id_fd;
	bool lines;
	pid_t parent;
	const char *scratch_dir, *ready_dir;
};

/** compiler_child_run() - compile, and exit with an enum compiler_status. Call it after fork(). */
_Noreturn void compiler_child_run(const struct compiler_job *job);

#endif
