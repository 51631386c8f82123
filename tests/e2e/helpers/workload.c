/* SPDX-License-Identifier: MIT */
/*
 * Does an exact, known number of things and prints as JSON what a tool must have seen.
 *
 *   workload [OPTION...] STEP [+ STEP]...       steps.h describes the options
 *
 * System calls:
 *   openat N M [T]              N openat calls that succeed, M that fail (ENOENT), on T threads
 *   syscall NAME|NR N [ARG...]  N times this system call; an ARG is a number or an absolute path
 *   getppid N                   N times getppid
 *   wait HOW N MS               N calls of MS milliseconds; HOW: clock_nanosleep, poll, ppoll,
 *                               pselect6
 *   block HOW                   one call that lasts until standard input has a line (HOW: read,
 *                               poll) or for ever (HOW: pause)
 *   handle N                    N signals that the process sends itself and handles
 *   compat CLOSE GETPPID        so many 32-bit close and getppid calls, if the kernel has them
 *
 * Processes and threads:
 *   fork N, vfork N             N children, one after the other, that exit with status 0
 *   threads N                   N threads, one after the other
 *   exec N [execveat]           N children that execve (or execveat) this program as
 *                               `noop marker-I`
 *   exec-argv ARG...            execute this program as `noop ARG...`
 *   exec-thread STEP...         a thread other than the first executes this program, which runs
 *                               all steps that remain
 *   exit CODE...                one child for each CODE, which exits with it
 *   signal NUMBER|NAME...       one child for each, which kills itself by that signal
 *   spawn K STEP...             K children at once; each runs all steps that remain
 *   abandon STEP...             a child that runs all steps that remain and is not waited for
 *
 * Names (prctl(PR_SET_NAME)):
 *   comm BYTES                  this name
 *   rename N [FIRST]            N different names, r0 to rN-1, or from rFIRST on
 *
 * BYTES and ARG may contain \xNN escapes. Apart from writing its line and from what the C library
 * does at its start, a step makes only the calls that it is named after; where a function of the C
 * library would make more, the step makes the system call itself. The program is linked statically
 * because a dynamic loader opens files.
 */
#include "workload.h"

#include <string.h>

const char *workload_path;

static const struct step steps[] = {
	{ "openat", 2, false, do_openat },
	{ "syscall", 2, false, do_syscall },
	{ "getppid", 1, false, do_syscall },
	{ "fork", 1, false, do_fork },
	{ "vfork", 1, false, do_fork },
	{ "threads", 1, false, do_threads },
	{ "exec", 1, false, do_exec },
	{ "exit", 1, false, do_exit },
	{ "signal", 1, false, do_signal },
	{ "euid", 1, false, do_euid },
	{ "comm", 1, false, do_comm },
	{ "exec-argv", 1, false, do_exec_argv },
	{ "wait", 2, false, do_wait },
	{ "block", 1, false, do_block },
	{ "handle", 1, false, do_handle },
	{ "rename", 1, false, do_rename },
	{ "compat", 2, false, do_compat },
	{ "spawn", 2, true, do_spawn },
	{ "abandon", 1, true, do_abandon },
	{ "exec-thread", 1, true, do_exec_thread },
	{ 0 },
};

int main(int argc, char **argv)
{
	workload_path = argv[0];
	if (argc > 1 && !strcmp(argv[1], "noop"))
		return 0;
	return steps_main(steps, argv);
}
