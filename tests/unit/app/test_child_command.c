/* SPDX-License-Identifier: MIT */
/*
 * COMMAND: found or not, held until it is let go, its descriptors, its end and the status that
 * becomes the tool's. Each test is a process of its own whose standard error is a file or a pipe it
 * can look into.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

static void check(void (*body)(void))
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

static struct command start(char *const *argv)
{
	struct command c = COMMAND_INIT;

	EXPECT(command_start(&c, argv, NULL, &err) == 0);
	EXPECT(c.pid > 0 && c.pidfd >= 0 && c.go >= 0);
	return c;
}

#define ARGV(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static void release(struct command *c, const char *name)
{
	int status = UNTOUCHED;

	EXPECT(command_release(c, name, &status, &err) == 0);
	EXPECT(status == UNTOUCHED);
}

/* As the loop does it: wait until it has ended, then collect it. Return: status. */
static int finish(struct command *c)
{
	struct pollfd ended = { .fd = c->pidfd, .events = POLLIN };
	int status = UNTOUCHED;

	EXPECT(poll(&ended, 1, -1) == 1);
	EXPECT(command_finish(c, false, &status));
	EXPECT(c->pid == 0 && c->pidfd == -1 && c->go == -1 && c->failed == -1);
	return status;
}

static int run(char *const *argv)
{
	struct command c = start(argv);

	release(&c, argv[0]);
	return finish(&c);
}

static int run_shell(const char *script)
{
	return run(ARGV("sh", "-c", script));
}

/* Make standard output and standard error two files. */
static void redirect(int *out, int *errors)
{
	*out = memfd_create("out", MFD_CLOEXEC);
	*errors = memfd_create("err", MFD_CLOEXEC);
	EXPECT(*out >= 0 && *errors >= 0);
	EXPECT(dup2(*out, STDOUT_FILENO) >= 0 && dup2(*errors, STDERR_FILENO) >= 0);
}

static bool holds(int fd, const char *text)
{
	char bytes[4096];
	ssize_t n = pread(fd, bytes, sizeof(bytes) - 1, 0);

	EXPECT(n >= 0);
	bytes[n] = '\0';
	if (strcmp(bytes, text) != 0)
		dprintf(complaints, "there is '%s'\n", bytes);
	return strcmp(bytes, text) == 0;
}

/* ---- looking it up ---- */

static void find(const char *name, int want, int want_status)
{
	int status = UNTOUCHED;
	int r;

	error_clear(&err);
	r = command_find(name, NULL, &status, &err);
	if (r != want || status != want_status)
		dprintf(complaints, "%s: %d, status %d\n", name, r, status);
	EXPECT(r == want && status == want_status);
	EXPECT(r == err.code);
	EXPECT(r == 0 || strstr(err.text, name));
}

static void make_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	EXPECT(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	EXPECT(fchmod(fd, mode) == 0);
	close(fd);
}

static char directory[] = "/tmp/test-command-XXXXXX";

static void looked_up(void)
{
	static const char *const files[] = { "tool", "data", "dir/nothing", "script" };
	char path[PATH_MAX];

	EXPECT(mkdtemp(directory) && chdir(directory) == 0);
	EXPECT(mkdir("dir", 0700) == 0);
	make_file(files[0], "#!/bin/sh\nexit 5\n", 0700);
	make_file(files[1], "data\n", 0600);
	make_file(files[2], "", 0700);
	make_file(files[3], "exit 6\n", 0700);

	setenv("PATH", "/usr/bin:/bin", 1); /* nothing in it that this user cannot look into */
	find("sh", 0, UNTOUCHED);
	find("/bin/sh", 0, UNTOUCHED);
	find("./tool", 0, UNTOUCHED);
	find("no-such-command-here", -ENOENT, COMMAND_NOT_FOUND);
	find("./nosuch", -ENOENT, COMMAND_NOT_FOUND);
	find("/nosuch/tool", -ENOENT, COMMAND_NOT_FOUND);
	find("tool/below", -ENOENT, COMMAND_NOT_FOUND);
	find("", -ENOENT, COMMAND_NOT_FOUND);
	find("./data", -EACCES, COMMAND_NOT_EXECUTABLE);
	find("./dir", -EACCES, COMMAND_NOT_EXECUTABLE);
	find("/", -EACCES, COMMAND_NOT_EXECUTABLE);

	/* In PATH: what cannot be executed is passed over, and remembered. */
	snprintf(path, sizeof(path), "/nosuch:%s", directory);
	setenv("PATH", path, 1);
	find("tool", 0, UNTOUCHED);
	find("data", -EACCES, COMMAND_NOT_EXECUTABLE);
	find("dir", -EACCES, COMMAND_NOT_EXECUTABLE);
	find("sh", -ENOENT, COMMAND_NOT_FOUND);
	snprintf(path, sizeof(path), "%s/dir::/bin", directory);
	setenv("PATH", path, 1);
	find("tool", 0, UNTOUCHED); /* an empty entry is the current directory */
	find("sh", 0, UNTOUCHED);
	EXPECT(run(ARGV("tool")) == 5);
	setenv("PATH", "/nosuch:", 1);
	find("tool", 0, UNTOUCHED);
	setenv("PATH", "", 1);
	find("tool", 0, UNTOUCHED);
	unsetenv("PATH");
	find("sh", 0, UNTOUCHED);
	find("tool", -ENOENT, COMMAND_NOT_FOUND);

	for (size_t i = 0; i < COUNT(files); i++)
		EXPECT(unlink(files[i]) == 0);
	EXPECT(rmdir("dir") == 0 && rmdir(directory) == 0);
}

static void not_found(void)
{
	int status = UNTOUCHED;
	struct command c = start(ARGV("no-such-command-here"));

	EXPECT(command_release(&c, "no-such-command-here", &status, &err) == -ENOENT);
	EXPECT(strstr(err.text, "no-such-command-here"));
	EXPECT(status == COMMAND_NOT_FOUND);
	EXPECT(finish(&c) == COMMAND_NOT_EXECUTABLE);
}

/* It is found, and the kernel will not have it. */
static void not_executed(void)
{
	int status = UNTOUCHED;
	struct command c;

	EXPECT(mkdtemp(directory) && chdir(directory) == 0);
	make_file("script", "#!/no/such/interpreter\n", 0700);
	c = start(ARGV("./script"));
	EXPECT(command_release(&c, "./script", &status, &err) == -ENOENT);
	EXPECT(status == COMMAND_NOT_FOUND);
	EXPECT(finish(&c) == COMMAND_NOT_EXECUTABLE);

	make_file("script", "\177ELF, but not really", 0700);
	c = start(ARGV("./script"));
	EXPECT(command_release(&c, "./script", &status, &err) == -ENOEXEC);
	EXPECT(status == COMMAND_NOT_EXECUTABLE && strstr(err.text, "ENOEXEC"));
	EXPECT(finish(&c) == COMMAND_NOT_EXECUTABLE);
	EXPECT(unlink("script") == 0 && rmdir(directory) == 0);
}

/* ---- held ---- */

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

/* ---- what it gets ---- */

static void outputs(void)
{
	int out, errors;

	redirect(&out, &errors);
	printf("not twice\n"); /* in the buffer at the fork */
	EXPECT(run_shell("echo to stdout; echo to stderr >&2") == 0);
	EXPECT(holds(errors, "to stdout\nto stderr\n"));
	fflush(stdout);
	EXPECT(holds(out, "not twice\n"));
}

static void arguments(void)
{
	int out, errors;

	redirect(&out, &errors);
	EXPECT(run(ARGV("printf", "[%s]", "a b", "", "*", "\n", "\xff")) == 0);
	EXPECT(holds(errors, "[a b][][*][\n][\xff]"));
}

/* What this test was started with must not be taken for the tool's. */
static void start_afresh(void)
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

/* Nothing of the tool's: no descriptor but the three, no signal that the tool has blocked or
 * ignores. */
static void inherits_nothing(void)
{
	int out, errors;

	start_afresh();
	redirect(&out, &errors);
	loop_signals_begin();
	EXPECT(loop_signals(&err) >= 0);
	/* The fourth is the directory that is listed. */
	EXPECT(run(ARGV("ls", "/proc/self/fd")) == 0);
	EXPECT(run(ARGV("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")) == 0);
	EXPECT(holds(errors, "0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"));
}

/* What the tool was started with it passes on: a shell's background job ignores SIGINT. Some leave
 * more behind. */
static void inherits_ignored(void)
{
	int out, errors;
	sigset_t mask;

	start_afresh();
	redirect(&out, &errors);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	EXPECT(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	loop_signals_begin();
	EXPECT(loop_signals(&err) >= 0);
	EXPECT(run(ARGV("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")) == 0);
	EXPECT(holds(errors, "SigBlk:\t0000000000004001\nSigIgn:\t0000000000011002\n"));
	/* The tool itself can be ended, and learns its child's status. */
	EXPECT(sigprocmask(SIG_BLOCK, NULL, &mask) == 0);
	EXPECT(sigismember(&mask, SIGHUP) == 1 && sigismember(&mask, SIGTERM) == 0);
	EXPECT(run(ARGV("false")) == 1);
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

/* ---- how it ends ---- */

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

/* It does not end: it is left alone after two seconds, and no longer the tool's. */
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

#define TEST(body)                                                                                 \
	static void test_##body(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		check(body);                                                                       \
	}

TEST(looked_up)
TEST(not_found)
TEST(not_executed)
TEST(held)
TEST(never_released)
TEST(tool_dies)
TEST(killed_while_held)
TEST(outputs)
TEST(arguments)
TEST(inherits_nothing)
TEST(inherits_ignored)
TEST(signalled_while_held)
TEST(statuses)
TEST(terminated)
TEST(terminated_in_its_own_way)
TEST(will_not_end)
TEST(ended_already)

/* Where the kernel, or a container, has no pidfd_open: nothing is left that somebody could wait
 * for. */
static void test_without_pidfd(void **state)
{
	char sh[] = "sh", *argv[] = { sh, NULL };
	struct command command = COMMAND_INIT;
	scmp_filter_ctx filter;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		filter = seccomp_init(SCMP_ACT_ALLOW);
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(pidfd_open), 0) < 0 ||
		    seccomp_load(filter) < 0)
			_exit(1);
		if (command_start(&command, argv, NULL, &err) != -ENOSYS ||
		    !strstr(err.text, "pidfd_open: ENOSYS"))
			_exit(2);
		if (command.pid || command.pidfd != -1 || command.go != -1 || command.failed != -1)
			_exit(3);
		_exit(waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD ? 0 : 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_pidfd),
		cmocka_unit_test(test_looked_up),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_not_executed),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_never_released),
		cmocka_unit_test(test_tool_dies),
		cmocka_unit_test(test_killed_while_held),
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_inherits_nothing),
		cmocka_unit_test(test_inherits_ignored),
		cmocka_unit_test(test_signalled_while_held),
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
