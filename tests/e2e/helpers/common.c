/* SPDX-License-Identifier: MIT */
/* What several helper programs of the end-to-end tests need. See common.h. */
#define _GNU_SOURCE
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void die(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s: %s\n", program_invocation_short_name, what,
		strerror(errno));
	_exit(EXIT_DIED);
}

void die_for(int error, const char *what)
{
	errno = error;
	die(what);
}

long number(const char *text)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 0);
	if (errno || end == text || *end)
		die_for(EINVAL, text);
	return value;
}

void unescape(const char *from, char *to, size_t size)
{
	const char *end = to + size - 1;

	while (*from && to < end) {
		unsigned byte;
		if (sscanf(from, "\\x%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

int open_uncounted(const char *path, unsigned long long flags)
{
	const struct open_how how = { .flags = flags, .mode = (flags & O_CREAT) ? 0666 : 0 };
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

#ifdef SYS_open
	/* Before Linux 5.6; programs of today open by openat. */
	if (fd < 0 && errno == ENOSYS)
		fd = syscall(SYS_open, path, flags, 0666);
#endif
	if (fd < 0)
		die(path);
	return (int)fd;
}

void wait_for_line(void)
{
	char line[64];

	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		_exit(EXIT_NO_GO);
}

pid_t raw_fork(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

int reap(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}
