/* SPDX-License-Identifier: MIT */
/*
 * The work that contestants watch. It makes calls in small batches and times each batch, so that a
 * batch which the machine disturbed stands out.
 *
 *   work getppid THREADS SECONDS      ns per call of each batch, one a line
 *                                     (with several threads, each on a CPU)
 *   work openat THREADS SECONDS       the same for openat of an existing file and its close
 *   work getppid-among COUNT SECONDS  the same for getppid, while COUNT processes wait, each
 *                                     of which has made one such call
 *   work distinct COUNT SECONDS       the same for COUNT different calls in turn, which the
 *                                     kernel does not have
 *   work spawn SECONDS                ns of CPU time, children's included, per fork, exec,
 *                                     exit and wait
 *   work getppid-rate RATE SECONDS    RATE calls a second, on all CPUs together, in ticks of
 *                                     1 ms; prints how many calls, in how many seconds
 *   work openat-rate RATE SECONDS     the same for openat
 *   work fork-rate RATE SECONDS       the same for processes that exit at once
 *   work children COUNT               processes that make one getppid and one getuid call,
 *                                     one after the other
 *   work true                         exits
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OPENED "/dev/null"
#define BATCHES_MAX 100000
#define THREADS_MAX 256
#define TICK_NS 1000000

static const char *self;

static unsigned long long now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %d", cpu);
}

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void call_two(void)
{
	syscall(SYS_getppid);
	syscall(SYS_getuid);
}

static void call_openat(void)
{
	int fd = syscall(SYS_openat, AT_FDCWD, OPENED, O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		err(1, OPENED);
	close(fd);
}

static void reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			err(1, "waitpid");
	if (status)
		errx(1, "a child ended with status %#x", status);
}

static int child_main(void *call)
{
	if (call)
		((void (*)(void))call)();
	syscall(SYS_exit, 0);
	return 0;
}

/* The child shares the address space, as with vfork: ten times as fast as fork. */
static void call_child(void (*call)(void))
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t child =
		clone(child_main, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, call);

	if (child < 0)
		err(1, "clone");
	reap(child);
}

static void call_fork(void)
{
	call_child(NULL);
}

static void call_spawn(void)
{
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (!child) {
		execl(self, self, "true", (char *)NULL);
		_exit(127);
	}
	reap(child);
}

/* --- how long one call takes --- */

struct batches {
	void (*call)(void);
	int cpu;
	int calls;
	unsigned long long length_ns;
	pthread_barrier_t *start;
	int count;
	double *ns; /* of one call */
};

static void *run_batches(void *arg)
{
	struct batches *b = arg;
	unsigned long long began, end, before, after;

	pin(b->cpu);
	b->ns = malloc(BATCHES_MAX * sizeof(*b->ns));
	if (!b->ns)
		err(1, NULL);
	pthread_barrier_wait(b->start);
	began = now_ns(CLOCK_MONOTONIC);
	end = began + b->length_ns;
	do {
		before = now_ns(CLOCK_MONOTONIC);
		for (int i = 0; i < b->calls; i++)
			b->call();
		after = now_ns(CLOCK_MONOTONIC);
		/* The first batches find cold caches. */
		if (after - began > b->length_ns / 10)
			b->ns[b->count++] = (double)(after - before) / b->calls;
	} while (after < end && b->count < BATCHES_MAX);
	return NULL;
}

static void time_calls(void (*call)(void), int calls, int threads, double seconds)
{
	struct batches all[THREADS_MAX];
	pthread_t ids[THREADS_MAX];
	pthread_barrier_t start;
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (threads < 1 || threads > THREADS_MAX)
		errx(1, "%d threads", threads);
	pthread_barrier_init(&start, NULL, threads);
	for (int i = 0; i < threads; i++) {
		/*
		 * A single thread runs on the last CPU: the first has more of the machine's own
		 * work.
		 */
		all[i] = (struct batches){ .call = call,
					   .cpu = cpus - 1 - i % cpus,
					   .calls = calls,
					   .length_ns = seconds * 1e9,
					   .start = &start };
		if (pthread_create(&ids[i], NULL, run_batches, &all[i]))
			errx(1, "cannot start a thread");
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		for (int n = 0; n < all[i].count; n++)
			printf("%.2f\n", all[i].ns[n]);
	}
}

/* CPU time of this process and its children, on all CPUs. */
static unsigned long long cpu_ns(void)
{
	struct rusage children;

	getrusage(RUSAGE_CHILDREN, &children);
	return now_ns(CLOCK_PROCESS_CPUTIME_ID) +
	       (children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000000ULL +
	       (children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000ULL;
}

static void time_spawns(double seconds)
{
	enum { CALLS = 10 };
	unsigned long long end, before;

	pin(sysconf(_SC_NPROCESSORS_ONLN) - 1);
	for (int i = 0; i < CALLS; i++)
		call_spawn();
	end = now_ns(CLOCK_MONOTONIC) + seconds * 1e9;
	do {
		before = cpu_ns();
		for (int i = 0; i < CALLS; i++)
			call_spawn();
		printf("%.2f\n", (double)(cpu_ns() - before) / CALLS);
	} while (now_ns(CLOCK_MONOTONIC) < end);
}

/* --- so many calls a second --- */

struct paced {
	void (*call)(void);
	int cpu;
	double rate, seconds;
	unsigned long long made, took_ns;
};

static void run_paced(struct paced *p)
{
	unsigned long long began = now_ns(CLOCK_MONOTONIC), tick = began,
			   wanted = p->rate * p->seconds;
	struct timespec until;

	pin(p->cpu);
	while (p->made < wanted) {
		unsigned long long due = p->rate * (tick + TICK_NS - began) / 1e9;

		for (; p->made < due && p->made < wanted; p->made++)
			p->call();
		tick += TICK_NS;
		/* Give up after twice the time. */
		if (now_ns(CLOCK_MONOTONIC) - began > 2e9 * p->seconds)
			break;
		until = (struct timespec){ .tv_sec = tick / 1000000000,
					   .tv_nsec = tick % 1000000000 };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
	p->took_ns = now_ns(CLOCK_MONOTONIC) - began;
}

static void pace(void (*call)(void), double rate, double seconds)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), made = 0, result[2];
	unsigned long long longest_ns = 0;
	struct paced p;

	/* Processes, because threads that fork would wait for each other's locks. */
	if (pipe(result))
		err(1, "pipe");
	for (int cpu = 0; cpu < cpus; cpu++) {
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			p = (struct paced){
				.call = call, .cpu = cpu, .rate = rate / cpus, .seconds = seconds
			};
			run_paced(&p);
			if (write(result[1], &p, sizeof(p)) != sizeof(p))
				_exit(1);
			_exit(0);
		}
	}
	for (int cpu = 0; cpu < cpus; cpu++) {
		if (read(result[0], &p, sizeof(p)) != sizeof(p))
			errx(1, "a part of the work failed");
		made += p.made;
		if (p.took_ns > longest_ns)
			longest_ns = p.took_ns;
	}
	while (wait(NULL) > 0)
		;
	printf("%d %.6f\n", made, longest_ns / 1e9);
}

/* --- among many processes --- */

static int wait_forever(void *ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	call_getppid();
	atomic_fetch_add((atomic_int *)ready, 1);
	while (pause())
		;
	return 0;
}

static void time_among(int count, double seconds)
{
	enum { STACK = 8192 };
	/*
	 * The processes share one address space, which is quick to make; each has its own stack.
	 */
	char *stacks = mmap(NULL, (size_t)STACK * (count + 1), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t *children = calloc(count + 1, sizeof(*children));
	struct timespec tick = { .tv_nsec = TICK_NS };
	atomic_int ready = 0;

	if (stacks == MAP_FAILED || !children)
		err(1, NULL);
	for (int i = 0; i < count; i++) {
		children[i] = clone(wait_forever, stacks + (size_t)STACK * (i + 1),
				    CLONE_VM | SIGCHLD, &ready);
		if (children[i] < 0)
			err(1, "clone");
	}
	while (atomic_load(&ready) < count)
		nanosleep(&tick, NULL);
	time_calls(call_getppid, 200, 1, seconds);
	for (int i = 0; i < count; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static int distinct;

/* Calls by numbers that no architecture has assigned. */
static void call_distinct(void)
{
	enum { FIRST = 500 };
	static int next;

	syscall(FIRST + next);
	next = next + 1 < distinct ? next + 1 : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	double first = argc > 2 ? atof(argv[2]) : 0, second = argc > 3 ? atof(argv[3]) : 0;

	self = argv[0];
	if (!strcmp(what, "true"))
		return 0;
	else if (!strcmp(what, "getppid"))
		time_calls(call_getppid, 200, first, second);
	else if (!strcmp(what, "openat"))
		time_calls(call_openat, 50, first, second);
	else if (!strcmp(what, "getppid-among"))
		time_among(first, second);
	else if (!strcmp(what, "distinct")) {
		distinct = first;
		time_calls(call_distinct, 512, 1, second);
	} else if (!strcmp(what, "spawn"))
		time_spawns(first);
	else if (!strcmp(what, "getppid-rate"))
		pace(call_getppid, first, second);
	else if (!strcmp(what, "openat-rate"))
		pace(call_openat, first, second);
	else if (!strcmp(what, "fork-rate"))
		pace(call_fork, first, second);
	else if (!strcmp(what, "children"))
		for (int i = 0; i < first; i++)
			call_child(call_two);
	else
		errx(2, "unknown work: %s", what);
	return fflush(stdout) ? 1 : 0;
}
