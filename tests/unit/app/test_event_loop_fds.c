/* SPDX-License-Identifier: MIT */
/* The loop: what it does about the descriptors it is given. */
#define _GNU_SOURCE
#include "loop_child.h"

#include <sys/resource.h>
#include <sys/syscall.h>

/* Data is taken until the callback refuses it. */
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

static int later[] = { -1, -1, -1 };

static int begin_later(void *context)
{
	later[1] = seen.pipe[0];
	return on_tick(context);
}

/* A descriptor that is not there at first is waited for once a callback has set it. */
static int later_descriptor(void)
{
	struct loop_setup setup = with_callbacks(MS);

	EXPECT(pipe(seen.pipe) == 0);
	EXPECT(write(seen.pipe[1], "3", 1) == 1);
	setup.fds = later;
	setup.nfds = 3;
	setup.tick = begin_later;
	EXPECT(loop_run(&setup, begin(), &err) == -ECANCELED);
	EXPECT(seen.data == 1 && seen.ticks > 0);
	return 0;
}

/* Nobody reads the output any more: the loop ends. */
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

/* The command's end ends the loop, and its status is left for others. */
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

/* It is told twice to wait for something else, then all is over. */
static int on_named(void *context)
{
	struct loop_source *source = context;
	char byte;

	EXPECT(read(source->fd, &byte, 1) == 1);
	source->fd = sources.pipes[byte == '1'][0];
	return byte == 'e';
}

/* A source that waits for one descriptor after the other, and ends the run. */
static int named_source(void)
{
	struct loop_setup setup = with_callbacks(0);
	struct loop_source named = { -1, on_named, &named };

	EXPECT(pipe(sources.pipes[0]) == 0 && pipe(sources.pipes[1]) == 0);
	EXPECT(write(sources.pipes[0][1], "1e", 2) == 2 && write(sources.pipes[1][1], "0", 1) == 1);
	named.fd = sources.pipes[0][0];
	setup.sources[0] = &named;
	EXPECT(loop_run(&setup, begin(), &err) == LOOP_ENDED);
	return 0;
}

static struct loop_setup with_sources(void)
{
	struct loop_setup setup = with_callbacks(0);
	int (*const ready[])(void *) = { on_first, on_second };

	for (size_t i = 0; i < COUNT(sources.list); i++) {
		EXPECT(pipe(sources.pipes[i]) == 0);
		sources.list[i] =
			(struct loop_source){ sources.pipes[i][0], ready[i], &sources.calls[i] };
		setup.sources[i] = &sources.list[i];
	}
	return setup;
}

/* Each source is called for what it has, until one refuses. */
static int sources_until_refused(void)
{
	struct loop_setup setup = with_sources();

	EXPECT(write(sources.pipes[0][1], "xyz", 3) == 3);
	EXPECT(write(sources.pipes[1][1], "ab", 2) == 2);
	EXPECT(loop_run(&setup, begin(), &err) == -ENOLINK);
	EXPECT(sources.calls[0] == 2 && sources.calls[1] == 2 && seen.data == 0);
	return 0;
}

/* A source can be taken away and come back. */
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

TEST(data_until_refused)
TEST(data_before_end)
TEST(many_descriptors)
TEST(later_descriptor)
TEST(named_source)
TEST(reader_gone)
TEST(reader_exits)
TEST(reader_there)
TEST(command_ends)
TEST(sources_until_refused)
TEST(source_that_is_not_now)
TEST(source_that_ends)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_until_refused),
		cmocka_unit_test(test_data_before_end),
		cmocka_unit_test(test_many_descriptors),
		cmocka_unit_test(test_later_descriptor),
		cmocka_unit_test(test_reader_gone),
		cmocka_unit_test(test_reader_exits),
		cmocka_unit_test(test_reader_there),
		cmocka_unit_test(test_command_ends),
		cmocka_unit_test(test_sources_until_refused),
		cmocka_unit_test(test_source_that_is_not_now),
		cmocka_unit_test(test_source_that_ends),
		cmocka_unit_test(test_named_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
