/* SPDX-License-Identifier: MIT */
/* /proc: when a process or thread began, and what its stat file says. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "procfs.h"

enum {
	TICK_NS = 10000000,
};

/* Texts of stat, and what they are parsed as. */
static int began(const char *text, uint64_t *ns)
{
	char dir[] = "/tmp/bcc-tools-proc-XXXXXX";
	int at, fd, r;

	assert_non_null(mkdtemp(dir));
	at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(at, "7", 0700), 0);
	assert_int_equal(mkdirat(at, "7/task", 0700), 0);
	assert_int_equal(mkdirat(at, "7/task/7", 0700), 0);
	fd = openat(at, "7/task/7/stat", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	r = procfs_task_began(at, 7, ns);
	assert_int_equal(unlinkat(at, "7/task/7/stat", 0), 0);
	assert_int_equal(unlinkat(at, "7/task/7", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(at, "7/task", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(at, "7", AT_REMOVEDIR), 0);
	assert_int_equal(rmdir(dir), 0);
	close(fd);
	close(at);
	return r;
}

static void test_text(void **state)
{
	uint64_t ns = 0;

	(void)state;
	assert_int_equal(
		began("7 (sh) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 999 1\n", &ns),
		0);
	assert_int_equal(ns, 12345 * (uint64_t)TICK_NS);
	assert_int_equal(began("7 (a) R 9 9 (\n9) 9) Z 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 -2 0 1 0 "
			       "7 999 1\n",
			       &ns),
			 0);
	assert_int_equal(ns, 7 * (uint64_t)TICK_NS);
	assert_int_equal(began("", &ns), -EINVAL);
	assert_int_equal(began("7 (sh) S 1 7 7", &ns), -EINVAL);
	assert_int_equal(
		began("7 sh S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 999 1\n", &ns),
		-EINVAL);
}

/* A child that waits until the other end of its pipe is closed. */
static pid_t make_child(int *end)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char byte;

		close(ends[1]);
		prctl(PR_SET_NAME, ") S 1 2 3 (");
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(ends[0]);
	*end = ends[1];
	return child;
}

static void test_kernel(void **state)
{
	int proc = procfs_open(), end;
	uint64_t before = clock_boottime_ns(), after, ns = 0;
	pid_t child = make_child(&end);

	(void)state;
	after = clock_boottime_ns();
	assert_true(proc >= 0);
	assert_int_equal(procfs_task_began(proc, (uint32_t)child, &ns), 0);
	assert_in_range(ns, before - before % TICK_NS, after);
	close(end);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(procfs_task_began(proc, (uint32_t)child, &ns), -ENOENT);
	close(proc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
