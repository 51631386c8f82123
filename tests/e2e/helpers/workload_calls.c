/* SPDX-License-Identifier: MIT */
/* The steps of workload that make system calls. What each does stands in workload.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common.h"
#include "compat.h"
#include "workload.h"

static void open_some(long succeed, long fail)
{
	for (long i = 0; i < succeed; i++) {
		int fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, 0);
		if (fd < 0)
			die("openat /dev/null");
		close(fd);
	}
	for (long i = 0; i < fail; i++)
		if (syscall(SYS_openat, AT_FDCWD, MISSING, O_RDONLY, 0) >= 0 || errno != ENOENT)
			die("openat " MISSING);
}

struct share {
	long succeed;
	long fail;
};

static void *open_share(void *arg)
{
	const struct share *share = arg;

	open_some(share->succeed, share->fail);
	return NULL;
}

static void open_on_threads(long succeed, long fail, long n)
{
	pthread_t threads[THREADS_MAX];
	struct share shares[THREADS_MAX];

	for (long i = 0; i < n; i++) {
		shares[i].succeed = succeed / n + (i < succeed % n);
		shares[i].fail = fail / n + (i < fail % n);
		if (pthread_create(&threads[i], NULL, open_share, &shares[i]))
			die("pthread_create");
	}
	for (long i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

void do_openat(struct line *line, int argc, char **argv)
{
	long succeed = number(argv[1]), fail = number(argv[2]), n = argc > 3 ? number(argv[3]) : 1;

	if (n < 1 || n > THREADS_MAX)
		die_for(EINVAL, "openat: threads");
	if (n == 1)
		open_some(succeed, fail);
	else
		open_on_threads(succeed, fail, n);
	line_begin(line, argv[0]);
	line_add(line, ",\"opens\":%ld,\"failed\":%ld", succeed + fail, fail);
	line_end(line);
}

static long syscall_number(const char *name)
{
	static const struct {
		const char *name;
		long nr;
	} known[] = {
		{ "cachestat",
		  451 }, /* of this and the others with a number the headers may be too old */
		{ "close", SYS_close },
		{ "file_getattr", 468 },
		{ "getppid", SYS_getppid },
		{ "getuid", SYS_getuid },
		{ "listns", 470 },
		{ "mseal", 462 },
		{ "sched_get_priority_max", SYS_sched_get_priority_max },
		{ "sched_yield", SYS_sched_yield },
		{ "setxattrat", 463 },
		{ "statmount", 457 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].nr;
	return number(name);
}

void do_syscall(struct line *line, int argc, char **argv)
{
	bool named = !strcmp(argv[0], "syscall");
	long nr = syscall_number(named ? argv[1] : argv[0]);
	long calls = number(argv[named ? 2 : 1]), errors = 0, arg[6] = { 0 };

	for (int i = 3; i < argc && i < 9; i++)
		arg[i - 3] = argv[i][0] == '/' ? (long)argv[i] : number(argv[i]);
	for (long i = 0; i < calls; i++)
		errors += syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]) == -1;
	line_begin(line, argv[0]);
	line_add(line, ",\"nr\":%ld,\"calls\":%ld,\"errors\":%ld", nr, calls, errors);
	line_end(line);
}

static long wait_ms(const char *how, long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	if (!strcmp(how, "clock_nanosleep"))
		return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
	if (!strcmp(how, "poll"))
		return poll(NULL, 0, (int)ms);
	if (!strcmp(how, "ppoll"))
		return ppoll(NULL, 0, &time, NULL);
	if (!strcmp(how, "pselect6")) {
		struct timespec changes = time;
		return syscall(SYS_pselect6, 0, NULL, NULL, NULL, &changes, NULL);
	}
	errno = EINVAL;
	return -1;
}

/* The times are taken around each call, so a tool must never report a longer one. */
void do_wait(struct line *line, int argc, char **argv)
{
	long n = number(argv[2]), ms = argc > 3 ? number(argv[3]) : 1;

	line_begin(line, argv[0]);
	line_add(line, ",\"ns\":[");
	for (long i = 0; i < n; i++) {
		long before = now_ns();
		if (wait_ms(argv[1], ms))
			die(argv[1]);
		line_add(line, "%s%ld", i ? "," : "", now_ns() - before);
	}
	line_add(line, "]");
	line_end(line);
}

void do_block(struct line *line, int argc, char **argv)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char answer[64];
	long r = -1, before = now_ns();

	(void)argc;
	if (!strcmp(argv[1], "read"))
		r = syscall(SYS_read, STDIN_FILENO, answer, sizeof(answer));
	else if (!strcmp(argv[1], "poll"))
		r = poll(&in, 1, -1);
	else if (!strcmp(argv[1], "pause"))
		r = pause();
	if (r <= 0)
		die(argv[1]);
	line_begin(line, argv[0]);
	line_add(line, ",\"ns\":%ld", now_ns() - before);
	line_end(line);
}

static volatile sig_atomic_t handled;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

void do_handle(struct line *line, int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	long n = number(argv[1]), pid = syscall(SYS_getpid), tid = syscall(SYS_gettid);

	(void)argc;
	if (sigaction(SIGUSR1, &action, NULL))
		die("sigaction");
	for (long i = 0; i < n; i++)
		if (syscall(SYS_tgkill, pid, tid, SIGUSR1))
			die("tgkill");
	line_begin(line, argv[0]);
	line_add(line, ",\"handled\":%d", (int)handled);
	line_end(line);
}

void do_compat(struct line *line, int argc, char **argv)
{
	bool there = compat_is_there();
	long closes = there ? number(argv[1]) : 0, getppids = there ? number(argv[2]) : 0;

	(void)argc;
	for (long i = 0; i < closes; i++)
		if (compat_call(I386_CLOSE, -1, 0, 0, 0) != -EBADF)
			die("32-bit close");
	for (long i = 0; i < getppids; i++)
		if (compat_call(I386_GETPPID, 0, 0, 0, 0) <= 0)
			die("32-bit getppid");
	line_begin(line, argv[0]);
	line_add(line, ",\"there\":%s,\"close\":%ld,\"getppid\":%ld", there ? "true" : "false",
		 closes, getppids);
	line_end(line);
}
