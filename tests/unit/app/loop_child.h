/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of event_loop.h. Each test is a process of its own, as the fate of signals is
 * changed for good. Nothing waits for time to pass but the loop itself.
 */
#ifndef LOOP_CHILD_H
#define LOOP_CHILD_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "event_loop.h"

enum {
	MS = 1000000,
	WRONG = 99, /* exit status of a child in which something was not as it should be */
};

/* assert_*() would jump into the parent's test runner. */
#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			_exit(WRONG);                                                              \
		}                                                                                  \
	} while (0)

/* Return: wait status of a process that runs @body and exits with what it returns. */
static inline int in_child(int (*body)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(20);
		_exit(body());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static struct error err = ERROR_INIT;

static inline int begin(void)
{
	int signals = loop_signals(&err);

	EXPECT(signals >= 0);
	return signals;
}

static const struct loop_setup nothing = { .ended = -1, .watch = -1 };

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* What the callbacks have seen. */
static struct {
	int ticks, data;
	int stop_at; /* the tick that returns @stop_with */
	int stop_with;
	int signal; /* sent to ourselves at tick 1 */
	int pipe[2];
} seen;

static inline int on_tick(void *context)
{
	EXPECT(context == &seen);
	seen.ticks++;
	if (seen.signal && seen.ticks == 1)
		EXPECT(kill(getpid(), seen.signal) == 0);
	return seen.ticks == seen.stop_at ? seen.stop_with : 0;
}

static inline int on_data(void *context)
{
	char bytes[16];
	ssize_t n = read(seen.pipe[0], bytes, 1);

	EXPECT(context == &seen && n == 1);
	seen.data++;
	/* The third byte is the last there is. */
	return bytes[0] == '3' ? -ECANCELED : 0;
}

static inline struct loop_setup with_callbacks(uint64_t interval_ns)
{
	struct loop_setup setup = nothing;

	setup.interval_ns = interval_ns;
	setup.tick = on_tick;
	setup.data = on_data;
	setup.context = &seen;
	return setup;
}

/* A test that runs a body in a process of its own. */
#define TEST(body)                                                                                 \
	static void test_##body(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		assert_int_equal(in_child(body), 0);                                               \
	}

#endif
