/* SPDX-License-Identifier: MIT */
/*
 * Opens files in every way there is, an exact number of times, and prints as JSON what a tool must
 * have seen.
 *
 *   opener [OPTION...] STEP [+ STEP]...         steps.h describes the options
 *
 *   open CALL N PATH [FLAGS [MODE [RESOLVE [SIZE]]]]
 *                         N such calls, each descriptor closed. CALL: open, creat, openat, openat2,
 *                         open_by_handle_at, any of these with `i386:` in front, or
 *                         io_uring:openat, io_uring:openat2, which may have options behind them:
 *                         ,skip (IOSQE_CQE_SKIP_SUCCESS)  ,async (IOSQE_ASYNC)  ,poll (SQPOLL)
 *                         ,direct (into slot 2 of the ring)
 *   at PATH|NUMBER        in the steps that follow, relative paths start from this directory or
 *                         descriptor instead of the working directory
 *   distinct N PREFIX     N openat calls of PREFIX0 to PREFIXN-1, which do not exist
 *   children K NAME N M   K children, one after the other, named NAME0 to NAMEK-1: each makes N
 *                         openat calls of /dev/null and M that fail
 *   chdir PATH, rmdir PATH, comm NAME
 *   limit N               at most N descriptors (RLIMIT_NOFILE)
 *   pin                   thread I stays on the I-th CPU
 *
 * Paths and names may contain \xNN escapes. The path @null is no address, @bad is an address that
 * cannot be read, @stale is the handle of a file that does not exist. Each step that opens prints
 * one line (children: one for each hundred of them). The program opens nothing else, by no call.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"
#include "opener_calls.h"
#include "steps.h"

#ifndef MAP_32BIT
#define MAP_32BIT 0 /* other machines than x86-64 make no 32-bit calls from 64-bit programs */
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif

enum { SHOWN_MAX = 100 };

struct timed {
	int result;
	long ns;
};

static void print_opens(struct line *line, const struct timed *opens, long count)
{
	line_add(line, ",\"ret\":[");
	for (long i = 0; i < count; i++)
		line_add(line, "%s%d", i ? "," : "", opens[i].result);
	line_add(line, "],\"ns\":[");
	for (long i = 0; i < count; i++)
		line_add(line, "%s%ld", i ? "," : "", opens[i].ns);
	line_add(line, "]");
}

static void do_open(struct line *line, int argc, char **argv)
{
	struct given *given = mmap(NULL, sizeof(*given), PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct opening how = opening_parse(argv[1]);
	struct timed opens[SHOWN_MAX];
	struct ring ring = { .fd = -1 };
	bool there = opening_begin(&how, &ring);
	long n = there ? number(argv[2]) : 0, failed = 0;

	if (given == MAP_FAILED)
		die("mmap");
	opening_fill(&how, given, argc, argv);
	for (long i = 0; i < n; i++) {
		long before = now_ns();
		int result = opening_make(&how, &ring, given);
		if (i < SHOWN_MAX)
			opens[i] = (struct timed){ result, now_ns() - before };
		failed += result < 0;
		if (result >= 0 && !how.direct)
			close(result);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"call\":\"%s\",\"there\":%s,\"opens\":%ld,\"failed\":%ld", argv[1],
		 there ? "true" : "false", n, failed);
	line_add(line, ",\"ends_known\":%s", how.uring && ring_has_cqe32() ? "true" : "false");
	print_opens(line, opens, n < SHOWN_MAX ? n : SHOWN_MAX);
	line_end(line);
	if (ring.fd >= 0)
		ring_end(&ring);
	munmap(given, sizeof(*given));
}

static void do_at(struct line *line, int argc, char **argv)
{
	char path[PATH_BYTES], *end;

	(void)argc;
	(void)line;
	opener_at_fd = (int)strtol(argv[1], &end, 0);
	if (!*end)
		return;
	unescape(argv[1], path, sizeof(path));
	/* Gives a descriptor like that of O_PATH, and is no call that opens a file. */
	opener_at_fd = (int)syscall(SYS_open_tree, AT_FDCWD, path, O_CLOEXEC);
	if (opener_at_fd < 0)
		die(path);
}

static void do_distinct(struct line *line, int argc, char **argv)
{
	long n = number(argv[1]);
	char path[PATH_BYTES];

	(void)argc;
	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s%ld", argv[2], i);
		if (native_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY, 0) != -ENOENT)
			die(path);
	}
	line_begin(line, argv[0]);
	line_add(line, ",\"opens\":%ld", n);
	line_end(line);
}

static void open_as_child(const char *name, long index, long succeed, long fail)
{
	char comm[64];

	snprintf(comm, sizeof(comm), "%s%ld", name, index);
	if (prctl(PR_SET_NAME, comm))
		_exit(1);
	for (long i = 0; i < succeed; i++)
		if (native_call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDONLY, 0) < 0)
			_exit(1);
	for (long i = 0; i < fail; i++)
		if (native_call(SYS_openat, AT_FDCWD, (long)MISSING, O_RDONLY, 0) != -ENOENT)
			_exit(1);
	_exit(0);
}

static void do_children(struct line *line, int argc, char **argv)
{
	long k = number(argv[1]), succeed = number(argv[3]), fail = number(argv[4]);

	(void)argc;
	for (long i = 0; i < k; i++) {
		pid_t pid = vfork(); /* ten times as fast as fork() */
		if (pid == 0)
			open_as_child(argv[2], i, succeed, fail);
		if (reap(pid) != 0)
			die("a child");
		if (i % 100 == 0) {
			line_begin(line, argv[0]);
			line_add(line, ",\"first\":%ld,\"children\":[", i);
		}
		line_add(line, "%s%d", i % 100 ? "," : "", pid);
		if (i % 100 == 99 || i == k - 1) {
			line_add(line, "]");
			line_end(line);
		}
	}
}

static void do_dir(struct line *line, int argc, char **argv)
{
	char path[PATH_BYTES];

	(void)argc;
	(void)line;
	unescape(argv[1], path, sizeof(path));
	if (argv[0][0] == 'c' ? chdir(path) : rmdir(path))
		die(path);
}

static void do_comm(struct line *line, int argc, char **argv)
{
	char name[64];

	(void)argc;
	(void)line;
	unescape(argv[1], name, sizeof(name));
	if (prctl(PR_SET_NAME, name))
		die("prctl");
}

static void do_limit(struct line *line, int argc, char **argv)
{
	const struct rlimit limit = { (rlim_t)number(argv[1]), (rlim_t)number(argv[1]) };

	(void)argc;
	(void)line;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
}

static void do_pin(struct line *line, int argc, char **argv)
{
	cpu_set_t allowed, one;
	long left;

	(void)argc;
	(void)line;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die(argv[0]);
	left = steps_thread_index() % CPU_COUNT(&allowed);
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && left-- == 0)
			CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die(argv[0]);
}

static const struct step steps[] = {
	{ "open", 3, false, do_open },         { "at", 1, false, do_at },
	{ "distinct", 2, false, do_distinct }, { "chdir", 1, false, do_dir },
	{ "rmdir", 1, false, do_dir },         { "children", 4, false, do_children },
	{ "comm", 1, false, do_comm },         { "limit", 1, false, do_limit },
	{ "pin", 0, false, do_pin },           { 0 },
};

int main(int argc, char **argv)
{
	(void)argc;
	return steps_main(steps, argv);
}
