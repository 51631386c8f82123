/* SPDX-License-Identifier: MIT */
/*
 * The compiler's surroundings: environment, working directory and other files must not change what
 * it makes, and it must leave nothing behind.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "compile_text.h"
#include "compiler_child.h"
#include "compiler_sandbox.h"

/*
 * Scratch directories in /tmp, told by the length of their names: those of end-to-end tests are
 * longer.
 */
static size_t count_scratch(void)
{
	static const char pattern[] = "bcc-tools-XXXXXX";
	DIR *dir = opendir("/tmp");
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strlen(entry->d_name) == sizeof(pattern) - 1 &&
		     strncmp(entry->d_name, pattern, 10) == 0;
	closedir(dir);
	return n;
}

/* A working directory with headers that break every compile that reads them. */
struct trap {
	char path[32];
	int before;
};

static const char *const trap_dirs[] = {
	"linux", "include", "include/linux", "include/uapi", "include/uapi/linux", "asm"
};
static const char *const trap_files[] = {
	"linux/version.h",
	"linux/types.h",
	"include/linux/version.h",
	"include/linux/kconfig.h",
	"include/linux/types.h",
	"include/uapi/linux/bpf.h",
	"include/uapi/linux/ptrace.h",
	"asm/ptrace.h",
	"drops.h",
};

static void trap_set(struct trap *trap)
{
	static const char text[] = "#error this file has nothing to do with it\n";

	strcpy(trap->path, "/tmp/test-compile-XXXXXX");
	assert_non_null(mkdtemp(trap->path));
	assert_int_equal(chmod(trap->path, 0755), 0);
	trap->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir(trap->path), 0);
	for (size_t i = 0; i < COUNT(trap_dirs); i++)
		assert_int_equal(mkdir(trap_dirs[i], 0755), 0);
	for (size_t i = 0; i < COUNT(trap_files); i++) {
		int fd = open(trap_files[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
		close(fd);
	}
}

/* Fails if the compile has added a file. */
static void trap_remove(struct trap *trap)
{
	for (size_t i = 0; i < COUNT(trap_files); i++)
		assert_int_equal(unlink(trap_files[i]), 0);
	for (size_t i = COUNT(trap_dirs); i-- > 0;)
		assert_int_equal(rmdir(trap_dirs[i]), 0);
	/* An ordinary user may not be allowed to go back to where root started the tests. */
	if (trap->before < 0 || fchdir(trap->before) < 0)
		assert_int_equal(chdir("/"), 0);
	if (trap->before >= 0)
		close(trap->before);
	assert_int_equal(rmdir(trap->path), 0);
}

/* One of the real programs, with headers and maps. */
static struct program_text *sample(void)
{
	struct error err = ERROR_INIT;
	struct program_text *s = NULL;

	assert_int_equal(program_text_new(&s, "openat/count.bpf.c", &err), 0);
	define_task(s);
	program_text_define(s, "HOOK_SYS_EXIT", "1");
	program_text_define(s, "TABLE_MAX", "%d", 4096);
	program_text_define(s, "TABLE_FLAGS", "0");
	program_text_define(s, "OPEN_CASES", "case 257:");
	program_text_define(s, "OPEN_CASES_ANY", "case 257:");
	define_member(s, "syscall_regs", "number", "s32", 120);
	program_text_define(s, "KEY_FIELDS", "u32 pid; u16 cpu; u16 zero[1];");
	program_text_define(s, "BY_PROCESS", "1");
	return s;
}

static struct blob sample_output(void)
{
	static const struct hook hook = { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit",
					  "sys_exit" };
	struct blob output = { .bytes = NULL };
	struct program_text *s = sample();
	struct error err = ERROR_INIT;

	if (compiler_compile(s, &hook, 1, &output, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail);
	program_text_free(s);
	return output;
}

static void assert_same_output(struct blob a, struct blob b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	blob_clear(&a);
	blob_clear(&b);
}

/* BCC's headers see the version of the stand-in headers, not that of the environment. */
static void check_version(void)
{
	static const char text[] =
		"#include <linux/version.h>\n"
		"_Static_assert(LINUX_VERSION_CODE == KERNEL_VERSION(5, 10, 0), \"\");\n"
		"int kprobe__f(void *ctx) { return 7; }\n";
	struct error err;
	struct object o;

	if (compile_text(text, &f_hook, 1, &o, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail);
	check_returns(&o.programs[0], 7);
	object_clear(&o);
}

static void test_surroundings(void **state)
{
	static const char *const variables[] = {
		"BCC_KERNEL_SOURCE",
		"BCC_KERNEL_MODULES_SUFFIX",
		"TMPDIR",
		"TMP",
		"TEMP",
		"HOME",
		"PATH",
		"CPATH",
		"C_INCLUDE_PATH",
		"CPLUS_INCLUDE_PATH",
		"LIBRARY_PATH",
		"PWD",
		"XDG_CACHE_HOME",
	};
	static const char *const values[][2] = {
		{ "BCC_LINUX_VERSION_CODE", "199680" },
		{ "ARCH", "s390" },
		{ "LC_ALL", "tr_TR.UTF-8" },
		{ "CCC_OVERRIDE_OPTIONS", "+-DTRAP +-O0" },
		{ "CLANG_CONFIG_FILE", "/nonexistent" },
		{ "SOURCE_DATE_EPOCH", "1" },
		{ "BCC_DEBUG", "255" },
	};
	size_t left = count_scratch();
	struct blob before = sample_output();
	struct trap trap;
	size_t fds = open_descriptors();
	mode_t mask;

	(void)state;
	trap_set(&trap);
	for (size_t i = 0; i < COUNT(variables); i++)
		setenv(variables[i], trap.path, 1);
	for (size_t i = 0; i < COUNT(values); i++)
		setenv(values[i][0], values[i][1], 1);
	mask = umask(0077);
	assert_same_output(before, sample_output());
	check_version();
	check_rejected("int kprobe__f(void *ctx) { return nosuch; }\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:1:");
	check_rejected(TOO_LARGE, -EINVAL, "clang", "stack");
	clearenv();
	umask(mask);
	trap_remove(&trap);
	assert_int_equal(count_scratch(), left);
	/* No process and no descriptor is left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(open_descriptors(), fds);
}

/* A program cannot include a file of this machine. */
static void test_no_files(void **state)
{
	(void)state;
	if (compiler_sandbox_needs_scratch_dir())
		skip();
	check_rejected("#include </etc/passwd>\n", -EINVAL, "clang", "file not found");
	check_rejected("# include \"/proc/self/status\"\n", -EINVAL, "clang", "file not found");
	check_rejected(
		"asm(\".incbin \\\"/etc/passwd\\\"\");\nint kprobe__f(void *ctx) { return 0; }\n",
		-EINVAL, "clang", "");
}

/* As in a container that allows neither mounts nor user namespaces. Return: whether it worked. */
static bool forbid_private_filesystem(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool done = filter &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0) == 0 &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fsopen), 0) == 0 &&
		    seccomp_load(filter) == 0;

	seccomp_release(filter);
	return done;
}

/* Runs in a process of its own, because a filter cannot be removed. Return: 0 if all is well. */
static int compile_in_scratch(void)
{
	static const char text[] = "int kprobe__f(void *ctx) { return 7; }\n";
	struct error err = ERROR_INIT;
	struct program_text *s = NULL;
	struct object o;

	if (!forbid_private_filesystem() || !compiler_sandbox_needs_scratch_dir())
		return 10;
	if (program_text_new_from(&s, "mine.bpf.c", text, &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) < 0) {
		fprintf(stderr, "%s\n%s\n", err.text, err.detail ? err.detail : "");
		return 11;
	}
	program_text_free(s);
	if (o.nprograms != 1 || o.programs[0].insns[0].imm != 7)
		return 12;
	object_clear(&o);
	if (program_text_new_from(&s, "mine.bpf.c", "int x = ;", &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) != -EINVAL ||
	    !strstr(err.detail, "programs/mine.bpf.c:1:"))
		return 13;
	program_text_free(s);
	error_clear(&err);
	return 0;
}

static void test_scratch(void **state)
{
	size_t left = count_scratch();
	struct trap trap;
	int status;
	pid_t child;

	(void)state;
	trap_set(&trap);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		umask(0077);
		_exit(compile_in_scratch());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	trap_remove(&trap);
	assert_int_equal(count_scratch(), left);
}

/* Kill @child as soon as its scratch directory is there. */
static void kill_compiling(pid_t child, size_t left)
{
	int status;

	while (count_scratch() == left && waitpid(child, &status, WNOHANG) == 0)
		sched_yield();
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void test_scratch_of_killed_process(void **state)
{
	size_t left = count_scratch();
	pid_t child;

	(void)state;
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(compile_in_scratch());
	kill_compiling(child, left);
	while (count_scratch() != left) /* or the test times out */
		sched_yield();
}

/* What the libraries print is in the error, and nothing of it on stdout or stderr. */
static void test_silent(void **state)
{
	int out = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	struct error err;
	struct object o;
	int r[3];

	(void)state;
	assert_true(out >= 0 && errors >= 0 && file);
	fflush(NULL);
	dup2(fileno(file), STDOUT_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	r[0] = compile_text("int x = ;\n", &f_hook, 1, &o, &err);
	error_clear(&err);
	r[1] = compile_text(TOO_LARGE, &f_hook, 1, &o, &err);
	error_clear(&err);
	r[2] = compile_text("int kprobe__f(void *ctx) { return 0; }\n", &f_hook, 1, &o, &err);
	object_clear(&o);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	close(out);
	close(errors);
	assert_int_equal(r[0], -EINVAL);
	assert_int_equal(r[1], -EINVAL);
	assert_int_equal(r[2], 0);
	assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
	fclose(file);
}

static void test_repeatable(void **state)
{
	(void)state;
	assert_same_output(sample_output(), sample_output());
}

/* The output names the files of the compiler, and their identities. */
static void test_compiler_id(void **state)
{
	struct blob output = sample_output();
	char path[4096], *space, version[64];

	(void)state;
	assert_contains(output.origin, "/" COMPILER_LIBRARY);
	for (const char *line = output.origin; *line; line += strcspn(line, "\n") + 1) {
		char identity[128];

		assert_true(strcspn(line, "\n") < sizeof(path));
		memcpy(path, line, strcspn(line, "\n"));
		path[strcspn(line, "\n")] = '\0';
		space = strchr(path, ' ');
		assert_non_null(space);
		*space = '\0';
		assert_int_equal(file_identity(path, identity, sizeof(identity)), 0);
		assert_string_equal(identity, space + 1);
	}
	blob_clear(&output);
	assert_int_equal(compiler_library_version(version, sizeof(version)), 0);
	assert_true(isdigit((unsigned char)version[0]));
	assert_true(file_identity("/nonexistent", version, sizeof(version)) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_no_files),
		cmocka_unit_test(test_scratch),
		cmocka_unit_test(test_scratch_of_killed_process),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_repeatable),
		cmocka_unit_test(test_compiler_id),
	};

	return run_as_each_user(tests, COUNT(tests));
}
