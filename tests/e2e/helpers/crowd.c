/* SPDX-License-Identifier: MIT */
/*
 * Many threads at once.
 *
 *   crowd [--gate] PROCESSES THREADS CALLS
 *
 * So many processes of so many threads each. With --gate it prints {"ready":true,...} when all are
 * there, and waits for a line. Then each thread makes CALLS getppid calls. With --gate it prints
 * {"done":true} when all have, while all wait, and they end after a further line.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

enum { STACK = 16384, PROCESSES_MAX = 4096 };

/* Seen by all processes. @stage: 1: make calls; 2: end. @arrived: threads that have come so far. */
static struct {
	uint32_t stage;
	uint32_t arrived;
} * all;

static long calls;

static void arrive_and_wait_for(uint32_t stage)
{
	__atomic_add_fetch(&all->arrived, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		uint32_t now = __atomic_load_n(&all->stage, __ATOMIC_SEQ_CST);

		if (now >= stage)
			return;
		syscall(SYS_futex, &all->stage, FUTEX_WAIT, now, NULL, NULL, 0);
	}
}

static void *work(void *unused)
{
	arrive_and_wait_for(1);
	for (long i = 0; i < calls; i++)
		syscall(SYS_getppid);
	arrive_and_wait_for(2);
	return unused;
}

/* The first thread of the process is one of them. */
static _Noreturn void process(long threads)
{
	pthread_attr_t small;
	pthread_t thread;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (long i = 1; i < threads; i++) {
		int error = pthread_create(&thread, &small, work, NULL);

		if (error)
			die_for(error, "pthread_create");
	}
	work(NULL);
	/* The others end by themselves. */
	pthread_exit(NULL);
}

static void wait_for_all(uint32_t count)
{
	const struct timespec moment = { .tv_nsec = 10000000 };

	while (__atomic_load_n(&all->arrived, __ATOMIC_SEQ_CST) < count)
		nanosleep(&moment, NULL);
}

static void begin_stage(uint32_t stage)
{
	__atomic_store_n(&all->stage, stage, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &all->stage, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void say_and_wait(const char *line)
{
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		die("write");
	wait_for_line();
}

int main(int argc, char **argv)
{
	bool gate = argc > 1 && !strcmp(argv[1], "--gate");
	static pid_t pids[PROCESSES_MAX];
	long processes, threads;
	uint32_t count;

	argv += gate;
	if (argc - gate != 4)
		return EXIT_DIED;
	processes = number(argv[1]);
	threads = number(argv[2]);
	calls = number(argv[3]);
	count = (uint32_t)(processes * threads);
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED || processes > PROCESSES_MAX)
		die("mmap");
	for (long i = 0; i < processes; i++) {
		pids[i] = raw_fork();
		if (pids[i] == 0)
			process(threads);
	}
	wait_for_all(count);
	if (gate)
		say_and_wait("{\"ready\":true,\"tids\":[]}\n");
	begin_stage(1);
	wait_for_all(2 * count);
	if (gate)
		say_and_wait("{\"done\":true}\n");
	begin_stage(2);
	for (long i = 0; i < processes; i++)
		reap(pids[i]);
	return 0;
}
