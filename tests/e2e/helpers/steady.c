/* SPDX-License-Identifier: MIT */
/*
 * A load that is light, even and known: at every tick of the clock the same calls, processes and
 * one thread.
 *
 *   steady --gate TICKS PERIOD_US
 *
 * Prints {"ready":true,...} and waits for a line on standard input before the first tick. It ends
 * after TICKS ticks, or before when a further line comes or standard input ends. Then it prints
 * {"ticks":N}. soak.py says what a tick makes. A tick that is late is not left out: the next ones
 * follow at once.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

enum { MANY = 50, OPENS = 20, MISSES = 5, FEW = 5, LEAF_CODE = 3 };

static char *self_path;

static void ask(int times)
{
	for (int i = 0; i < times; i++)
		syscall(SYS_getppid);
}

static void *short_thread(void *unused)
{
	ask(FEW);
	return unused;
}

static void open_files(void)
{
	for (int i = 0; i < OPENS; i++) {
		long fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0);

		if (fd < 0)
			die("/dev/null");
		syscall(SYS_close, fd);
	}
	for (int i = 0; i < MISSES; i++)
		syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0);
}

static void child(bool executes)
{
	char *args[] = { self_path, (char *)"leaf", NULL };
	pid_t pid = raw_fork();

	if (pid == 0 && executes) {
		execv(self_path, args);
		die(self_path);
	}
	if (pid == 0) {
		ask(FEW);
		_exit(0);
	}
	if (WEXITSTATUS(reap(pid)) != (executes ? LEAF_CODE : 0))
		die_for(0, "a child ended badly");
}

static void tick(void)
{
	pthread_t thread;

	ask(MANY);
	open_files();
	child(false);
	child(true);
	if (pthread_create(&thread, NULL, short_thread, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);
}

/* Return: whether to go on. */
static bool wait_until(long due_ns)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	long left = due_ns - now_ns();
	struct timespec span = { 0 };

	if (left > 0) {
		span.tv_sec = left / 1000000000L;
		span.tv_nsec = left % 1000000000L;
	}
	return ppoll(&in, 1, &span, NULL) == 0;
}

int main(int argc, char **argv)
{
	long ticks, period_ns, began, n = 0;

	self_path = argv[0];
	if (argc == 2 && !strcmp(argv[1], "leaf")) {
		ask(FEW);
		return LEAF_CODE;
	}
	if (argc != 4)
		return EXIT_DIED;
	ticks = number(argv[2]);
	period_ns = number(argv[3]) * 1000;
	/* With more arenas malloc() opens a file of /sys to count the CPUs. */
	mallopt(M_ARENA_MAX, 1);
	dprintf(STDOUT_FILENO, "{\"ready\":true,\"tids\":[]}\n");
	wait_for_line();
	began = now_ns();
	while (n < ticks && wait_until(began + n * period_ns)) {
		tick();
		n++;
	}
	dprintf(STDOUT_FILENO, "{\"ticks\":%ld}\n", n);
	return 0;
}
