/* SPDX-License-Identifier: MIT */
/* What a command ran: records in, lines out. */
#define _GNU_SOURCE
#include "unit.h"

#include <inttypes.h>

#include "command_tree.h"
#include "fork_tree.h"

#define HEADING "\n      WALL        CPU  WHAT RAN, SLOWEST FIRST\n"

/* Even ids are of processes that have ended. */
static bool is_odd(uint32_t pid)
{
	return pid % 2;
}

static bool is_any(uint32_t pid)
{
	return pid > 0;
}

static process_alive_fn alive = is_any;
static unsigned top;

/* The report of @tree at @now_ns. The caller frees it. */
static char *report(struct process_tree *tree, uint64_t now_ns)
{
	struct sink s;
	char *text;

	sink_open(&s, REPORT_TABLE);
	process_tree_settle(tree, alive, now_ns);
	assert_int_equal(command_tree_report(tree, s.report, top), 0);
	text = strdup(sink_text(&s));
	assert_non_null(text);
	sink_close(&s);
	return text;
}

static void check(struct process_tree *tree, uint64_t now_ns, const char *want)
{
	char *text = report(tree, now_ns);

	assert_string_equal(text, want);
	free(text);
	process_tree_free(tree);
}

static void test_nothing(void **state)
{
	(void)state;
	check(begin(), SECOND, "");
	process_tree_free(NULL);
}

static void test_slowest_first(void **state)
{
	struct process_tree *tree = begin();

	(void)state;
	EXEC(tree, SECOND, 10, "make\0-s");
	fork_(tree, SECOND, 11, 10, "make");
	fork_(tree, SECOND, 12, 10, "make");
	EXEC(tree, SECOND, 12, "cc\0a b.c");
	fork_(tree, SECOND, 13, 12, "cc");
	EXEC(tree, SECOND, 13, "cc1");
	/* Only its last command line counts. */
	EXEC(tree, SECOND, 13, "as");
	exit_(tree, 3 * SECOND, 13, SECOND / 2, 0);
	exit_(tree, 3 * SECOND, 11, SECOND, 3 << 8);
	exit_(tree, 3 * SECOND, 12, 2 * SECOND, 11 | 0x80);
	/* A tie: the one that began first. */
	fork_(tree, 2 * SECOND, 14, 10, "late");
	exit_(tree, 3 * SECOND, 14, SECOND, 0);
	exit_(tree, 4 * SECOND, 10, 3 * SECOND, 0);
	check(tree, 9 * SECOND,
	      HEADING "    3.000s     1.500s  make -s\n"
		      "    2.000s     1.000s    cc 'a b.c'  [SIGSEGV]\n"
		      "    0.500s     0.250s      as\n"
		      "    1.000s     0.500s    make  [code 3]\n"
		      "    1.000s     0.500s    late\n");
}

static void test_still_running(void **state)
{
	struct process_tree *tree = begin();

	(void)state;
	EXEC(tree, SECOND, 10, "daemon");
	fork_(tree, 3 * SECOND, 11, 10, "child");
	check(tree, 5 * SECOND,
	      HEADING "    4.000s     0.000s  daemon  [still running]\n"
		      "    2.000s     0.000s    child  [still running]\n");
}

/* A filter may hide the command, and how the others ended. */
static void test_hidden(void **state)
{
	struct process_tree *tree = begin();

	(void)state;
	fork_(tree, 3 * SECOND, 11, 10, "runs");
	fork_(tree, 3 * SECOND, 12, 10, "hidden");
	fork_(tree, 3 * SECOND, 14, 10, "seen");
	exit_(tree, 4 * SECOND, 14, SECOND / 2, 0);
	alive = is_odd;
	check(tree, 5 * SECOND,
	      HEADING "    2.000s     0.000s    runs  [still running]\n"
		      "    0.500s     0.250s    seen\n"
		      "         -          -    hidden  [end not seen]\n");
	alive = is_any;
}

/* Who makes a child need not become its parent. */
static void test_maker(void **state)
{
	struct process_tree *tree = begin();
	struct fork_birth birth = birth_of(SECOND, 12, 1, "x");

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	fork_(tree, SECOND, 11, 10, "maker");
	birth.by_pid = 11;
	assert_int_equal(process_tree_note(tree, &birth.head, sizeof(birth)), 0);
	exit_(tree, SECOND, 12, SECOND / 2, 0);
	exit_(tree, SECOND, 11, SECOND / 2, 0);
	exit_(tree, SECOND, 10, SECOND / 2, 0);
	check(tree, SECOND,
	      HEADING "    0.500s     0.250s  sh\n"
		      "    0.500s     0.250s    maker\n"
		      "    0.500s     0.250s      x\n");
}

/* Threads that end, execs that fail and processes that are not the command's change nothing. */
static void test_passed_over(void **state)
{
	struct process_tree *tree = begin();
	struct fork_exit_usage thread = end_of(2 * SECOND, 10, "x", SECOND, 0);
	struct fork_birth birth = birth_of(SECOND, 10, 10, "x");

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	exec_(tree, SECOND, 10, "no", sizeof("no"), -2);
	EXEC(tree, SECOND, 99, "stranger");
	exit_(tree, SECOND, 99, SECOND, 0);
	thread.exit.last = 0;
	assert_int_equal(process_tree_note(tree, &thread.exit.head, sizeof(thread)), 0);
	birth.head.type = FORK_THREAD;
	assert_int_equal(process_tree_note(tree, &birth.head, sizeof(birth)), 0);
	check(tree, 2 * SECOND, HEADING "    1.000s     0.000s  sh  [still running]\n");
}

/* An id that comes again is another process, and what the parent of an unknown one did is the
 * command's. */
static void test_ids_come_again(void **state)
{
	struct process_tree *tree = begin();

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	fork_(tree, SECOND, 11, 10, "first");
	exit_(tree, SECOND, 11, SECOND, 0);
	fork_(tree, 2 * SECOND, 11, 10, "second");
	fork_(tree, 2 * SECOND, 12, 11, "its");
	exit_(tree, SECOND, 12, SECOND / 4, 0);
	exit_(tree, SECOND, 11, SECOND / 2, 0);
	fork_(tree, 2 * SECOND, 13, 77, "unknown's");
	exit_(tree, SECOND, 13, SECOND / 8, 0);
	exit_(tree, SECOND, 10, 2 * SECOND, 0);
	check(tree, 2 * SECOND,
	      HEADING "    2.000s     1.000s  sh\n"
		      "    1.000s     0.500s    first\n"
		      "    0.500s     0.250s    second\n"
		      "    0.250s     0.125s      its\n"
		      "    0.125s     0.062s    unknown's\n");
}

/* Hostile names and long command lines stay one short line. */
static void test_labels(void **state)
{
	struct process_tree *tree = begin();
	char line[130];

	(void)state;
	EXEC(tree, SECOND, 10, "a\nb\0\x1b[2J\xff");
	exit_(tree, SECOND, 10, SECOND, 0);
	fork_(tree, SECOND, 11, 10, "x\n[code 9]");
	exit_(tree, SECOND, 11, SECOND, 0);
	fork_(tree, SECOND, 12, 10, "x");
	memset(line, 'y', sizeof(line));
	line[129] = '\0';
	exec_(tree, SECOND, 12, line, sizeof(line), 0);
	exit_(tree, SECOND, 12, SECOND / 2, 0);
	memset(line, 'y', 120);
	strcpy(line + 120, "...");
	{
		char want[512];

		snprintf(want, sizeof(want),
			 HEADING "    1.000s     0.500s  $'a\\nb' $'\\e[2J\\xff'\n"
				 "    1.000s     0.500s    x\\n[code 9]\n"
				 "    0.500s     0.250s    %s\n",
			 line);
		check(tree, SECOND, want);
	}
}

/* A chain of forks without end leans no further than 16 steps, and takes no stack. Below 64
 * generations all are children of one process, and alike. */
static void test_generations(void **state)
{
	struct process_tree *tree = begin();
	size_t lines = 0, deepest = 0;
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t pid = 11; pid < 100000; pid++)
		fork_(tree, pid, pid, pid - 1, "x");
	text = report(tree, SECOND);
	for (char *at = strchr(text + 1, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
		size_t indent = strspn(at + 1 + 23, " ");

		lines++;
		deepest = indent > deepest ? indent : deepest;
	}
	assert_int_equal(lines, 65);
	assert_int_equal(deepest, 2 * 16);
	assert_non_null(strstr(text, "  +1 x  [still running]\n"));
	assert_non_null(strstr(text, "  +48 99926 x x  [still running]\n"));
	free(text);
	process_tree_free(tree);
}

/* Children that are alike are one line: of one name, ended in the same way, and without children.
 */
static void test_groups(void **state)
{
	struct process_tree *tree = begin();

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t pid = 11; pid < 27; pid++)
		fork_(tree, SECOND, pid, 10, "sh");
	for (uint32_t pid = 11; pid < 21; pid++) {
		EXEC(tree, SECOND, pid, "cc1\0-x");
		exit_(tree, 2 * SECOND, pid, SECOND, pid < 18 ? 0 : 1 << 8);
	}
	/* Two alike, one with a child, and one that is not over. */
	for (uint32_t pid = 21; pid < 24; pid++)
		exit_(tree, 2 * SECOND, pid, SECOND / 2, pid == 23 ? 9 : 0);
	fork_(tree, SECOND, 40, 24, "below");
	exit_(tree, 2 * SECOND, 40, SECOND / 4, 0);
	exit_(tree, 2 * SECOND, 24, SECOND / 4, 0);
	exit_(tree, 2 * SECOND, 25, SECOND / 8, 0);
	exit_(tree, 4 * SECOND, 10, 3 * SECOND, 0);
	check(tree, 9 * SECOND,
	      HEADING "    3.000s     1.500s  sh\n"
		      "    8.000s     0.000s    sh  [still running]\n"
		      "    7.000s     3.500s    7 x path\n"
		      "    3.000s     1.500s    3 x path  [code 1]\n"
		      "    1.125s     0.562s    3 x sh\n"
		      "    0.500s     0.250s    sh  [SIGKILL]\n"
		      "    0.250s     0.125s    sh\n"
		      "    0.250s     0.125s      below\n");
}

/* The lines that weigh most are shown, each with those above it. */
static void test_top(void **state)
{
	struct process_tree *tree = begin();
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	/* A short one with a long child. */
	fork_(tree, SECOND, 11, 10, "short");
	fork_(tree, SECOND, 12, 11, "long");
	exit_(tree, SECOND, 11, SECOND / 8, 0);
	exit_(tree, 9 * SECOND, 12, 8 * SECOND, 0);
	for (uint32_t pid = 100; pid < 400; pid++) {
		char name[FORK_COMM];

		snprintf(name, sizeof(name), "n%u", pid);
		fork_(tree, SECOND, pid, 10, name);
		exit_(tree, 3 * SECOND, pid, SECOND, 0);
	}
	exit_(tree, 9 * SECOND, 10, 9 * SECOND, 0);
	top = 3;
	text = report(tree, 9 * SECOND);
	assert_string_equal(text, HEADING "    9.000s     4.500s  sh\n"
					  "    0.125s     0.062s    short\n"
					  "    8.000s     4.000s      long\n"
					  "(3 of 303 processes shown; --top N shows more)\n");
	free(text);
	top = 0;
	text = report(tree, 9 * SECOND);
	assert_non_null(strstr(text, "n196\n"));
	assert_null(strstr(text, "n197\n"));
	assert_non_null(strstr(text, "\n(100 of 303 processes shown; --top N shows more)\n"));
	free(text);
	top = 303;
	text = report(tree, 9 * SECOND);
	assert_non_null(strstr(text, "n399\n"));
	assert_null(strstr(text, "shown"));
	free(text);
	top = 0;
	process_tree_free(tree);
}

/* What there is no room for is counted, and its end and its children are not somebody else's. */
static void test_too_many(void **state)
{
	struct process_tree *tree = begin();
	char *text;

	(void)state;
	EXEC(tree, SECOND, 10, "sh");
	for (uint32_t pid = 11; pid < 10 + 262144; pid++)
		fork_(tree, SECOND, pid, 10, "x");
	fork_(tree, SECOND, 500000, 10, "more");
	fork_(tree, SECOND, 500001, 500000, "more");
	/* An id of the tree, anew. */
	fork_(tree, SECOND, 11, 10, "more");
	EXEC(tree, SECOND, 11, "more");
	text = report(tree, SECOND);
	assert_non_null(strstr(text, "\n  (and 3 processes more)\n"));
	assert_null(strstr(text, "s    more"));
	free(text);
	process_tree_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),         cmocka_unit_test(test_maker),
		cmocka_unit_test(test_nothing),        cmocka_unit_test(test_slowest_first),
		cmocka_unit_test(test_still_running),  cmocka_unit_test(test_passed_over),
		cmocka_unit_test(test_ids_come_again), cmocka_unit_test(test_labels),
		cmocka_unit_test(test_generations),    cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_groups),         cmocka_unit_test(test_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
