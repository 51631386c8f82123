/* SPDX-License-Identifier: MIT */
/* The compiler: every kind of error in a program, and what becomes of a correct one. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "compile_text.h"

static void test_c_errors(void **state)
{
	(void)state;
	check_rejected("\n\nint kprobe__f(void *ctx)\n{\n\treturn nosuch;\n}\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:5:9: error: use of undeclared identifier 'nosuch'");
	check_rejected("int kprobe__f(void *ctx) { return 0 }\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:1:");
	check_rejected("#error none of this\n", -EINVAL, "clang", "none of this");
	/* Lines after an include keep their numbers. */
	check_rejected("#include \"lib/drops.bpf.h\"\n#include \"lib/drops.h\"\nint x = ;\n",
		       -EINVAL, "clang", "programs/mine.bpf.c:3:9: error:");
	/* A warning is an error. */
	check_rejected("int kprobe__f(void *ctx) { int *p = ctx; long x = p; return x; }\n",
		       -EINVAL, "clang", "programs/mine.bpf.c:1:");
	check_rejected("int kprobe__f(void *ctx) { int a; return a; }\n", -EINVAL, "clang",
		       "-Wuninitialized");
	check_rejected("#include <linux/nosuch.h>\n", -EINVAL, "clang",
		       "'linux/nosuch.h' file not found");
}

/* The message names the header and its line, not the program. */
static void test_error_in_header(void **state)
{
	(void)state;
	check_rejected("#define FILTER_PPID(id) ((id) == 1)\n#include \"lib/filter.bpf.h\"\n"
		       "int kprobe__f(void *ctx) { return filter_passes(); }\n",
		       -EINVAL, "clang", "programs/lib/task.bpf.h:");
}

/* LLVM ends the process at these. */
static void test_back_end_errors(void **state)
{
	(void)state;
	check_rejected(TOO_LARGE, -EINVAL, "clang", "stack limit");
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

/* A name that is longer than an object can hold. */
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

/* The object has the functions that hooks name, in the order of hooks, and unused maps. */
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
	check_returns(&o.programs[0], 3);
	assert_string_equal(o.programs[1].name, "kprobe__a");
	assert_int_equal(o.programs[1].hook.kind, HOOK_KPROBE);
	assert_string_equal(o.programs[1].hook.target, "do_exit");
	check_returns(&o.programs[1], 1);
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

static void test_no_maps(void **state)
{
	struct error err;
	struct object o;

	(void)state;
	assert_int_equal(
		compile_text("int kprobe__f(void *ctx) { return 7; }", &f_hook, 1, &o, &err), 0);
	assert_int_equal(o.nmaps, 0);
	check_returns(&o.programs[0], 7);
	object_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_c_errors),        cmocka_unit_test(test_error_in_header),
		cmocka_unit_test(test_back_end_errors), cmocka_unit_test(test_missing_function),
		cmocka_unit_test(test_too_many_maps),   cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_only_hooks),      cmocka_unit_test(test_no_maps),
	};

	return run_as_each_user(tests, COUNT(tests));
}
