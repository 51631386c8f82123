/* SPDX-License-Identifier: MIT */
/* COMMAND: found in PATH or not, executable or not. */
#define _GNU_SOURCE
#include "held_command.h"

#include <sys/stat.h>

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

/* A command is looked up as a shell does it, and the status says why it is none. */
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

/* A command that is not found is known before anything is traced. */
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

TEST(looked_up)
TEST(not_found)
TEST(not_executed)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looked_up),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_not_executed),
	};

	complaints = fcntl(STDERR_FILENO, F_DUPFD, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
