/* SPDX-License-Identifier: MIT */
/* What runs now, as a tree: who is shown, and for how long. */
#define _GNU_SOURCE
#include "unit.h"

#include "fork_tree.h"
#include "live_tree.h"

#define S UINT64_C(1000000000)
#define HEADING "    LIVED  STATE         PID  WHAT RUNS\n"
#define NOTHING "Nothing that began in this run is there.\n"

static struct process_tree *begin_live(void)
{
	struct process_tree *tree = NULL;

	assert_int_equal(process_tree_new(&tree, 0), 0);
	tree->shows_makers = true;
	return tree;
}

static void check(struct process_tree *tree, uint64_t now_ns, const char *want)
{
	const struct live_tree live = { .tree = tree, .now_ns = now_ns };
	struct sink s;

	sink_open(&s, REPORT_TABLE);
	assert_int_equal(live_tree_show(&live, s.report), 0);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);
}

static void test_lives(void **state)
{
	struct process_tree *tree = begin_live();

	(void)state;
	check(tree, 10 * S, NOTHING);
	fork_(tree, 10 * S, 20, 7, "sh");
	EXEC(tree, 11 * S, 20, "make\0-j4");
	fork_(tree, 12 * S, 21, 20, "make");
	fork_(tree, 12 * S, 22, 20, "ma\033ke");
	check(tree, 13 * S,
	      HEADING "        -                  7  sh\n"
		      "     3.0s                 20    make -j4\n"
		      "     1.0s                 21      make\n"
		      "     1.0s                 22      ma\\eke\n");
	exit_(tree, 14 * S, 21, 2 * S, 0);
	exit_(tree, 14 * S, 22, 2 * S, 1 << 8);
	exit_(tree, 14 * S, 20, 4 * S, 9);
	check(tree, 15 * S,
	      HEADING "        -                  7  sh\n"
		      "     4.0s  SIGKILL        20    make -j4\n"
		      "     2.0s  ended          21      make\n"
		      "     2.0s  code 1         22      ma\\eke\n");
	check(tree, 17 * S + 1, NOTHING);
	assert_int_equal(tree->count, 1);
	/* Its id is somebody else's. */
	fork_(tree, 18 * S, 21, 7, "other");
	check(tree, 18 * S + 5,
	      HEADING "        -                  7  other\n"
		      "      5ns                 21    other\n");
	process_tree_free(tree);
}

/* A process that has ended stays as long as one that it started. */
static void test_orphans(void **state)
{
	struct process_tree *tree = begin_live();

	(void)state;
	fork_(tree, 10 * S, 20, 7, "a");
	fork_(tree, 10 * S, 21, 20, "b");
	exit_(tree, 11 * S, 20, S, 0);
	check(tree, 99 * S,
	      HEADING "        -                  7  a\n"
		      "     1.0s  ended          20    a\n"
		      "    89.0s                 21      b\n");
	exit_(tree, 100 * S, 21, 90 * S, 0);
	check(tree, 104 * S, NOTHING);
	process_tree_free(tree);
}

/* One that was there before and executes something is shown until it ends. */
static void test_exec_of_an_old_one(void **state)
{
	struct process_tree *tree = begin_live();

	(void)state;
	EXEC(tree, 11 * S, 30, "ls");
	check(tree, 20 * S, HEADING "     9.0s                 30  ls\n");
	exit_(tree, 21 * S, 30, 500 * S, 0);
	check(tree, 22 * S, HEADING "   500.0s  ended          30  ls\n");
	check(tree, 25 * S, NOTHING);
	process_tree_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_orphans),
		cmocka_unit_test(test_exec_of_an_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
