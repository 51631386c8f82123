/* SPDX-License-Identifier: MIT */
/* Resource limits that leave no room for a run. See resource_limits.h. */
#define _GNU_SOURCE
#include "resource_limits.h"

#include <errno.h>
#include <sys/resource.h>

enum {
	/* Clang crashes with 64 kB, and compiles with 96. */
	STACK_KB = 256,
	/* Each map, program, link and CPU's buffer takes one; the smallest runs take 20 in all. */
	DESCRIPTORS = 20,
};

int resource_limits_check(struct error *err)
{
	struct rlimit stack, files;

	if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < STACK_KB * 1024) {
		error_set(err, -ENOMEM, "the stack is limited to %llu kB, and a run takes %d",
			  (unsigned long long)stack.rlim_cur / 1024, STACK_KB);
		return error_hint(err, "see ulimit -s");
	}
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < DESCRIPTORS) {
		error_set(err, -EMFILE, "only %llu files may be open, and a run takes %d or more",
			  (unsigned long long)files.rlim_cur, DESCRIPTORS);
		return error_hint(err, "see ulimit -n");
	}
	return 0;
}
