/* SPDX-License-Identifier: MIT */
/*
 * A process whose tracer gives its calls another number while they last. In a call that makes a
 * process or a program, and in one that ends the thread, a traced process stops for its tracer.
 *
 *	renumber COUNT NUMBER    trace a child that does COUNT rounds
 *
 * A round is a fork, a vfork, and between rounds an execve; both children end at once. All that the
 * traced process makes and its end take NUMBER.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"

static void make(unsigned long flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		die("clone");
	if (pid == 0)
		_exit(0);
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid");
}

/* The traced process: one round, the next ones as a new program. */
static int rounds(long count)
{
	char left[24];

	make(0);
	make(CLONE_VFORK);
	snprintf(left, sizeof(left), "%ld", count - 1);
	if (count > 1 && execl("/proc/self/exe", "renumber", left, NULL))
		die("execl");
	return 0;
}

static void set_number(pid_t pid, int to)
{
#if defined(__x86_64__)
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs))
		die("PTRACE_GETREGS");
	regs.orig_rax = (unsigned long long)to;
	if (ptrace(PTRACE_SETREGS, pid, 0, &regs))
		die("PTRACE_SETREGS");
#else
	struct iovec one = { &to, sizeof(to) };

	if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &one))
		die("PTRACE_SETREGSET");
#endif
}

/* Return: does the stopped task stop for an event, and not for a signal? */
static bool is_event(int status)
{
	return status >> 16 != 0;
}

static void trace(pid_t traced, int number)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		if (pid != traced) {
			/* A child of the traced process begins traced, too. */
			ptrace(PTRACE_DETACH, pid, 0, 0);
			continue;
		}
		if (is_event(status))
			set_number(pid, number);
		ptrace(PTRACE_CONT, pid, 0, 0);
	}
}

static void begin(const char *count)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP))
		die("PTRACE_TRACEME");
	execl("/proc/self/exe", "renumber", count, NULL);
	die("execl");
}

int main(int argc, char **argv)
{
	const long events = PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			    PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	int status;
	pid_t pid;

	if (argc < 3)
		return rounds(number(argv[1]));
	pid = fork();
	if (pid == 0)
		begin(argv[1]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0, events) || ptrace(PTRACE_CONT, pid, 0, 0))
		die("PTRACE_SETOPTIONS");
	trace(pid, (int)number(argv[2]));
	return 0;
}
