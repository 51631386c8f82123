/* SPDX-License-Identifier: MIT */
/* Closing inherited descriptors, also where the kernel lacks close_range(2). */
#define _GNU_SOURCE
#include "unit.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"

enum {
	FIRST = 40, /* of the descriptors that the test opens */
	LAST = 49,
};

/* As a kernel before 5.9. @proc: is there a /proc? */
static bool lack_close_range(bool proc)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, (unsigned char)!proc, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 38 /* ENOSYS */),
	};
	struct sock_fprog filter = { .len = sizeof(insns) / sizeof(insns[0]), .filter = insns };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Return: the exit status of the process that tries. */
static int try(unsigned first, unsigned last)
{
	descriptors_close(first, last);
	for (int fd = FIRST; fd <= LAST; fd++)
		if (is_open(fd) != ((unsigned)fd < first || (unsigned)fd > last))
			return 10 + fd;
	return is_open(STDERR_FILENO) ? 0 : 2;
}

static void check(bool lacks, bool proc, unsigned first, unsigned last)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		const struct rlimit few = { .rlim_cur = 256, .rlim_max = 256 };

		for (int fd = FIRST; fd <= LAST; fd++)
			if (dup2(STDERR_FILENO, fd) < 0)
				_exit(3);
		setrlimit(RLIMIT_NOFILE, &few);
		if (lacks && !lack_close_range(proc))
			_exit(4);
		_exit(try(first, last));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_ranges(void **state)
{
	static const struct {
		unsigned first, last;
	} ranges[] = {
		{ 3, ~0U }, { FIRST + 1, ~0U }, { 3, LAST - 1 }, { FIRST + 3, FIRST + 4 },
		{ 45, 44 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		check(false, true, ranges[i].first, ranges[i].last);
		check(true, true, ranges[i].first, ranges[i].last);
		check(true, false, ranges[i].first, ranges[i].last);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_ranges) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
