/* SPDX-License-Identifier: MIT */
/* What is found out from the running kernel is what its types say, where it has types. */
#include "unit.h"

#include <string.h>

#include "arch_facts.h"
#include "btf.h"
#include "offset_finder.h"
#include "permission.h"
#include "probe_reliability.h"

enum {
	SKIPPED = 77, /* exit status */
	FOUND_MAX = 64,
};

struct found {
	const char *structure, *member;
	int offset;
};

static struct found all[FOUND_MAX];
static size_t count;

static void note(const char *structure, const char *member, int offset, void *context)
{
	(void)context;
	assert_true(count < FOUND_MAX);
	all[count++] = (struct found){ structure, member, offset };
}

static int find(const char *structure, const char *member)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].structure, structure) == 0 && strcmp(all[i].member, member) == 0)
			return all[i].offset;
	return -1;
}

static void test_all_are_found(void **state)
{
	static const char *const wanted[][2] = {
		{ "task_struct", "pid" },
		{ "task_struct", "tgid" },
		{ "task_struct", "comm" },
		{ "task_struct", "group_leader" },
		{ "task_struct", "real_parent" },
		{ "task_struct", "start_time" },
		{ "task_struct", "start_boottime" },
		{ "task_struct", "stack" },
		{ "stack", "regs" },
		{ "task_struct", "mm" },
		{ "mm_struct", "arg_start" },
		{ "mm_struct", "arg_end" },
		{ "task_struct", "cred" },
		{ "cred", "euid" },
		{ "task_struct", "exit_code" },
		{ "task_struct", "signal" },
		{ "signal_struct", "flags" },
		{ "signal_struct", "group_exit_code" },
		{ "signal_struct", "live" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++)
		if (find(wanted[i][0], wanted[i][1]) < 0)
			fail_msg("%s.%s is not found", wanted[i][0], wanted[i][1]);
	if (kernel_answers(arch_call_compat))
		assert_true(find("task_struct", arch_facts.compat_member) >= 0);
	assert_int_equal(find("stack", "regs"), arch_stack_regs());
}

static void test_all_are_right(void **state)
{
	struct error err = ERROR_INIT;
	struct btf_kernel *btf;

	(void)state;
	if (btf_kernel_open(&btf, false, &err) < 0) {
		error_clear(&err);
		skip();
	}
	for (size_t i = 0; i < count; i++) {
		int offset;

		if (strcmp(all[i].structure, "stack") == 0)
			continue;
		offset = btf_offset(btf, all[i].structure, all[i].member, &err);
		if (offset != all[i].offset)
			fail_msg("%s.%s is at %d, and %d was found", all[i].structure,
				 all[i].member, offset, all[i].offset);
	}
	btf_kernel_free(btf);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_found),
		cmocka_unit_test(test_all_are_right),
	};
	struct error err = ERROR_INIT;

	if (permission_to_load(&err) < 0)
		return SKIPPED;
	if (offset_finder_run(kernel_answers(arch_call_compat), note, NULL, &err) < 0) {
		print_error("%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
