/* SPDX-License-Identifier: MIT */
/*
 * The loop: each of its ends, in a process of its own, as signals' fate is changed for good.
 * Nothing waits for time to pass but the loop itself.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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
static int in_child(int (*body)(void))
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

static int begin(void)
{
	int signals = loop_signals(&err);

	EXPECT(signals >= 0);
	return signals;
}

static const struct loop_setup nothing = { .ended = -1, .watch = -1 };

static uint64_t now_ns(void)
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

static int on_tick(void *context)
{
	EXPECT(context == &seen);
	seen.ticks++;
	if (seen.signal && seen.ticks == 1)
		EXPECT(kill(getpid(), seen.signal) == 0);
	return seen.ticks == seen.stop_at ? seen.stop_with : 0;
}

static int on_data(void *context)
{
	char bytes[16];
	ssize_t n = read(seen.pipe[0], bytes, 1);

	EXPECT(context == &seen && n == 1);
	seen.data++;
	/* The third byte is the last there is. */
	return bytes[0] == '3' ? -ECANCELED : 0;
}

static struct loop_setup with_callbacks(uint64_t interval_ns)
{
	struct loop_setup setup = nothing;

	setup.interval_ns = interval_ns;
	setup.tick = on_tick;
	setup.data = on_data;
	setup.context = &seen;
	return setup;
}

static int duration(void)
{
	struct loop_setup setup = nothing;
	uint64_t began = now_ns(), took;

	setup.duration_ns = 30 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	took = now_ns() - began;
	EXPECT(took >= 30 * MS);
	return 0;
}

static int ticks(void)
{
	struct loop_setup setup = with_callbacks(2 * MS);
	uint64_t began = now_ns();

	seen.stop_at = 4;
	seen.stop_with = -ENOSPC;
	EXPECT(loop_run(&setup, begin(), &err) == -ENOSPC);
	EXPECT(seen.ticks == 4 && seen.data == 0);
	EXPECT(now_ns() - began >= 2 * MS);
	EXPECT(err.code == 0); /* the callback's failure is the callback's to describe */
	return 0;
}

static int ticks_then_duration(void)
{
	struct loop_setup setup = with_callbacks(5 * MS);

	setup.duration_ns = 40 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	EXPECT(seen.ticks >= 1 && seen.ticks <= 8);
	return 0;
}

/* No timer: the signal is there before the loop is. */
static int pending_signal(void)
{
	int signals = begin();

	EXPECT(raise(SIGTERM) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	return 0;
}

static int signal_in_tick(void)
{
	struct loop_setup setup = with_callbacks(1 * MS);

	seen.signal = SIGINT;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_SIGNAL);
	EXPECT(seen.ticks >= 1);
	return 0;
}

static int second_signal(void)
{
	int signals = begin();

	EXPECT(raise(SIGINT) == 0);
	EXPECT(loop_run(&nothing, signals, &err) == LOOP_SIGNAL);
	raise(SIGTERM); /* ends the process */
	return WRONG;
}

/* Twice before the loop looks: two different ones, so both are pending. */
static int two_at_once(void)
{
	int signals = begin();

	EXPECT(raise(SIGINT) == 0 && raise(SIGTERM) == 0);
	loop_run(&nothing, signals, &err);
	return WRONG;
}

static int broken_pipe_is_an_error(void)
{
	int ends[2];

	begin();
	EXPECT(pipe(ends) == 0);
	close(ends[0]);
	EXPECT(write(ends[1], "", 1) == -1 && errno == EPIPE);
	return 0;
}

static int reader_gone(void)
{
	struct loop_setup setup = nothing;
	int ends[2];

	EXPECT(pipe(ends) == 0);
	setup.watch = ends[1];
	close(ends[0]);
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_PIPE);
	return 0;
}

/* The reader is another process, and goes while the loop is asleep. */
static int reader_exits(void)
{
	struct loop_setup setup = nothing;
	int ends[2];
	pid_t reader;

	EXPECT(pipe(ends) == 0);
	reader = fork();
	EXPECT(reader >= 0);
	if (reader == 0) {
		char byte;

		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 1);
	}
	close(ends[0]);
	EXPECT(write(ends[1], "x", 1) == 1);
	setup.watch = ends[1];
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_PIPE);
	return 0;
}

/* Output that is read, slowly or not at all, or is no pipe: no reason to end. */
static int reader_there(void)
{
	struct loop_setup setup = nothing;
	int ends[2];

	EXPECT(pipe2(ends, O_NONBLOCK) == 0);
	while (write(ends[1], "0123456789abcdef", 16) == 16)
		;
	setup.watch = ends[1];
	setup.duration_ns = 5 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	setup.watch = open("/dev/null", O_WRONLY);
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	setup.watch = fileno(tmpfile());
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	return 0;
}

static int command_ends(void)
{
	struct loop_setup setup = nothing;
	int go[2];
	pid_t command;

	EXPECT(pipe(go) == 0);
	command = fork();
	EXPECT(command >= 0);
	if (command == 0) {
		char byte;

		close(go[1]);
		_exit((int)read(go[0], &byte, 1));
	}
	setup.ended = (int)syscall(SYS_pidfd_open, command, 0);
	EXPECT(setup.ended >= 0);
	close(go[1]);
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_ENDED);
	EXPECT(waitpid(command, NULL, WNOHANG) == command);
	return 0;
}

static int data_until_refused(void)
{
	struct loop_setup setup = with_callbacks(0);

	EXPECT(pipe(seen.pipe) == 0);
	EXPECT(write(seen.pipe[1], "123", 3) == 3);
	setup.fds = seen.pipe;
	setup.nfds = 1;
	EXPECT(loop_run(&setup, begin(), &err) == -ECANCELED);
	EXPECT(seen.data == 3 && seen.ticks == 0);
	return 0;
}

/* Data that is there is taken before an end that is there too. */
static int data_before_end(void)
{
	struct loop_setup setup = with_callbacks(0);
	int signals = begin();

	EXPECT(pipe(seen.pipe) == 0);
	EXPECT(write(seen.pipe[1], "1", 1) == 1);
	EXPECT(raise(SIGTERM) == 0);
	setup.fds = seen.pipe;
	setup.nfds = 1;
	EXPECT(loop_run(&setup, signals, &err) == LOOP_SIGNAL);
	EXPECT(seen.data == 1);
	return 0;
}

/* As many descriptors as there may be; poll(2) takes no more than the process may have open. */
static int many_descriptors(void)
{
	static int fds[LOOP_FDS_MAX];
	struct loop_setup setup = with_callbacks(0);
	struct rlimit limit;
	int quiet[2];

	EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = limit.rlim_max;
	EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	setup.fds = fds;
	setup.nfds = limit.rlim_cur >= 2 * LOOP_FDS_MAX ? LOOP_FDS_MAX : limit.rlim_cur / 2;
	EXPECT(pipe(quiet) == 0 && pipe(seen.pipe) == 0);
	EXPECT(write(seen.pipe[1], "3", 1) == 1);
	for (size_t i = 0; i < setup.nfds; i++)
		fds[i] = quiet[0];
	fds[setup.nfds - 1] = seen.pipe[0];
	EXPECT(loop_run(&setup, begin(), &err) == -ECANCELED);
	return 0;
}

/* Two sources: what each of them has seen, and the one that is taken away meanwhile. */
static struct {
	struct loop_source list[2];
	int pipes[2][2];
	int calls[2];
} sources;

static int on_first(void *context)
{
	char byte;

	EXPECT(context == &sources.calls[0] && read(sources.pipes[0][0], &byte, 1) == 1);
	sources.calls[0]++;
	/* 'h' hides the other one, although it is readable, 's' shows it. */
	if (byte == 'h')
		sources.list[1].fd = -1;
	if (byte == 's')
		sources.list[1].fd = sources.pipes[1][0];
	return 0;
}

static int on_second(void *context)
{
	char byte;

	EXPECT(context == &sources.calls[1] && read(sources.pipes[1][0], &byte, 1) == 1);
	sources.calls[1]++;
	return sources.calls[1] == 2 ? -ENOLINK : 0;
}

static struct loop_setup with_sources(void)
{
	struct loop_setup setup = with_callbacks(0);
	int (*const ready[])(void *) = { on_first, on_second };

	for (size_t i = 0; i < COUNT(sources.list); i++) {
		EXPECT(pipe(sources.pipes[i]) == 0);
		sources.list[i] =
			(struct loop_source){ sources.pipes[i][0], ready[i], &sources.calls[i] };
	}
	setup.sources = sources.list;
	setup.nsources = COUNT(sources.list);
	return setup;
}

static int sources_until_refused(void)
{
	struct loop_setup setup = with_sources();

	EXPECT(write(sources.pipes[0][1], "xyz", 3) == 3);
	EXPECT(write(sources.pipes[1][1], "ab", 2) == 2);
	EXPECT(loop_run(&setup, begin(), &err) == -ENOLINK);
	EXPECT(sources.calls[0] == 2 && sources.calls[1] == 2 && seen.data == 0);
	return 0;
}

static int source_that_is_not_now(void)
{
	struct loop_setup setup = with_sources();

	EXPECT(write(sources.pipes[0][1], "h", 1) == 1);
	EXPECT(write(sources.pipes[1][1], "abc", 3) == 3);
	setup.duration_ns = 5 * MS;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_DURATION);
	EXPECT(sources.calls[0] == 1 && sources.calls[1] == 0);
	EXPECT(write(sources.pipes[0][1], "s", 1) == 1);
	EXPECT(loop_run(&setup, begin(), &err) == -ENOLINK);
	EXPECT(sources.calls[0] == 2 && sources.calls[1] == 2);
	return 0;
}

/* The writer has gone: the source is told, and what it does about it is its own. */
static int source_that_ends(void)
{
	struct loop_setup setup = with_sources();

	sources.calls[1] = 1;
	EXPECT(write(sources.pipes[1][1], "a", 1) == 1);
	close(sources.pipes[1][1]);
	EXPECT(loop_run(&setup, begin(), &err) == -ENOLINK);
	return 0;
}

/* A run leaves no descriptor behind. */
static int nothing_left(void)
{
	struct loop_setup setup = with_callbacks(1 * MS);
	int signals = begin(), before = dup(0), after;

	setup.duration_ns = 2 * MS;
	EXPECT(loop_run(&setup, signals, &err) == LOOP_DURATION);
	after = dup(0);
	EXPECT(after == before + 1);
	return 0;
}

static int (*const bodies[])(void) = {
	duration,
	ticks,
	ticks_then_duration,
	pending_signal,
	signal_in_tick,
	broken_pipe_is_an_error,
	reader_gone,
	reader_exits,
	reader_there,
	command_ends,
	data_until_refused,
	data_before_end,
	many_descriptors,
	sources_until_refused,
	source_that_is_not_now,
	source_that_ends,
	nothing_left,
};

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_int_equal(in_child(bodies[i]), 0);
}

static void test_second_signal(void **state)
{
	int status = in_child(second_signal);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	status = in_child(two_at_once);
	assert_true(WIFSIGNALED(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_second_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
