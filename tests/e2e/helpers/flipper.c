/* SPDX-License-Identifier: MIT */
/*
 * Opens a file by openat2 while another thread keeps changing the access mode that it asks for.
 *
 *   flipper FILE N
 *
 * On standard error: how many of N opens were for writing, as the kernel says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"

static struct open_how how;
static atomic_bool is_over;

static void wait_a_little(int steps)
{
	for (volatile int i = 0; i < steps; i++)
		;
}

/* Mostly it asks for reading, which is what is to be seen. */
static void *flip(void *unused)
{
	volatile __u64 *flags = &how.flags;

	while (!atomic_load(&is_over)) {
		*flags = O_WRONLY;
		wait_a_little(100);
		*flags = O_RDONLY;
		wait_a_little(400);
	}
	return unused;
}

int main(int argc, char **argv)
{
	long count, writes = 0;
	pthread_t thread;

	if (argc != 3)
		die_for(EINVAL, "usage");
	count = number(argv[2]);
	if (pthread_create(&thread, NULL, flip, NULL))
		die("pthread_create");
	for (long i = 0; i < count; i++) {
		int fd = (int)syscall(SYS_openat2, AT_FDCWD, argv[1], &how, sizeof(how));

		if (fd < 0)
			die("openat2");
		writes += (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
		close(fd);
	}
	atomic_store(&is_over, true);
	pthread_join(thread, NULL);
	fprintf(stderr, "%ld writes\n", writes);
	return 0;
}
