/* SPDX-License-Identifier: MIT */
/* COMMAND: how it ends, and the status that becomes the tool's. */
#define _GNU_SOURCE
#include "held_command.h"

/* A status is as in a shell: the exit code, or 128 and the signal. */
static void statuses(void)
{
	/* A command starts with the dispositions this process has; somebody may have had it ignore
	 * this one. */
	signal(SIGPIPE, SIG_DFL);
	EXPECT(run(ARGV("true")) == 0);
	EXPECT(run(ARGV("false")) == 1);
	EXPECT(run_shell("exit 42") == 42);
	EXPECT(run_shell("exit 255") == 255);
	EXPECT(run_shell("exit 126") == 126);
	EXPECT(run_shell("kill -TERM $$") == 128 + SIGTERM);
	EXPECT(run_shell("kill -KILL $$") == 128 + SIGKILL);
	EXPECT(run_shell("kill -INT $$") == 128 + SIGINT);
	EXPECT(run_shell("kill -PIPE $$") == 128 + SIGPIPE);
}

/* A line of the command: it runs, and has come so far. */
static void read_line(int fd, const char *want)
{
	char got[64] = "";
	size_t len = 0;

	while (len < sizeof(got) - 1 && !strchr(got, '\n'))
		EXPECT(read(fd, got + len++, 1) == 1);
	EXPECT(strcmp(got, want) == 0);
}

static struct command start_on_pipe(const char *script, int *fd)
{
	struct command c;
	int ends[2];

	EXPECT(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	c = start(ARGV("sh", "-c", script));
	release(&c, "sh");
	*fd = ends[0];
	return c;
}

/* A command that still runs at the end is terminated. */
static void terminated(void)
{
	int fd, status = UNTOUCHED;
	struct command c = start_on_pipe("echo ready; exec tail -f /dev/null", &fd);

	read_line(fd, "ready\n");
	EXPECT(command_finish(&c, true, &status));
	EXPECT(status == 128 + SIGTERM && c.pid == 0);
}

/* This program itself as the COMMAND: a shell's trap and its `wait` are no match for exact timing.
 */
static const char own_way[] = "end-with-7-when-told";

static void exit_with_7(int signo)
{
	(void)signo;
	_exit(7);
}

static int end_with_7(void)
{
	alarm(20); /* should the test fail */
	signal(SIGTERM, exit_with_7);
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return WRONG;
	for (;;)
		pause();
}

/* It ends as it likes when told to. */
static void terminated_in_its_own_way(void)
{
	int ends[2], status = UNTOUCHED;
	struct command c;

	EXPECT(pipe2(ends, O_CLOEXEC) == 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	c = start(ARGV("/proc/self/exe", own_way));
	release(&c, own_way);
	read_line(ends[0], "ready\n");
	EXPECT(command_finish(&c, true, &status));
	EXPECT(status == 7);
}

/* A command that ignores SIGTERM is left alone. */
static void will_not_end(void)
{
	int fd, status = UNTOUCHED;
	struct command c = start_on_pipe("trap '' TERM; echo ready; exec tail -f /dev/null", &fd);
	pid_t pid = c.pid;

	read_line(fd, "ready\n");
	EXPECT(!command_finish(&c, true, &status));
	EXPECT(status == UNTOUCHED && c.pid == 0 && c.pidfd == -1);
	EXPECT(kill(pid, 0) == 0);
	EXPECT(command_finish(&c, true, &status) && kill(pid, 0) == 0);
	EXPECT(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
}

/* It has ended before it is told to. */
static void ended_already(void)
{
	struct command c = start(ARGV("sh", "-c", "exit 3"));
	int status = UNTOUCHED;

	release(&c, "sh");
	EXPECT(poll(&(struct pollfd){ .fd = c.pidfd, .events = POLLIN }, 1, -1) == 1);
	EXPECT(command_finish(&c, true, &status));
	EXPECT(status == 3);
}

TEST(statuses)
TEST(terminated)
TEST(terminated_in_its_own_way)
TEST(will_not_end)
TEST(ended_already)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_terminated),
		cmocka_unit_test(test_terminated_in_its_own_way),
		cmocka_unit_test(test_will_not_end),
		cmocka_unit_test(test_ended_already),
	};

	if (argc == 2 && strcmp(argv[1], own_way) == 0)
		return end_with_7();
	complaints = fcntl(STDERR_FILENO, F_DUPFD, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
