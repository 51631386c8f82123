/* SPDX-License-Identifier: MIT */
/* Hooks in words, in much and in little room. */
#include "unit.h"

#include <string.h>

#include "hooks_text.h"

static struct object object;

static void hooks(const char *const *sections)
{
	memset(&object, 0, sizeof(object));
	for (; *sections; sections++) {
		struct hook hook = { .function = "f" };

		assert_int_equal(hook_parse(&hook, *sections), 0);
		assert_int_equal(object_set_hook(&object.programs[object.nprograms++], &hook), 0);
	}
}

#define HOOKS(...) hooks((const char *const[]){ __VA_ARGS__, NULL })

static void check(size_t room, const char *want)
{
	char text[512];

	assert_string_equal(hooks_text_short(&object, object.nprograms, room, text, sizeof(text)),
			    want);
}

static void test_room(void **state)
{
	char text[512];

	(void)state;
	HOOKS("tp/syscalls/a", "tp/syscalls/b", "tp_btf/c", "raw_tp/d");
	assert_string_equal(hooks_text(&object, 3, text, sizeof(text)),
			    "tracepoint:syscalls:a, tracepoint:syscalls:b, raw_tracepoint:c");
	check(80, "tracepoint:syscalls:a, tracepoint:syscalls:b, raw_tracepoint:c, "
		  "raw_tracepoint:d");
	check(79, "2 tracepoints, 2 raw tracepoints (-v lists them)");
	check(48, "2 tracepoints, 2 raw tracepoints (-v lists them)");
	check(47, "2 tracepoints, 2 raw tracepoints");
	check(0, "2 tracepoints, 2 raw tracepoints");
}

static void test_kinds(void **state)
{
	(void)state;
	HOOKS("fexit/a", "fexit/b", "fentry/a");
	check(20, "2 fexit programs, 1 fentry program");
	HOOKS("kretprobe/a", "kprobe/a", "kprobe/b", "tp_btf/c");
	check(20, "1 raw tracepoint, 1 kretprobe, 2 kprobes");
}

/* There is nothing shorter that says more than its name. */
static void test_one(void **state)
{
	(void)state;
	HOOKS("tp/syscalls/sys_exit_openat");
	check(0, "tracepoint:syscalls:sys_exit_openat");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
