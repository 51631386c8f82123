/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of child_command.h. Each test is a process of its own, whose standard error is
 * a file or a pipe it can look into.
 */
#ifndef HELD_COMMAND_H
#define HELD_COMMAND_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child_command.h"
#include "event_loop.h"

enum {
	WRONG = 99,
	UNTOUCHED = 1234,
};

/* Where a child complains, as its standard error is the subject. */
static int complaints;

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			dprintf(complaints, "%s:%d: not so: %s\n", __FILE__, __LINE__,             \
				#condition);                                                       \
			_exit(WRONG);                                                              \
		}                                                                                  \
	} while (0)

static inline void check(void (*body)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(20);
		loop_signals_begin();
		signal(SIGPIPE, SIG_IGN); /* as loop_signals() does */
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static struct error err = ERROR_INIT;

static inline struct command start(char *const *argv)
{
	struct command c = COMMAND_INIT;

	EXPECT(command_start(&c, argv, NULL, &err) == 0);
	EXPECT(c.pid > 0 && c.pidfd >= 0 && c.go >= 0);
	return c;
}

#define ARGV(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static inline void release(struct command *c, const char *name)
{
	int status = UNTOUCHED;

	EXPECT(command_release(c, name, &status, &err) == 0);
	EXPECT(status == UNTOUCHED);
}

/* As the loop does it: wait until it has ended, then collect it. Return: status. */
static inline int finish(struct command *c)
{
	struct pollfd ended = { .fd = c->pidfd, .events = POLLIN };
	int status = UNTOUCHED;

	while (poll(&ended, 1, -1) < 0 && errno == EINTR)
		;
	EXPECT(ended.revents);
	EXPECT(command_finish(c, false, &status));
	EXPECT(c->pid == 0 && c->pidfd == -1 && c->go == -1 && c->failed == -1);
	return status;
}

static inline int run(char *const *argv)
{
	struct command c = start(argv);

	release(&c, argv[0]);
	return finish(&c);
}

static inline int run_shell(const char *script)
{
	return run(ARGV("sh", "-c", script));
}

/* Make standard output and standard error two files. */
static inline void redirect(int *out, int *errors)
{
	*out = memfd_create("out", MFD_CLOEXEC);
	*errors = memfd_create("err", MFD_CLOEXEC);
	EXPECT(*out >= 0 && *errors >= 0);
	EXPECT(dup2(*out, STDOUT_FILENO) >= 0 && dup2(*errors, STDERR_FILENO) >= 0);
}

static inline bool holds(int fd, const char *text)
{
	char bytes[4096];
	ssize_t n = pread(fd, bytes, sizeof(bytes) - 1, 0);

	EXPECT(n >= 0);
	bytes[n] = '\0';
	if (strcmp(bytes, text) != 0)
		dprintf(complaints, "there is '%s'\n", bytes);
	return strcmp(bytes, text) == 0;
}

/* What this test was started with must not be taken for the tool's. */
static inline void start_afresh(void)
{
	sigset_t none;

	for (int signo = 1; signo < NSIG; signo++)
		signal(signo, SIG_DFL);
	sigemptyset(&none);
	EXPECT(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
	EXPECT(close_range(3, (unsigned)complaints - 1, 0) == 0);
	EXPECT(close_range((unsigned)complaints + 1, ~0U, 0) == 0);
	EXPECT(fcntl(complaints, F_SETFD, FD_CLOEXEC) == 0);
}

#define TEST(body)                                                                                 \
	static void test_##body(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		check(body);                                                                       \
	}

#endif
