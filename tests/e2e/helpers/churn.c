/* SPDX-License-Identifier: MIT */
/*
 * Makes calls, processes and threads in disorder, and keeps an exact account of them.
 *
 *   churn [--gate] FILE SEED PROCESSES THREADS ROUNDS WHAT
 *
 * PROCESSES at once, of THREADS threads each, do ROUNDS times a burst of calls and now and then one
 * thing drawn from WHAT, which is any of these letters:
 *
 *   m  move to another CPU                     k  a child that is killed
 *   f  a child that makes a few calls          e  a child that executes a program
 *      and exits                               x  a child, a thread of which executes a program
 *   v  the same by vfork                       a  a signal every millisecond, all the time
 *   t  a thread that makes a few calls         n  another name (prctl)
 *      and ends
 *
 *   --gate  print {"ready":true,...} and wait for a line on standard input before the first call
 *
 * FILE, of the size it is to have, is the account: see churn_account.h. The program makes no
 * getppid, close or openat call that is not in it; therefore it is linked statically and opens FILE
 * by openat2.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "churn_account.h"
#include "common.h"

enum { FEW = 5, BURST = 64, NAMES = 8, PROCESSES_MAX = 64, THREADS_MAX = 64 };

/* The command line. @fd_text: the descriptor of the account, for a program that is executed. */
static char *self_path, *fd_text, *what;
static long threads, rounds;
static cpu_set_t allowed;

/* The few calls of a child or of a thread that ends at once. */
static void few_calls(uint64_t seed)
{
	struct slot *slot = slot_new(NAMES);
	uint64_t state = seed | 1;

	slot_burst(slot, &state, FEW);
	slot_burst(slot, &state, FEW);
}

static void *short_thread(void *seed)
{
	few_calls((uint64_t)(uintptr_t)seed);
	return NULL;
}

/* A child: exits or kills itself. */
static _Noreturn void leaf(uint64_t seed)
{
	few_calls(seed);
	if (seed % 4 == 0)
		kill((pid_t)syscall(SYS_getpid), SIGKILL);
	_exit((int)(seed % 3));
}

static void child_by_fork(uint64_t seed)
{
	pid_t pid = raw_fork();

	if (pid == 0)
		leaf(seed);
	account_life(FORK);
	reap(pid);
}

static void child_by_vfork(uint64_t seed)
{
	pid_t pid = vfork();

	if (pid == 0)
		leaf(seed);
	account_life(FORK);
	reap(pid);
}

static void child_to_kill(uint64_t seed)
{
	uint64_t state = seed | 1;
	pid_t pid = raw_fork();

	if (pid == 0) {
		struct slot *slot = slot_new(NAMES + 1);

		for (;;)
			slot_burst(slot, &state, BURST);
	}
	account_life(FORK);
	for (unsigned n = draw(&state) % 6; n; n--)
		sched_yield();
	kill(pid, SIGKILL);
	reap(pid);
}

static void execute(uint64_t seed)
{
	char text[24], *args[] = { self_path, (char *)"leaf", fd_text, text, NULL };

	snprintf(text, sizeof(text), "%llu", (unsigned long long)seed);
	execv(self_path, args);
	die(self_path);
}

static void *execute_thread(void *seed)
{
	execute((uint64_t)(uintptr_t)seed);
	return NULL;
}

static void child_that_executes(uint64_t seed, bool by_thread)
{
	pid_t pid = fork();
	pthread_t thread;

	if (pid == 0 && !by_thread)
		execute(seed);
	if (pid == 0) {
		account_life(THREAD);
		if (pthread_create(&thread, NULL, execute_thread, (void *)(uintptr_t)seed))
			die("pthread_create");
		for (;;)
			syscall(SYS_sched_yield);
	}
	account_life(FORK);
	account_life(EXEC);
	reap(pid);
}

static void move(uint64_t seed)
{
	for (int i = 0, cpu = (int)(seed % CPU_SETSIZE); i < CPU_SETSIZE;
	     i++, cpu = (cpu + 1) % CPU_SETSIZE) {
		cpu_set_t one;

		if (!CPU_ISSET(cpu, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

static void child_thread(uint64_t seed)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, short_thread, (void *)(uintptr_t)seed))
		die("pthread_create");
	account_life(THREAD);
	pthread_join(thread, NULL);
}

static void do_one_thing(struct slot **slot, uint64_t *state)
{
	uint64_t seed = draw(state);

	switch (what[draw(state) % strlen(what)]) {
	case 'm':
		move(seed);
		break;
	case 'f':
		child_by_fork(seed);
		break;
	case 'v':
		child_by_vfork(seed);
		break;
	case 'k':
		child_to_kill(seed);
		break;
	case 't':
		child_thread(seed);
		break;
	case 'e':
	case 'x':
		child_that_executes(seed, what[seed % strlen(what)] == 'x');
		break;
	case 'n':
		*slot = slot_new((uint32_t)(seed % NAMES));
		break;
	}
}

static void *work(void *seed)
{
	uint64_t state = (uint64_t)(uintptr_t)seed | 1;
	struct slot *slot = slot_new((uint32_t)(draw(&state) % NAMES));

	for (long i = 0; i < rounds; i++) {
		slot_burst(slot, &state, BURST);
		if (*what && draw(&state) % 4 == 0)
			do_one_thing(&slot, &state);
	}
	return NULL;
}

static void on_alarm(int signo)
{
	(void)signo;
}

static _Noreturn void process(uint64_t seed)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
	pthread_t thread[THREADS_MAX] = { 0 };

	if (strchr(what, 'a')) {
		const struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };

		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &often, NULL);
	}
	for (long i = 1; i < threads; i++) {
		if (pthread_create(&thread[i], NULL, work, (void *)(uintptr_t)draw(&seed)))
			die("pthread_create");
		account_life(THREAD);
	}
	work((void *)(uintptr_t)draw(&seed));
	for (long i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	_exit(0);
}

static void begin(int fd)
{
	static char text[16];

	snprintf(text, sizeof(text), "%d", fd);
	fd_text = text;
	account_map(fd);
	/* With more arenas malloc() opens a file of /sys to count the CPUs. */
	mallopt(M_ARENA_MAX, 1);
}

static int run(uint64_t seed, long processes)
{
	pid_t pids[PROCESSES_MAX];

	for (long i = 0; i < processes; i++) {
		uint64_t its = draw(&seed) + (uint64_t)i;

		pids[i] = fork();
		if (pids[i] == 0)
			process(its);
		if (pids[i] < 0)
			die("fork");
		account_life(FORK);
	}
	for (long i = 0; i < processes; i++)
		if (reap(pids[i]) != 0)
			return 97;
	return 0;
}

int main(int argc, char **argv)
{
	bool gate = argc > 1 && !strcmp(argv[1], "--gate");
	long processes;

	self_path = argv[0];
	if (argc == 4 && !strcmp(argv[1], "leaf")) {
		begin((int)number(argv[2]));
		leaf(strtoull(argv[3], NULL, 10));
	}
	argv += gate;
	if (argc - gate != 7)
		return EXIT_DIED;
	begin(open_uncounted(argv[1], O_RDWR));
	processes = number(argv[3]);
	threads = number(argv[4]);
	rounds = number(argv[5]);
	what = argv[6];
	if (processes < 1 || processes > PROCESSES_MAX || threads < 1 || threads > THREADS_MAX)
		return EXIT_DIED;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die("sched_getaffinity");
	if (gate) {
		dprintf(STDOUT_FILENO, "{\"ready\":true,\"tids\":[]}\n");
		wait_for_line();
	}
	return run((strtoull(argv[2], NULL, 10) + 1) * 0x9e3779b97f4a7c15ull, processes);
}
