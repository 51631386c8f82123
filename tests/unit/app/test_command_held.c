/* SPDX-License-Identifier: MIT */
/* COMMAND: held until it is let go, whatever happens meanwhile. */
#define _GNU_SOURCE
#include "held_command.h"

#include <sched.h>
#include <seccomp.h>

/* The state letter of /proc/PID/stat: behind the name, which ends with the last ')'. */
static char state_of(pid_t pid)
{
	char path[64], line[512];
	FILE *file;
	char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	EXPECT(file && fgets(line, sizeof(line), file));
	fclose(file);
	end = strrchr(line, ')');
	EXPECT(end && end[1] == ' ');
	return end[2];
}

/* Until it cannot go on by itself. It may not have come so far yet, and nobody tells when it has.
 */
static void wait_until_asleep(pid_t pid)
{
	while (state_of(pid) != 'S')
		sched_yield();
}

static void executable_of(const char *pid, char *target)
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	n = readlink(path, target, PATH_MAX - 1);
	EXPECT(n > 0);
	target[n] = '\0';
}

/* What is held has executed nothing yet; it runs when it is let go. */
static void held(void)
{
	char ours[PATH_MAX], its[PATH_MAX], pid[16];
	struct command c;
	int out, errors;

	redirect(&out, &errors);
	c = start(ARGV("sh", "-c", "echo ran"));
	wait_until_asleep(c.pid);
	executable_of("self", ours);
	snprintf(pid, sizeof(pid), "%d", c.pid);
	executable_of(pid, its);
	EXPECT(strcmp(ours, its) == 0);
	EXPECT(poll(&(struct pollfd){ .fd = c.pidfd, .events = POLLIN }, 1, 0) == 0);
	EXPECT(holds(errors, ""));
	release(&c, "sh");
	EXPECT(finish(&c) == 0);
	EXPECT(holds(errors, "ran\n") && holds(out, ""));
}

/* A run that fails before the probes are live: the command has never run, and is gone. */
static void never_released(void)
{
	struct command c;
	int out, errors, status = UNTOUCHED;
	pid_t pid;

	redirect(&out, &errors);
	c = start(ARGV("sh", "-c", "echo ran"));
	pid = c.pid;
	EXPECT(command_finish(&c, true, &status));
	EXPECT(c.pid == 0 && c.go == -1 && c.pidfd == -1);
	EXPECT(kill(pid, 0) < 0 && errno == ESRCH);
	EXPECT(holds(errors, "") && holds(out, ""));
	/* Once more does nothing. */
	EXPECT(command_finish(&c, true, &status));
}

/* The tool is killed while it holds the command: it does not run, and does not stay. */
static void tool_dies(void)
{
	int gone[2], out, errors;
	pid_t tool;
	char byte;

	redirect(&out, &errors);
	EXPECT(pipe(gone) == 0);
	tool = fork();
	EXPECT(tool >= 0);
	if (tool == 0) {
		start(ARGV("sh", "-c", "echo ran"));
		raise(SIGKILL);
	}
	EXPECT(waitpid(tool, NULL, 0) == tool);
	close(gone[1]);
	/* Open in the held process until it ends: it has executed nothing that would close it. */
	EXPECT(read(gone[0], &byte, 1) == 0);
	EXPECT(holds(errors, "") && holds(out, ""));
}

/* Somebody kills what is held. The failure is no -EPIPE: that would mean that nobody reads the
 * output. */
static void killed_while_held(void)
{
	struct command c = start(ARGV("true"));
	int status = UNTOUCHED, r;

	EXPECT(kill(c.pid, SIGKILL) == 0);
	EXPECT(poll(&(struct pollfd){ .fd = c.pidfd, .events = POLLIN }, 1, -1) == 1);
	r = command_release(&c, "true", &status, &err);
	EXPECT(r < 0 && r != -EPIPE && err.code == r && strstr(err.text, "true"));
	EXPECT(command_finish(&c, false, &status));
}

/* Ctrl-C reaches what is held, too: it neither ends nor runs, and gets it when it is let go. */
static void signalled_while_held(void)
{
	struct command c;

	start_afresh();
	c = start(ARGV("true"));
	EXPECT(kill(c.pid, SIGINT) == 0);
	wait_until_asleep(c.pid);
	EXPECT(poll(&(struct pollfd){ .fd = c.pidfd, .events = POLLIN }, 1, 0) == 0);
	release(&c, "true");
	EXPECT(finish(&c) == 128 + SIGINT);
}

TEST(held)
TEST(never_released)
TEST(tool_dies)
TEST(killed_while_held)
TEST(signalled_while_held)

static bool refuse_pidfd(int code)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)code), SCMP_SYS(pidfd_open), 0) ==
		       0 &&
	       seccomp_load(filter) == 0;
}

/* Before Linux 5.3 there is no pidfd_open, and the end of the command is seen all the same: its
 * own end, not that of another child. */
static void old_kernel(void)
{
	struct command c;
	pid_t other;

	EXPECT(refuse_pidfd(ENOSYS));
	EXPECT(run_shell("exit 7") == 7);
	c = start(ARGV("sh", "-c", "exit 8"));
	other = fork();
	EXPECT(other >= 0);
	if (other == 0)
		_exit(0);
	EXPECT(waitpid(other, NULL, 0) == other);
	EXPECT(poll(&(struct pollfd){ .fd = c.pidfd, .events = POLLIN }, 1, 0) <= 0);
	release(&c, "sh");
	EXPECT(finish(&c) == 8);
	EXPECT(run_shell("kill -KILL $$") == 128 + SIGKILL);
}

TEST(old_kernel)

/* Where a container refuses pidfd_open: nothing is left that somebody could wait for. */
static void test_without_pidfd(void **state)
{
	char sh[] = "sh", *argv[] = { sh, NULL };
	struct command command = COMMAND_INIT;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (!refuse_pidfd(EPERM))
			_exit(1);
		if (command_start(&command, argv, NULL, &err) != -EPERM ||
		    !strstr(err.text, "pidfd_open: operation not permitted (EPERM)"))
			_exit(2);
		if (command.pid || command.pidfd != -1 || command.go != -1 || command.failed != -1)
			_exit(3);
		_exit(waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD ? 0 : 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old_kernel),
		cmocka_unit_test(test_without_pidfd),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_never_released),
		cmocka_unit_test(test_tool_dies),
		cmocka_unit_test(test_killed_while_held),
		cmocka_unit_test(test_signalled_while_held),
	};

	complaints = fcntl(STDERR_FILENO, F_DUPFD, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
