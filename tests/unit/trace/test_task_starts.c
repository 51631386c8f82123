/* SPDX-License-Identifier: MIT */
/* Start times that stand for one task: exact ones from a program, whole ticks from /proc. */
#include "unit.h"

#include "task_starts.h"

#define TICK 10000000ull
#define EXACT (500 * TICK + 1234567)

static uint64_t settled(struct task_starts *starts, uint32_t id, uint64_t start_ns)
{
	assert_int_equal(task_starts_settle(starts, id, &start_ns), 0);
	return start_ns;
}

/* Whichever came first is the one that is kept. */
static void test_tick(void **state)
{
	struct task_starts starts = { .list = NULL };

	(void)state;
	assert_true(settled(&starts, 7, EXACT) == EXACT);
	assert_true(settled(&starts, 7, 500 * TICK) == EXACT);
	assert_true(settled(&starts, 7, 0) == EXACT);
	assert_true(settled(&starts, 8, 500 * TICK) == 500 * TICK);
	assert_true(settled(&starts, 8, EXACT) == 500 * TICK);
	assert_true(settled(&starts, 9, 0) == 0);
	task_starts_clear(&starts);
	assert_true(settled(&starts, 7, 0) == 0);
	task_starts_clear(&starts);
}

/* Two exact times are two tasks, in one tick too; /proc then means the later one. */
static void test_reused(void **state)
{
	struct task_starts starts = { .list = NULL };

	(void)state;
	assert_true(settled(&starts, 7, EXACT) == EXACT);
	assert_true(settled(&starts, 7, EXACT + 1) == EXACT + 1);
	assert_true(settled(&starts, 7, EXACT) == EXACT);
	assert_true(settled(&starts, 7, 500 * TICK) == EXACT + 1);
	assert_true(settled(&starts, 7, 501 * TICK) == 501 * TICK);
	assert_true(settled(&starts, 7, 0) == 501 * TICK);
	task_starts_clear(&starts);
}

static void test_many(void **state)
{
	struct task_starts starts = { .list = NULL };

	(void)state;
	for (uint32_t id = 1; id < 20000; id++)
		assert_true(settled(&starts, id, id * TICK + id) == id * TICK + id);
	for (uint32_t id = 1; id < 20000; id++)
		assert_true(settled(&starts, id, id * TICK) == id * TICK + id);
	task_starts_clear(&starts);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tick),
		cmocka_unit_test(test_reused),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
