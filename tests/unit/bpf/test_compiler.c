/* SPDX-License-Identifier: MIT */
/*
 * The compiler: made-up programs that go wrong in each way there is, and surroundings that must
 * change nothing. All of it as an ordinary user; what is different for root, as root too when that
 * is who runs this.
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

#include "compiler_child.h"
#include "compiler_sandbox.h"
#include "compiling.h"
#include "embedded.h"
#include "glob.h"

/* ---- made-up programs ---- */

/* One function, kprobe__f(), on a hook. */
static const struct hook f_hook = { HOOK_KPROBE, "kprobe__f", "f" };

static int compile_text(const char *text, const struct hook *hooks, size_t nhooks, struct object *o,
			struct error *err)
{
	struct source *s = NULL;
	int r = source_new_text(&s, "mine.bpf.c", text, err);

	assert_int_equal(r, 0);
	memset(o, 0, sizeof(*o));
	*err = (struct error)ERROR_INIT;
	r = compile(s, hooks, nhooks, o, err);
	source_free(s);
	assert_int_equal(r, err->code);
	return r;
}

static void assert_contains(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' is not in: %s", part, text);
}

static void check_rejected(const char *text, int code, const char *in_text, const char *in_detail)
{
	struct error err;
	struct object o;
	int r = compile_text(text, &f_hook, 1, &o, &err);

	if (r != code)
		fail_msg("%d, not %d: %s %s", r, code, err.text, err.detail ? err.detail : "");
	assert_int_equal(o.nprograms, 0);
	assert_contains(err.text, in_text);
	assert_contains(err.text, "programs/mine.bpf.c");
	if (in_detail)
		assert_contains(err.detail, in_detail);
	else
		assert_null(err.detail);
	error_clear(&err);
}

static void test_c_errors(void **state)
{
	(void)state;
	check_rejected("\n\nint kprobe__f(void *ctx)\n{\n\treturn nosuch;\n}\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:5:9: error: use of undeclared identifier 'nosuch'");
	check_rejected("int kprobe__f(void *ctx) { return 0 }\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:1:");
	check_rejected("#error none of this\n", -EINVAL, "clang", "none of this");
	/* Behind an include the lines count on from where they were. */
	check_rejected("#include \"drops.bpf.h\"\n#include \"drops.h\"\nint x = ;\n", -EINVAL,
		       "clang", "programs/mine.bpf.c:3:9: error:");
	/* A warning is an error. */
	check_rejected("int kprobe__f(void *ctx) { int *p = ctx; long x = p; return x; }\n",
		       -EINVAL, "clang", "programs/mine.bpf.c:1:");
	check_rejected("int kprobe__f(void *ctx) { int a; return a; }\n", -EINVAL, "clang",
		       "-Wuninitialized");
	check_rejected("#include <linux/nosuch.h>\n", -EINVAL, "clang",
		       "'linux/nosuch.h' file not found");
}

/* In a header of ours that is missing a define: the header and its line. */
static void test_error_in_header(void **state)
{
	(void)state;
	check_rejected("#define FILTER_PPID(id) ((id) == 1)\n#include \"filter.bpf.h\"\n"
		       "int kprobe__f(void *ctx) { return filter_passes(); }\n",
		       -EINVAL, "clang", "programs/filter.bpf.h:");
}

static const char too_large[] =
	"int kprobe__f(void *ctx)\n{\n\tchar a[600];\n\tbpf_get_current_comm(a, sizeof(a));\n"
	"\treturn a[8];\n}\n";

/* What LLVM itself answers with the end of the process. */
static void test_back_end_errors(void **state)
{
	(void)state;
	check_rejected(too_large, -EINVAL, "clang", "stack limit");
	check_rejected(
		"__attribute__((noinline)) static int g(int a, int b, int c, int d, int e, int f)\n"
		"{\n\treturn a + b + c + d + e + f;\n}\n"
		"int kprobe__f(int *ctx) { return g(ctx[0], ctx[1], ctx[2], ctx[3], ctx[4], "
		"ctx[5]); }\n",
		-EINVAL, "clang", "kprobe__f");
}

static void test_missing_function(void **state)
{
	static const char text[] =
		"mine.bpf.c: function 'kprobe__f' is not in the compiled program";

	(void)state;
	check_rejected("int kprobe__g(void *ctx) { return 0; }\n", -ECHILD, text, NULL);
	check_rejected("", -ECHILD, text, NULL);
	check_rejected("static inline int kprobe__f(void *ctx) { return 0; }\n", -ECHILD, text,
		       NULL);
}

static void test_too_many_maps(void **state)
{
	char text[4096] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i <= OBJECT_MAPS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"BPF_TABLE(\"array\", int, u64, map_%d, 1);\n", i);
	snprintf(text + len, sizeof(text) - len, "int kprobe__f(void *ctx) { return 0; }\n");
	check_rejected(text, -EINVAL, "clang", "");
}

/* A name that is longer than the object can say. */
static void test_long_names(void **state)
{
	char text[512], name[OBJECT_NAME_MAX + 20] = "kprobe__";
	const struct hook hook = { HOOK_KPROBE, name, "f" };
	struct error err;
	struct object o;

	(void)state;
	memset(name + 8, 'n', sizeof(name) - 9);
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text), "int %s(void *ctx) { return 0; }\n", name);
	assert_int_equal(compile_text(text, &hook, 1, &o, &err), -ECHILD);
	error_clear(&err);
	snprintf(text, sizeof(text),
		 "BPF_TABLE(\"array\", int, u64, %s, 1);\n"
		 "int kprobe__f(void *ctx) { return 0; }\n",
		 name);
	check_rejected(text, -EINVAL, "clang", "");
}

static void check_one_exit(const struct object_program *p, int value)
{
	assert_int_equal(p->ninsns, 2);
	assert_int_equal(p->insns[0].imm, value);
	assert_int_equal(p->insns[1].code, BPF_JMP | BPF_EXIT);
}

/* Of the functions the hooks name, each once, in the hooks' order; maps that nothing uses stay. */
static void test_only_hooks(void **state)
{
	static const char text[] = "BPF_TABLE(\"hash\", u32, u64, unused, 16);\n"
				   "int kprobe__a(void *ctx) { return 1; }\n"
				   "int kprobe__b(void *ctx) { return 2; }\n"
				   "int raw_tracepoint__c(void *ctx) { return 3; }\n";
	static const struct hook hooks[] = {
		{ HOOK_RAW_TRACEPOINT, "raw_tracepoint__c", "sys_exit" },
		{ HOOK_KPROBE, "kprobe__a", "do_exit" },
	};
	struct error err;
	struct object o;

	(void)state;
	assert_int_equal(compile_text(text, hooks, 2, &o, &err), 0);
	assert_int_equal(o.nprograms, 2);
	assert_string_equal(o.programs[0].name, "raw_tracepoint__c");
	assert_int_equal(o.programs[0].hook.kind, HOOK_RAW_TRACEPOINT);
	assert_string_equal(o.programs[0].hook.target, "sys_exit");
	check_one_exit(&o.programs[0], 3);
	assert_string_equal(o.programs[1].name, "kprobe__a");
	assert_int_equal(o.programs[1].hook.kind, HOOK_KPROBE);
	assert_string_equal(o.programs[1].hook.target, "do_exit");
	check_one_exit(&o.programs[1], 1);
	assert_int_equal(o.nmaps, 1);
	assert_string_equal(o.maps[0].name, "unused");
	assert_int_equal(o.maps[0].type, BPF_MAP_TYPE_HASH);
	assert_int_equal(o.maps[0].key_size, 4);
	assert_int_equal(o.maps[0].value_size, 8);
	assert_int_equal(o.maps[0].max_entries, 16);
	assert_int_equal(o.maps[0].inner, -1);
	object_clear(&o);

	assert_int_equal(compile_text(text, hooks, 0, &o, &err), 0);
	assert_int_equal(o.nprograms, 0);
	assert_int_equal(o.nmaps, 1);
	object_clear(&o);
}

/* A program without a map: there is nothing to describe. */
static void test_no_maps(void **state)
{
	struct error err;
	struct object o;

	(void)state;
	assert_int_equal(
		compile_text("int kprobe__f(void *ctx) { return 7; }", &f_hook, 1, &o, &err), 0);
	assert_int_equal(o.nmaps, 0);
	check_one_exit(&o.programs[0], 7);
	object_clear(&o);
}

/* ---- surroundings ---- */

/* Places in /tmp that compiles have left: their names only, as end-to-end tests have places there
 * too. */
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

/* A directory with files a compiler that looks here would trip over. */
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

/* Nothing may have been added: then the directory could not be removed. */
static void trap_remove(struct trap *trap)
{
	for (size_t i = 0; i < COUNT(trap_files); i++)
		assert_int_equal(unlink(trap_files[i]), 0);
	for (size_t i = COUNT(trap_dirs); i-- > 0;)
		assert_int_equal(rmdir(trap_dirs[i]), 0);
	/* Where this was started may be a place an ordinary user cannot go back to. */
	if (trap->before < 0 || fchdir(trap->before) < 0)
		assert_int_equal(chdir("/"), 0);
	if (trap->before >= 0)
		close(trap->before);
	assert_int_equal(rmdir(trap->path), 0);
}

/* One of the real programs, with headers and maps. */
static struct source *sample(void)
{
	struct error err = ERROR_INIT;
	struct source *s = NULL;

	assert_int_equal(source_new(&s, "openat.bpf.c", &err), 0);
	define_task(s);
	source_define(s, "HOOK_SYS_EXIT", "1");
	source_define(s, "TABLE_MAX", "%d", 4096);
	source_define(s, "TABLE_FLAGS", "0");
	source_define(s, "OPEN_CASES", "case 257:");
	source_define(s, "OPEN_CASES_ANY", "case 257:");
	source_define(s, "REGS_SYSCALL", "%d", 120);
	source_define(s, "KEY_FIELDS", "u32 pid; u16 cpu; u16 zero[1];");
	source_define(s, "BY_PROCESS", "1");
	return s;
}

static struct blob sample_output(void)
{
	static const struct hook hook = { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit",
					  "sys_exit" };
	struct blob output = { .bytes = NULL };
	struct source *s = sample();
	struct error err = ERROR_INIT;

	if (compile_output(s, &hook, 1, &output, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail);
	source_free(s);
	return output;
}

static void assert_same_output(struct blob a, struct blob b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	blob_clear(&a);
	blob_clear(&b);
}

/* The version BCC's own headers ask about is the stand-in's, not one that somebody has set. */
static void check_version(void)
{
	static const char text[] = "#include <linux/version.h>\n"
				   "#if defined(LINUX_VERSION_CODE_OVERRIDE) || \\\n"
				   "    LINUX_VERSION_CODE != KERNEL_VERSION(5, 10, 0)\n"
				   "#error another version\n"
				   "#endif\n"
				   "int kprobe__f(void *ctx) { return 7; }\n";
	struct error err;
	struct object o;

	if (compile_text(text, &f_hook, 1, &o, &err) < 0)
		fail_msg("%s", err.detail);
	check_one_exit(&o.programs[0], 7);
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
	check_rejected(too_large, -EINVAL, "clang", "stack");
	clearenv();
	umask(mask);
	trap_remove(&trap);
	assert_int_equal(count_scratch(), left);
	/* No process is left, and no descriptor. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(open_descriptors(), fds);
}

static void setup_environment(void)
{
	setenv("PATH", "/usr/bin:/bin", 1);
}

/* The compiler's world holds no file of this machine. */
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

/* Is /tmp the only place there is? As in a container that allows neither mounts nor user
 * namespaces. */
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

/* Exit status: 0 as it should be; it is a process of its own, as a filter is for good. */
static int compile_in_scratch(void)
{
	static const char text[] = "int kprobe__f(void *ctx) { return 7; }\n";
	struct error err = ERROR_INIT;
	struct source *s = NULL;
	struct object o;

	if (!forbid_private_filesystem() || !compiler_sandbox_needs_scratch_dir())
		return 10;
	if (source_new_text(&s, "mine.bpf.c", text, &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) < 0) {
		fprintf(stderr, "%s\n%s\n", err.text, err.detail ? err.detail : "");
		return 11;
	}
	source_free(s);
	if (o.nprograms != 1 || o.programs[0].insns[0].imm != 7)
		return 12;
	object_clear(&o);
	if (source_new_text(&s, "mine.bpf.c", "int x = ;", &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) != -EINVAL ||
	    !strstr(err.detail, "programs/mine.bpf.c:1:"))
		return 13;
	source_free(s);
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

/* By then the directory is there, and a compiler is at work in it. */
static void kill_compiling(pid_t child, size_t left)
{
	int status;

	while (count_scratch() == left && waitpid(child, &status, WNOHANG) == 0)
		sched_yield();
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void test_scratch_of_one_that_is_killed(void **state)
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
	while (count_scratch() != left) /* until the test's time is up */
		sched_yield();
}

/* The output is not the place for what a library prints: all of it is in the error, none on our
 * descriptors. */
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
	r[1] = compile_text(too_large, &f_hook, 1, &o, &err);
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

/* The same text gives the same bytes. */
static void test_repeatable(void **state)
{
	(void)state;
	assert_same_output(sample_output(), sample_output());
}

/* The library that was used is named, and is there. */
static void test_origin(void **state)
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
	assert_int_equal(compile_library_version(version, sizeof(version)), 0);
	assert_true(isdigit((unsigned char)version[0]));
	assert_true(file_identity("/nonexistent", version, sizeof(version)) < 0);
}

static const struct CMUnitTest anybody[] = {
	cmocka_unit_test(test_c_errors),
	cmocka_unit_test(test_error_in_header),
	cmocka_unit_test(test_back_end_errors),
	cmocka_unit_test(test_missing_function),
	cmocka_unit_test(test_too_many_maps),
	cmocka_unit_test(test_long_names),
	cmocka_unit_test(test_only_hooks),
	cmocka_unit_test(test_no_maps),
	cmocka_unit_test(test_surroundings),
	cmocka_unit_test(test_no_files),
	cmocka_unit_test(test_scratch),
	cmocka_unit_test(test_scratch_of_one_that_is_killed),
	cmocka_unit_test(test_silent),
	cmocka_unit_test(test_repeatable),
	cmocka_unit_test(test_origin),
};

int main(void)
{
	int failed = 0;

	setup_environment();
	if (geteuid() == 0) {
		failed = cmocka_run_group_tests_name("as root", anybody, NULL, NULL);
		setup_environment();
		become_nobody();
	}
	return failed + cmocka_run_group_tests_name("as an ordinary user", anybody, NULL, NULL);
}
