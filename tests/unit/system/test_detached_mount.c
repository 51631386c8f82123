/* SPDX-License-Identifier: MIT */
/* Mounts that no path leads to, also where the kernel lacks fsopen(2). */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detached_mount.h"

enum {
	SKIPPED = 77,
};

static bool lack_fsopen(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(fsopen), 0) == 0 &&
	       seccomp_load(filter) == 0;
}

static char *mounts(void)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	char *text = calloc(1, 1 << 16);

	if (fd < 0 || !text || read(fd, text, (1 << 16) - 1) <= 0)
		_exit(2);
	close(fd);
	return text;
}

/* Return: the exit status of the process that tries. */
static int try_mounts(void)
{
	char *before = mounts(), text[16] = "", self[16];
	int tmpfs = detached_mount_tmpfs("64k"), proc = detached_mount("proc"), fd;

	if (tmpfs < 0 || proc < 0)
		return 3;
	if (mkdirat(tmpfs, "dir", 0755) < 0)
		return 4;
	fd = openat(tmpfs, "dir/file", O_RDWR | O_CREAT | O_EXCL, 0600);
	if (write(fd, "kept", 4) != 4 || pread(fd, text, 4, 0) != 4 || strcmp(text, "kept") != 0)
		return 5;
	/* It holds no more than that. */
	if (posix_fallocate(fd, 0, 1 << 20) != ENOSPC)
		return 6;
	snprintf(self, sizeof(self), "%d", getpid());
	if (readlinkat(proc, "self", text, sizeof(text) - 1) < 0 || strcmp(text, self) != 0)
		return 7;
	if (!(fcntl(tmpfs, F_GETFD) & FD_CLOEXEC) || detached_mount("nosuch") >= 0)
		return 8;
	return strcmp(before, mounts()) == 0 ? 0 : 9;
}

static void check(bool lacks)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(lacks && !lack_fsopen() ? 1 : try_mounts());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_mounts(void **state)
{
	(void)state;
	check(false);
	check(true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_mounts) };
	int may = detached_mount_tmpfs("64k");

	return may < 0 ? SKIPPED : cmocka_run_group_tests(tests, NULL, NULL);
}
