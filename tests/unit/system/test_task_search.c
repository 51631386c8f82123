/* SPDX-License-Identifier: MIT */
/* Searching copies of tasks: one offset that fits all copies is the answer, and no other. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "task_search.h"

static struct task_sample *copies[2];

static void put(size_t copy, size_t offset, uint32_t value)
{
	memcpy(copies[copy]->bytes + offset, &value, sizeof(value));
}

static bool is_expected(const unsigned char *at, size_t number, const void *context)
{
	const uint32_t *values = context;

	return task_u32(at) == values[number];
}

static const uint32_t expected[] = { 1001, 2002 };

static struct task_search search(size_t align)
{
	return (struct task_search){
		.copies = { copies[0], copies[1] },
		.count = 2,
		.bytes = TASK_SAMPLE_BYTES,
		.align = align,
		.room = 4,
		.expects = is_expected,
		.context = expected,
	};
}

static int begin(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		copies[i] = calloc(1, sizeof(*copies[i]));
	return !copies[0] || !copies[1];
}

static int end(void **state)
{
	(void)state;
	free(copies[0]);
	free(copies[1]);
	return 0;
}

static void test_one_place_is_the_answer(void **state)
{
	struct task_search s = search(4);

	(void)state;
	put(0, 80, 1001);
	put(1, 80, 2002);
	/* Only one of the copies fits here. */
	put(0, 40, 1001);
	put(1, 44, 2002);
	assert_int_equal(task_search_only(&s), 80);
}

static void test_no_place(void **state)
{
	struct task_search s = search(4);

	(void)state;
	put(0, 80, 1001);
	put(1, 84, 2002);
	assert_int_equal(task_search_only(&s), -ENOENT);
	s.count = 0;
	assert_int_equal(task_search_only(&s), -ENOENT);
}

static void test_two_places_are_no_answer(void **state)
{
	struct task_search s = search(4);

	(void)state;
	for (size_t offset = 80; offset <= 160; offset += 80) {
		put(0, offset, 1001);
		put(1, offset, 2002);
	}
	assert_int_equal(task_search_only(&s), -ENOTUNIQ);
	assert_int_equal(task_search_next(&s, 0), 80);
	assert_int_equal(task_search_next(&s, 81), 160);
	assert_int_equal(task_search_next(&s, 161), -ENOENT);
}

static void test_alignment_and_the_end(void **state)
{
	struct task_search s = search(8);

	(void)state;
	put(0, 84, 1001);
	put(1, 84, 2002);
	assert_int_equal(task_search_only(&s), -ENOENT);
	put(0, TASK_SAMPLE_BYTES - 8, 1001);
	put(1, TASK_SAMPLE_BYTES - 8, 2002);
	assert_int_equal(task_search_only(&s), TASK_SAMPLE_BYTES - 8);
	s.room = 16;
	assert_int_equal(task_search_only(&s), -ENOENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_place_is_the_answer, begin, end),
		cmocka_unit_test_setup_teardown(test_no_place, begin, end),
		cmocka_unit_test_setup_teardown(test_two_places_are_no_answer, begin, end),
		cmocka_unit_test_setup_teardown(test_alignment_and_the_end, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
