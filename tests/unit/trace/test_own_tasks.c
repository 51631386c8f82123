/* SPDX-License-Identifier: MIT */
/* The tool's own tasks: the question that programs ask is run, here, for made-up tasks. */
#define _GNU_SOURCE
#include "filter_machine.h"

#include <string.h>

#include "own_tasks.h"

static void check_ids(struct program_text *s, const struct object *object, int first,
		      const uint32_t *own, size_t count)
{
	static const uint32_t around[] = { 0, 1, 2, 0x7fffffff, 0xfffffffe, 0xffffffff };

	own_tasks_set(s, first, own, count);
	for (size_t i = 0; i < count; i++)
		for (uint32_t id = own[i] - 3; id != own[i] + 4; id++) {
			struct world w = { .pid = id, .tid = id + 1 };
			int passes = 1;

			for (size_t n = 0; n < count; n++)
				if (own[n] == id)
					passes = 0;
			assert_int_equal(bpf_run(object, program_text_parameters(s), &w), passes);
		}
	for (size_t i = 0; i < COUNT(around); i++) {
		struct world w = { .pid = around[i], .tid = own[0] };

		assert_int_equal(bpf_run(object, program_text_parameters(s), &w), 1);
	}
}

/* One compiled program serves all ids, near to each other or not, in any order. */
static void test_ids(void **state)
{
	static const struct hook hook = { HOOK_KPROBE, "kprobe__f", "f" };
	const struct filter filter = FILTER_INIT;
	struct program_text *s = new_source();
	struct error err = ERROR_INIT;
	struct object object;
	int first = own_tasks_define(&filter, s);

	(void)state;
	assert_true(first >= 0);
	if (compile(s, &hook, 1, &object, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail ? err.detail : "");
	check_ids(s, &object, first, (const uint32_t[]){ 700 }, 1);
	check_ids(s, &object, first, (const uint32_t[]){ 700, 701 }, 2);
	check_ids(s, &object, first, (const uint32_t[]){ 700, 702, 705 }, 3);
	check_ids(s, &object, first, (const uint32_t[]){ 4194303, 300, 301 }, 3);
	object_clear(&object);
	program_text_free(s);
}

static void check_left_out(const struct filter *filter)
{
	struct program_text *s = new_source();
	struct error err = ERROR_INIT;
	const char *text;

	assert_true(own_tasks_define(filter, s) < 0);
	assert_int_equal(program_text_parameters(s)->count, 0);
	assert_int_equal(program_text_resolved(s, &text, &err), 0);
	assert_null(strstr(text, "OWN_LOWEST"));
	own_tasks_set(s, -1, (const uint32_t[]){ 700 }, 1);
	program_text_free(s);
}

/* By these no task of the tool passes, so that the program need not ask. */
static void test_filters_that_need_it_not(void **state)
{
	struct filter filter = FILTER_INIT;
	uint32_t some = 700;

	(void)state;
	filter.self = true;
	check_left_out(&filter);
	filter = (struct filter){ .cgroup = -1, .has_command = true };
	check_left_out(&filter);
	filter = (struct filter){ .cgroup = -1, .ids[FILTER_TIDS] = { &some, 1 } };
	check_left_out(&filter);
	filter = (struct filter){ .cgroup = -1, .ids[FILTER_PIDS] = { &some, 1 } };
	check_left_out(&filter);
	filter.descendants = true;
	check_left_out(&filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_filters_that_need_it_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
