/* SPDX-License-Identifier: MIT */
/* Names of hooks: what libbpf and bpftrace call them, and back. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "hook.h"

static const struct {
	struct hook hook;
	const char *section;
	const char *name;
} hooks[] = {
	{ { HOOK_KPROBE, "f", "__x64_sys_openat" },
	  "kprobe/__x64_sys_openat",
	  "kprobe:__x64_sys_openat" },
	{ { HOOK_KRETPROBE, "f", "do_exit" }, "kretprobe/do_exit", "kretprobe:do_exit" },
	{ { HOOK_TRACEPOINT, "f", "sched/sched_switch" },
	  "tp/sched/sched_switch",
	  "tracepoint:sched:sched_switch" },
	{ { HOOK_RAW_TRACEPOINT, "f", "sys_exit" }, "raw_tp/sys_exit", "raw_tracepoint:sys_exit" },
	{ { HOOK_RAW_TRACEPOINT_BTF, "f", "sys_exit" },
	  "tp_btf/sys_exit",
	  "raw_tracepoint:sys_exit" },
	{ { HOOK_FENTRY, "f", "__x64_sys_openat" },
	  "fentry/__x64_sys_openat",
	  "fentry:__x64_sys_openat" },
	{ { HOOK_FEXIT, "f", "do_exit" }, "fexit/do_exit", "fexit:do_exit" },
};

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(COUNT(hooks), HOOK_KINDS);
	for (size_t i = 0; i < COUNT(hooks); i++) {
		char buf[HOOK_NAME_MAX];

		assert_ptr_equal(hook_section(&hooks[i].hook, buf), buf);
		assert_string_equal(buf, hooks[i].section);
		assert_ptr_equal(hook_name(&hooks[i].hook, buf), buf);
		assert_string_equal(buf, hooks[i].name);
	}
}

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hooks); i++) {
		struct hook hook = { HOOK_KINDS, "untouched", NULL };

		assert_int_equal(hook_parse(&hook, hooks[i].section), 0);
		assert_int_equal(hook.kind, hooks[i].hook.kind);
		assert_string_equal(hook.target, hooks[i].hook.target);
		assert_ptr_equal(hook.target, strchr(hooks[i].section, '/') + 1);
		assert_string_equal(hook.function, "untouched");
	}
}

static void test_parse_none(void **state)
{
	static const char *const none[] = {
		"",         "/",         "kprobe",           "kprob/x", "kprobes/x",
		"Kprobe/x", " kprobe/x", "tracepoint/x",     "license", ".maps",
		"xdp/x",    "/kprobe/x", "raw_tracepoint/x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		struct hook hook;

		assert_int_equal(hook_parse(&hook, none[i]), -EINVAL);
	}
}

/* Too long a target is cut, within the buffer. */
static void test_long(void **state)
{
	char target[2 * HOOK_NAME_MAX], buf[HOOK_NAME_MAX + 1];
	const struct hook hook = { HOOK_KPROBE, "f", target };

	(void)state;
	memset(target, 'x', sizeof(target) - 1);
	target[sizeof(target) - 1] = '\0';
	memset(buf, '#', sizeof(buf));
	assert_int_equal(strlen(hook_section(&hook, buf)), HOOK_NAME_MAX - 1);
	assert_int_equal(strlen(hook_name(&hook, buf)), HOOK_NAME_MAX - 1);
	assert_int_equal(buf[HOOK_NAME_MAX], '#');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_none),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
