/* SPDX-License-Identifier: MIT */
/* Who is whose child: births, names and ends in any order, and what /proc says. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ancestry.h"

static struct ancestry *begin(void)
{
	struct ancestry *ps = NULL;

	assert_int_equal(ancestry_new(&ps), 0);
	return ps;
}

/* The lineage of @pid is @want: names with " > " between. */
static void check(const struct ancestry *ps, uint32_t pid, const char *want)
{
	struct cell names[LINEAGE_MAX];
	size_t count = ancestry_lineage(ps, pid, names);
	char text[LINEAGE_MAX * (PROCESS_NAME_MAX + 3) + 1] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", i ? " > " : "",
					(int)names[i].text.len, names[i].text.bytes);
	assert_string_equal(text, want);
}

static void born(struct ancestry *ps, uint32_t pid, uint32_t ppid, const char *comm)
{
	assert_int_equal(ancestry_born(ps, pid, ppid, comm), 0);
}

static void test_births_and_names(void **state)
{
	struct ancestry *ps = begin();

	(void)state;
	check(ps, 2, "");
	born(ps, 2, 1, "sshd");
	born(ps, 3, 2, "sshd");
	check(ps, 3, "sshd > sshd");
	assert_int_equal(ancestry_named(ps, 3, 2, "bash"), 0);
	check(ps, 3, "sshd > bash");
	/* One that nobody knew begins with its exec. */
	assert_int_equal(ancestry_named(ps, 4, 3, "make"), 0);
	check(ps, 4, "sshd > bash > make");
	/* All 16 bytes of a name, and shorter after longer. */
	assert_int_equal(ancestry_named(ps, 4, 3, "0123456789abcdef"), 0);
	check(ps, 4, "sshd > bash > 0123456789abcdef");
	assert_int_equal(ancestry_named(ps, 4, 3, "cc"), 0);
	check(ps, 4, "sshd > bash > cc");
	ancestry_free(ps);
	ancestry_free(NULL);
}

static void test_ends(void **state)
{
	struct ancestry *ps = begin();

	(void)state;
	born(ps, 2, 1, "a");
	born(ps, 3, 2, "b");
	born(ps, 4, 3, "c");
	ancestry_ended(ps, 9);
	/* A parent that has ended is still where the child was born; it is found no more itself. */
	ancestry_ended(ps, 3);
	check(ps, 4, "a > b > c");
	check(ps, 3, "");
	ancestry_ended(ps, 2);
	check(ps, 4, "a > b > c");
	ancestry_ended(ps, 4);
	check(ps, 4, "");
	ancestry_free(ps);
}

static void test_ids_come_again(void **state)
{
	struct ancestry *ps = begin();

	(void)state;
	born(ps, 2, 1, "a");
	born(ps, 3, 2, "old");
	born(ps, 4, 3, "child");
	/* Its end was not seen; its child keeps it, the new one has another parent. */
	born(ps, 3, 1, "new");
	check(ps, 3, "new");
	check(ps, 4, "a > old > child");
	/* The child's own id, given to its grandchild. */
	born(ps, 5, 4, "x");
	born(ps, 4, 5, "y");
	check(ps, 4, "a > old > child > x > y");
	ancestry_free(ps);
}

/* In a PID namespace all tasks outside are 0: not one process, and nobody's parent. */
static void test_nobody(void **state)
{
	struct ancestry *ps = begin();

	(void)state;
	born(ps, 0, 0, "outside");
	born(ps, 0, 0, "outside");
	assert_int_equal(ancestry_named(ps, 0, 0, "outside"), 0);
	check(ps, 0, "");
	born(ps, 7, 0, "nsenter");
	check(ps, 7, "nsenter");
	ancestry_ended(ps, 0);
	ancestry_free(ps);
}

static size_t in_use(void)
{
	return mallinfo2().uordblks;
}

/* Each forks the next and ends: what is kept is what can be shown. */
static void test_generations(void **state)
{
	struct ancestry *ps = begin();
	struct cell names[LINEAGE_MAX];
	size_t before = 0;

	(void)state;
	born(ps, 1, 0, "init");
	for (uint32_t pid = 2; pid < 20000; pid++) {
		char comm[PROCESS_NAME_MAX];

		snprintf(comm, sizeof(comm), "g%u", pid);
		born(ps, pid, pid - 1, comm);
		ancestry_ended(ps, pid - 1);
		if (pid == 1000)
			before = in_use();
		if (pid > 1000)
			assert_true(in_use() < before + 4096);
	}
	assert_int_equal(ancestry_lineage(ps, 19999, names), LINEAGE_MAX);
	assert_int_equal(names[0].text.len, 6);
	assert_memory_equal(names[0].text.bytes, "g19936", 6);
	assert_memory_equal(names[LINEAGE_MAX - 1].text.bytes, "g19999", 6);
	ancestry_free(ps);
}

/* The living keep their ancestors, however deep their descendants go. */
static void test_long_living(void **state)
{
	struct ancestry *ps = begin();

	(void)state;
	born(ps, 1, 0, "init");
	born(ps, 2, 1, "gone");
	born(ps, 3, 2, "alive");
	ancestry_ended(ps, 2);
	for (uint32_t pid = 4; pid < 300; pid++)
		born(ps, pid, pid - 1, "x");
	check(ps, 3, "init > gone > alive");
	check(ps, 4, "init > gone > alive > x");
	ancestry_free(ps);
}

/* ---- /proc ---- */

static char proc[] = "/tmp/test_processes.XXXXXX";

static void put(const char *name, const char *stat)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", proc, name);
	assert_int_equal(mkdir(path, 0700), 0);
	if (!stat)
		return;
	snprintf(path, sizeof(path), "%s/%s/task", proc, name);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s/task/%s", proc, name, name);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s/task/%s/stat", proc, name, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(stat, file);
	fclose(file);
}

static void take_away(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s/task/%s/stat", proc, name, name);
	unlink(path);
	snprintf(path, sizeof(path), "%s/%s/task/%s", proc, name, name);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/%s/task", proc, name);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/%s", proc, name);
	assert_int_equal(rmdir(path), 0);
}

static const char *const entries[][2] = {
	/* A child may be read before its parent. */
	{ "30", "30 (sh) S 20 30 30 0\n" },
	{ "20", "20 (a) b (c)) S 10 20 20 0\n" },
	{ "10", "10 (init) S 0 10 10 0\n" },
	{ "40", "40 (own) S 40 40 40 0\n" },
	/* Names are as they are there, line ends and all. */
	{ "60", "60 (a\nb) R 1 (\\n\\) S 10 60 60 0\n" },
	/* What is no process, or is gone, or makes no sense. */
	{ "self", "41 (self) S 10 1 1 0\n" },
	{ "010x", "42 (x) S 10 1 1 0\n" },
	{ "43", NULL },
	{ "44", "" },
	{ "45", "45 noname S 10 1\n" },
	{ "46", "46 )( S 10 1\n" },
	{ "47", "47 (cut) S" },
	/* Known already, under another name. */
	{ "50", "50 (late) S 30 50 50 0\n" },
};

static void test_scan(void **state)
{
	struct ancestry *ps = begin();
	size_t descriptors = open_descriptors();
	int fd;

	(void)state;
	assert_non_null(mkdtemp(proc));
	for (size_t i = 0; i < COUNT(entries); i++)
		put(entries[i][0], entries[i][1]);
	born(ps, 50, 10, "early");
	fd = open(proc, O_RDONLY | O_DIRECTORY);
	assert_int_equal(ancestry_scan(ps, fd), 0);
	check(ps, 30, "init > a) b (c) > sh");
	check(ps, 40, "own");
	check(ps, 60, "init > a\nb) R 1 (\\n\\");
	for (uint32_t pid = 41; pid < 48; pid++)
		check(ps, pid, "");
	check(ps, 50, "early");
	/* A second look changes nothing. */
	assert_int_equal(ancestry_scan(ps, fd), 0);
	check(ps, 30, "init > a) b (c) > sh");
	close(fd);
	assert_int_equal(ancestry_scan(ps, -1), -EBADF);
	assert_int_equal(open_descriptors(), descriptors);
	for (size_t i = 0; i < COUNT(entries); i++)
		take_away(entries[i][0]);
	assert_int_equal(rmdir(proc), 0);
	ancestry_free(ps);
}

/* The kernel's own /proc: the lineage of this process ends with this process and its name. */
static void test_real_proc(void **state)
{
	struct ancestry *ps = begin();
	int fd = open("/proc", O_RDONLY | O_DIRECTORY);
	struct cell names[LINEAGE_MAX];
	char own_name[PROCESS_NAME_MAX] = "";
	size_t count;

	(void)state;
	assert_int_equal(prctl(PR_GET_NAME, own_name), 0);
	assert_int_equal(ancestry_scan(ps, fd), 0);
	count = ancestry_lineage(ps, (uint32_t)getpid(), names);
	assert_true(count >= 1);
	assert_int_equal(names[count - 1].text.len, strlen(own_name));
	assert_memory_equal(names[count - 1].text.bytes, own_name, strlen(own_name));
	close(fd);
	ancestry_free(ps);
}

/* A record may say anything: it is no descendant of itself. */
static void test_own_parent(void **state)
{
	struct cell names[LINEAGE_MAX];
	struct ancestry *ps;

	(void)state;
	assert_int_equal(ancestry_new(&ps), 0);
	assert_int_equal(ancestry_born(ps, 5, 5, "five"), 0);
	assert_int_equal(ancestry_lineage(ps, 5, names), 1);
	assert_int_equal(ancestry_named(ps, 6, 6, "six"), 0);
	assert_int_equal(ancestry_lineage(ps, 6, names), 1);
	ancestry_free(ps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_parent),  cmocka_unit_test(test_births_and_names),
		cmocka_unit_test(test_ends),        cmocka_unit_test(test_ids_come_again),
		cmocka_unit_test(test_nobody),      cmocka_unit_test(test_generations),
		cmocka_unit_test(test_long_living), cmocka_unit_test(test_scan),
		cmocka_unit_test(test_real_proc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
