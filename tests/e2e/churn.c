/* SPDX-License-Identifier: MIT */
/*
 * Calls, processes and threads in disorder, and an exact account of them.
 *
 *   churn [--gate] FILE SEED PROCESSES THREADS ROUNDS WHAT
 *
 * FILE, of the size it is to have, is where each thread keeps its account (struct slot), mapped by
 * all: it outlives whoever is killed. A call is in `begun` before it is made and in `done` after,
 * so of a thread that is killed there is one at most in doubt.
 *
 * PROCESSES at once, of THREADS threads each, do ROUNDS things each: a burst of calls, or one of
 * WHAT, any of the letters m  move to another CPU          f  a child that makes a few calls and
 * exits     v  the same by vfork k  a child that is killed       t  a thread that makes a few calls
 * and ends     e  a child that executes a program x  a child of which a thread executes a program
 * a  a signal every millisecond n  another name (prctl)
 *
 *   --gate  print {"ready":true,...} and wait for a line on stdin first
 *
 * Nothing but what is in the account calls getppid, close or openat. Linked statically.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define MISSING "/nonexistent-bcc-tools/none"

enum op { GETPPID, CLOSE_BAD, CLOSE, OPEN, OPEN_MISSING, OPS };
enum life { FORK, THREAD, EXEC, LIVES };

enum { FEW = 5, BURST = 64, NAMES = 8, PROCESSES_MAX = 64, THREADS_MAX = 64 };

/* One thread's, or one thread's under one name; @name: its comm is c and this number. */
struct slot {
	uint32_t pid, tid, name, zero;
	uint64_t begun[OPS], done[OPS];
};

struct account {
	uint64_t slots; /* taken */
	uint64_t lives[LIVES];
	struct slot slot[];
};

static struct account *account;
static uint64_t room;
static char *self_path, *fd_text, *what;
static long threads, rounds;
static cpu_set_t allowed;

static void die(const char *why)
{
	dprintf(STDERR_FILENO, "churn: %s: %s\n", why, strerror(errno));
	_exit(99);
}

static void lived(enum life life)
{
	__atomic_add_fetch(&account->lives[life], 1, __ATOMIC_RELAXED);
}

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 8;
}

static struct slot *slot_new(uint32_t name)
{
	uint64_t number = __atomic_fetch_add(&account->slots, 1, __ATOMIC_RELAXED);
	struct slot *slot = &account->slot[number];
	char comm[16];

	if (number >= room) {
		errno = ENOSPC;
		die("slots");
	}
	snprintf(comm, sizeof(comm), "c%u", name);
	if (prctl(PR_SET_NAME, comm))
		die("prctl");
	slot->name = name;
	slot->pid = (uint32_t)syscall(SYS_getpid);
	slot->tid = (uint32_t)syscall(SYS_gettid);
	return slot;
}

static void count(volatile uint64_t *counter)
{
	*counter = *counter + 1;
}

static void make_call(struct slot *slot, enum op op)
{
	long fd;

	count(&slot->begun[op]);
	switch (op) {
	case GETPPID:
		syscall(SYS_getppid);
		break;
	case CLOSE_BAD:
		syscall(SYS_close, -1);
		break;
	case OPEN_MISSING:
		syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0);
		break;
	default:
		fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
		if (fd < 0)
			die("openat");
		count(&slot->done[op]);
		op = CLOSE;
		count(&slot->begun[op]);
		syscall(SYS_close, fd);
	}
	count(&slot->done[op]);
}

static void burst(struct slot *slot, uint64_t *state, unsigned most)
{
	unsigned n = 1 + draw(state) % most;
	enum op op = (enum op)(draw(state) % (OPS - 1));

	for (unsigned i = 0; i < n; i++)
		make_call(slot, op < CLOSE ? op : op + 1);
}

static int reap(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

static void few(uint64_t seed)
{
	struct slot *slot = slot_new(NAMES);
	uint64_t state = seed | 1;

	burst(slot, &state, FEW);
	burst(slot, &state, FEW);
}

static void *short_thread(void *seed)
{
	few((uint64_t)(uintptr_t)seed);
	return NULL;
}

static void leaf(uint64_t seed)
{
	few(seed);
	if (seed % 4 == 0)
		kill((pid_t)syscall(SYS_getpid), SIGKILL);
	_exit((int)(seed % 3));
}

static void child_by_fork(uint64_t seed)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		leaf(seed);
	lived(FORK);
	reap(pid);
}

static void child_by_vfork(uint64_t seed)
{
	pid_t pid = vfork();

	if (pid == 0)
		leaf(seed);
	lived(FORK);
	reap(pid);
}

static void child_to_kill(uint64_t seed)
{
	uint64_t state = seed | 1;
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		struct slot *slot = slot_new(NAMES + 1);

		for (;;)
			burst(slot, &state, BURST);
	}
	lived(FORK);
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
		lived(THREAD);
		if (pthread_create(&thread, NULL, execute_thread, (void *)(uintptr_t)seed))
			die("pthread_create");
		for (;;)
			syscall(SYS_sched_yield);
	}
	lived(FORK);
	lived(EXEC);
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

static void one_thread(uint64_t seed)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, short_thread, (void *)(uintptr_t)seed))
		die("pthread_create");
	lived(THREAD);
	pthread_join(thread, NULL);
}

static void something(struct slot **slot, uint64_t *state)
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
		one_thread(seed);
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
		burst(slot, &state, BURST);
		if (*what && draw(&state) % 4 == 0)
			something(&slot, &state);
	}
	return NULL;
}

static void on_alarm(int signo)
{
	(void)signo;
}

static void process(uint64_t seed)
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
		lived(THREAD);
	}
	work((void *)(uintptr_t)draw(&seed));
	for (long i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	_exit(0);
}

static void begin(int fd)
{
	static char text[16];
	struct stat st;

	snprintf(text, sizeof(text), "%d", fd);
	fd_text = text;
	if (fstat(fd, &st))
		die("the account");
	room = ((uint64_t)st.st_size - sizeof(*account)) / sizeof(struct slot);
	account = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (account == MAP_FAILED)
		die("mmap");
	mallopt(M_ARENA_MAX, 1); /* else it looks into /sys how many CPUs there are */
}

static void wait_at_gate(void)
{
	char line[16];

	dprintf(STDOUT_FILENO, "{\"ready\":true,\"tids\":[]}\n");
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		_exit(98);
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
		lived(FORK);
	}
	for (long i = 0; i < processes; i++)
		if (reap(pids[i]) != 0)
			return 97;
	return 0;
}

/* By openat2, which is in no account. */
static int open_account(const char *path)
{
	const struct open_how how = { .flags = O_RDWR };
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd < 0)
		die(path);
	return (int)fd;
}

int main(int argc, char **argv)
{
	bool gate = argc > 1 && !strcmp(argv[1], "--gate");
	long processes;

	self_path = argv[0];
	if (argc == 4 && !strcmp(argv[1], "leaf")) {
		begin(atoi(argv[2]));
		leaf(strtoull(argv[3], NULL, 10));
	}
	argv += gate;
	if (argc - gate != 7)
		return 99;
	begin(open_account(argv[1]));
	processes = atol(argv[3]);
	threads = atol(argv[4]);
	rounds = atol(argv[5]);
	what = argv[6];
	if (processes < 1 || processes > PROCESSES_MAX || threads < 1 || threads > THREADS_MAX)
		return 99;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die("sched_getaffinity");
	if (gate)
		wait_at_gate();
	return run((strtoull(argv[2], NULL, 10) + 1) * 0x9e3779b97f4a7c15ull, processes);
}
