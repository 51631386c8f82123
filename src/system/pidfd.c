/* SPDX-License-Identifier: MIT */
/* Descriptors of processes and threads. See pidfd.h. */
#define _GNU_SOURCE
#include "pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	THREAD = O_EXCL, /* PIDFD_THREAD: <linux/pidfd.h> may be older */
};

int pidfd_of_process(uint32_t pid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
}

int pidfd_of_thread(uint32_t tid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)tid, THREAD);
}

bool pidfd_has_ended(int pidfd)
{
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	return pidfd < 0 ? errno == ESRCH : poll(&ended, 1, 0) > 0;
}
