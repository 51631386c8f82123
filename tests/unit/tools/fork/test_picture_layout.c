/* SPDX-License-Identifier: MIT */
/* Where processes stand in a picture, which of them held the run up, and what programs cost. */
#define _GNU_SOURCE
#include "unit.h"

#include "fork_tree.h"
#include "picture_layout.h"
#include "program_costs.h"

static bool is_any(uint32_t pid)
{
	return pid > 0;
}

static struct picture_layout lay_out(struct process_tree *tree)
{
	struct picture_layout layout;

	process_tree_settle(tree, is_any, 10 * SECOND);
	assert_int_equal(picture_lay_out(tree, &layout), 0);
	return layout;
}

static const struct bar *bar_of(const struct picture_layout *layout, uint32_t pid)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->bars[i].process->pid == pid)
			return &layout->bars[i];
	fail_msg("process %u has no bar", pid);
	return NULL;
}

static void check_rows(const struct picture_layout *layout, const unsigned (*rows)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(bar_of(layout, rows[i][0])->row, rows[i][1]);
}

static void finish(struct process_tree *tree, struct picture_layout *layout)
{
	free(layout->bars);
	process_tree_free(tree);
}

/* make runs 11, then 12 and 13 together; 12 has a child, 14, and 15 comes when all have ended. */
static struct process_tree *build(void)
{
	struct process_tree *tree = begin();

	EXEC(tree, SECOND, 10, "make");
	fork_(tree, SECOND, 11, 10, "sh");
	exit_(tree, 2 * SECOND, 11, SECOND, 0);
	fork_(tree, 2 * SECOND, 12, 10, "sh");
	fork_(tree, 2 * SECOND, 13, 10, "sh");
	fork_(tree, 3 * SECOND, 14, 12, "cc");
	exit_(tree, 4 * SECOND, 14, SECOND, 0);
	exit_(tree, 4 * SECOND, 13, 2 * SECOND, 0);
	exit_(tree, 5 * SECOND, 12, 3 * SECOND, 0);
	fork_(tree, 5 * SECOND, 15, 10, "sh");
	exit_(tree, 6 * SECOND, 15, SECOND, 1 << 8);
	exit_(tree, 6 * SECOND, 10, 5 * SECOND, 0);
	return tree;
}

static void test_rows(void **state)
{
	static const unsigned rows[][2] = { { 10, 0 }, { 11, 1 }, { 12, 1 },
					    { 14, 2 }, { 13, 3 }, { 15, 1 } };
	struct process_tree *tree = build();
	struct picture_layout layout = lay_out(tree);

	(void)state;
	assert_int_equal(layout.count, 6);
	assert_int_equal(layout.rows, 4);
	assert_int_equal(layout.begin_ns, SECOND);
	assert_int_equal(layout.end_ns, 6 * SECOND);
	check_rows(&layout, rows, COUNT(rows));
	finish(tree, &layout);
}

/* 13 ended while 12 still ran, and nobody waited for it. */
static void test_critical(void **state)
{
	struct process_tree *tree = build();
	struct picture_layout layout = lay_out(tree);

	(void)state;
	for (uint32_t pid = 10; pid <= 15; pid++)
		assert_int_equal(bar_of(&layout, pid)->process->critical, pid != 13);
	finish(tree, &layout);
}

/* What a command leaves behind takes time in the picture, and did not hold it up. */
static void test_left_behind(void **state)
{
	struct process_tree *tree = begin();
	struct picture_layout layout;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	fork_(tree, SECOND, 11, 10, "daemon");
	exit_(tree, 2 * SECOND, 10, SECOND, 0);
	layout = lay_out(tree);
	assert_int_equal(layout.end_ns, 10 * SECOND);
	assert_false(bar_of(&layout, 11)->process->critical);
	finish(tree, &layout);
}

/* Without a command nobody is known at first; who makes or executes something is seen from then. */
static void test_no_command(void **state)
{
	static const unsigned rows[][2] = { { 20, 0 }, { 21, 1 }, { 30, 0 } };
	struct process_tree *tree = NULL;
	struct picture_layout layout;

	(void)state;
	assert_int_equal(process_tree_new(&tree, 0), 0);
	EXEC(tree, SECOND, 20, "sh");
	fork_(tree, SECOND, 21, 20, "child");
	exit_(tree, 2 * SECOND, 21, SECOND, 0);
	exit_(tree, 2 * SECOND, 20, 9 * SECOND, 0);
	fork_(tree, 3 * SECOND, 30, 99, "stranger's");
	exit_(tree, 4 * SECOND, 30, SECOND, 0);
	exit_(tree, 4 * SECOND, 98, SECOND, 0);
	layout = lay_out(tree);
	assert_int_equal(layout.count, 3);
	assert_int_equal(layout.begin_ns, SECOND);
	assert_int_equal(layout.end_ns, 4 * SECOND);
	check_rows(&layout, rows, COUNT(rows));
	finish(tree, &layout);
}

static void test_nothing(void **state)
{
	struct process_tree *tree = begin();
	struct picture_layout layout = lay_out(tree);

	(void)state;
	assert_int_equal(layout.count, 0);
	assert_int_equal(layout.rows, 0);
	finish(tree, &layout);
}

/* Processes that all run at once: there are so many rows, and the rest is counted. */
static void test_too_many_rows(void **state)
{
	struct process_tree *tree = begin();
	struct picture_layout layout;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t pid = 11; pid < 11 + 2000; pid++)
		fork_(tree, 2 * SECOND, pid, 10, "x");
	layout = lay_out(tree);
	assert_true(layout.rows <= PICTURE_ROWS_MAX);
	assert_int_equal(layout.count + layout.unplaced, 2001);
	assert_true(layout.unplaced >= 1000);
	finish(tree, &layout);
}

/* Bars in a row never overlap, whatever the tree. */
static void test_no_overlap(void **state)
{
	struct process_tree *tree = begin();
	struct picture_layout layout;
	unsigned seed = 1;

	(void)state;
	EXEC(tree, 1000, 10, "sh");
	for (uint32_t pid = 11; pid < 3000; pid++) {
		seed = seed * 1103515245 + 12345;
		fork_(tree, 1000 * pid, pid, pid - 1 - (seed >> 16) % (pid - 10 < 9 ? pid - 10 : 9),
		      "x");
		if (pid > 60)
			exit_(tree, 1000 * pid + seed % 1000, pid - 40 - (seed >> 8) % 10, 1, 0);
	}
	layout = lay_out(tree);
	for (size_t i = 1; i < layout.count; i++)
		if (layout.bars[i].row == layout.bars[i - 1].row)
			assert_true(layout.bars[i].begin_ns >= layout.bars[i - 1].end_ns);
	finish(tree, &layout);
}

static void test_costs(void **state)
{
	struct process_tree *tree = build();
	struct picture_layout layout = lay_out(tree);
	struct program_cost *costs;
	size_t count;

	(void)state;
	assert_int_equal(program_costs(&layout, &costs, &count), 0);
	assert_int_equal(count, 3);
	assert_string_equal(costs[0].name, "sh");
	assert_int_equal(costs[0].count, 4);
	assert_int_equal(costs[0].cpu_ns, 7 * SECOND / 2);
	assert_int_equal(costs[0].wall_ns, 7 * SECOND);
	assert_string_equal(costs[1].name, "path");
	assert_string_equal(costs[2].name, "cc");
	free(costs);
	finish(tree, &layout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),        cmocka_unit_test(test_critical),
		cmocka_unit_test(test_left_behind), cmocka_unit_test(test_no_command),
		cmocka_unit_test(test_nothing),     cmocka_unit_test(test_too_many_rows),
		cmocka_unit_test(test_no_overlap),  cmocka_unit_test(test_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
