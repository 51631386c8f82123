/* SPDX-License-Identifier: MIT */
/*
 * A /proc that does not stand still. Until standard input ends, processes begin, rename themselves,
 * execute this program anew, change user, session and namespace, lose their first thread, become
 * orphans and zombies.
 *
 *   storm           at most LIVING processes at once; prints a line when the first have ended
 *   storm leader    a process whose first thread has ended; the second, named "second", waits in
 *                   pause(2)
 *   storm zombie    a child that has ended and that nobody waits for; prints the child's pid and
 *                   ends with standard input
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIVING = 8 };

static _Noreturn void *wait_for_ever(void *name)
{
	if (name)
		prctl(PR_SET_NAME, name);
	for (;;)
		pause();
}

static void *end_soon(void *unused)
{
	(void)unused;
	sched_yield();
	_exit(0);
}

/* End the first thread; another goes on with @rest. */
static void lose_leader(void *(*rest)(void *), char *name)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, rest, name) == 0)
		syscall(SYS_exit, 0);
	_exit(1);
}

/* One short life, of one of seven kinds, under one of six awkward names. */
static void live(const char *self, unsigned kind)
{
	static const char *const names[] = { "a) R 1 (b", "x\nPPid:\t1", "\\n\\",
					     "\xff(\x9b", " ",           "" };

	prctl(PR_SET_NAME, names[kind % 6]);
	switch (kind % 7) {
	case 0:
		execl(self, ") S 1 1 (", "again", (char *)NULL);
		break;
	case 1:
		if (syscall(SYS_setresuid, 65534, 65534, 65534) == 0)
			sched_yield();
		break;
	case 2:
		lose_leader(end_soon, NULL);
		break;
	case 3:
		setsid();
		if (fork() == 0) /* an orphan */
			sched_yield();
		break;
	case 4:
		if (unshare(CLONE_NEWUTS) == 0 && chroot("/tmp") == 0)
			sched_yield();
		break;
	case 5:
		kill(getpid(), SIGKILL);
		break;
	default:
		if (vfork() == 0)
			_exit(3);
	}
	_exit(0);
}

static int over(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0;
}

static int keep_zombie(void)
{
	pid_t child = fork();
	siginfo_t info;
	char byte;

	if (child == 0)
		_exit(0);
	waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
	dprintf(STDOUT_FILENO, "%d\n", child);
	return read(STDIN_FILENO, &byte, 1) < 0;
}

static int rage(void)
{
	unsigned living = 0;

	for (unsigned kind = 0; !over(); kind++) {
		if (fork() == 0)
			live("/proc/self/exe", kind);
		/* The ended ones stay zombies until LIVING have been started. */
		if (++living == LIVING)
			while (living && wait(NULL) > 0)
				living--;
		if (kind == LIVING)
			dprintf(STDOUT_FILENO, "storm\n");
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return rage();
	if (strcmp(argv[1], "again") == 0) /* see live() */
		return 0;
	if (strcmp(argv[1], "leader") == 0)
		lose_leader(wait_for_ever, "second");
	return keep_zombie();
}
