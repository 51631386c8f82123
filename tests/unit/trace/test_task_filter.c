/* SPDX-License-Identifier: MIT */
/*
 * Filters as they are compiled: the instructions of filter_passes() are run, here, for made-up
 * tasks. The same code is in every program.
 */
#define _GNU_SOURCE
#include "filter_machine.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "follow.h"

#define IDS(...)                                                                                   \
	{                                                                                          \
		(uint32_t[]){ __VA_ARGS__ }, COUNT(((uint32_t[]){ __VA_ARGS__ }))                  \
	}

/* Without a filter every task passes, at the cost of two instructions. */
static void test_none(void **state)
{
	const struct filter filter = FILTER_INIT;
	struct compiled c = compile_filter(&filter);
	struct world w = some_task();

	(void)state;
	assert_int_equal(passes(&c, &w), 1);
	assert_int_equal(c.object.programs[0].ninsns, 2);
	compiled_clear(&c);
}

static const uint32_t ids[] = { 0,    1,     2,          699,        700,        701,       702,
				1000, 65534, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

/* One list at a time; every id is tried for what is compared and, in vain, for what is not. */
static void check_list(enum filter_ids kind, struct id_set list)
{
	struct filter filter = FILTER_INIT;
	struct compiled c;

	filter.ids[kind] = list;
	c = compile_filter(&filter);
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct world w = some_task();
		bool want = false;

		w.pid = w.tid = w.uid = w.gid = w.ppid = 5;
		*(kind == FILTER_PIDS ? &w.pid : kind == FILTER_TIDS ? &w.tid : &w.uid) = ids[i];
		for (size_t n = 0; n < list.count; n++)
			want |= list.ids[n] == ids[i];
		assert_int_equal(passes(&c, &w), want);
	}
	compiled_clear(&c);
}

/* Lists of processes, threads and users, also longer than a program has parameters. */
static void test_ids(void **state)
{
	uint32_t many[PARAMETERS_MAX + 10];

	(void)state;
	check_list(FILTER_PIDS, (struct id_set)IDS(700));
	check_list(FILTER_PIDS, (struct id_set)IDS(1, 700, 700, 0xfffffffe));
	check_list(FILTER_TIDS, (struct id_set)IDS(701, 0x80000000));
	check_list(FILTER_UIDS, (struct id_set)IDS(0));
	check_list(FILTER_UIDS, (struct id_set)IDS(0xfffffffe, 65534, 1000));
	/* More than a program has parameters: the last one counts like the first. */
	for (uint32_t i = 0; i < COUNT(many); i++)
		many[i] = 10000 + i;
	many[0] = 1;
	many[COUNT(many) - 1] = 0x80000000;
	check_list(FILTER_PIDS, (struct id_set){ many, COUNT(many) });
}

/* All that is asked for must be so. */
static void test_together(void **state)
{
	struct filter filter = FILTER_INIT;
	struct compiled c;

	(void)state;
	filter.ids[FILTER_PIDS] = (struct id_set)IDS(700, 800);
	filter.ids[FILTER_TIDS] = (struct id_set)IDS(701);
	filter.ids[FILTER_UIDS] = (struct id_set)IDS(1000);
	filter.name = "ba?h";
	filter.cgroup = 5; /* only that there is one is compiled in */
	c = compile_filter(&filter);
	for (unsigned wrong = 0; wrong < 32; wrong++) {
		struct world w = some_task();

		w.pid += wrong & 1;
		w.tid += wrong >> 1 & 1;
		w.uid += wrong >> 2 & 1;
		w.comm[2] = wrong >> 3 & 1 ? '\0' : 's';
		w.in_cgroup = !(wrong >> 4 & 1);
		assert_int_equal(passes(&c, &w), !wrong);
	}
	compiled_clear(&c);
}

static void check_parent(bool btf)
{
	struct program_text *s = new_source();
	struct compiled c;

	define_task(s);
	if (btf)
		program_text_define(s, "CURRENT_TASK_BTF", "1");
	program_text_define(s, "FILTER_PPID(id)",
			    "((id) == PARAMETER(%d) || (id) == PARAMETER(%d))",
			    program_text_parameter(s, 17), program_text_parameter(s, 0x80000001));
	c = compile_source(s);
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct world w = some_task();

		w.ppid = ids[i];
		assert_int_equal(passes(&c, &w), 0);
		w.ppid = i % 2 ? 17 : 0x80000001;
		assert_int_equal(passes(&c, &w), 1);
	}
	compiled_clear(&c);
}

/* The parent is found in the kernel's memory, however the running task is read. */
static void test_parent(void **state)
{
	(void)state;
	check_parent(false);
	check_parent(true);
}

static void check_effective_user(bool btf)
{
	struct program_text *s = new_source();
	struct compiled c;

	define_member(s, "task_struct", "cred", "struct cred *", CRED);
	define_member(s, "cred", "euid", "u32", EUID);
	if (btf)
		program_text_define(s, "CURRENT_TASK_BTF", "1");
	program_text_define(s, "FILTER_EUID(id)",
			    "((id) == PARAMETER(%d) || (id) == PARAMETER(%d))",
			    program_text_parameter(s, 17), program_text_parameter(s, 0x80000001));
	c = compile_source(s);
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct world w = some_task();

		w.uid = 17; /* the real user does not matter */
		w.euid = ids[i];
		assert_int_equal(passes(&c, &w), 0);
		w.euid = i % 2 ? 17 : 0x80000001;
		assert_int_equal(passes(&c, &w), 1);
	}
	compiled_clear(&c);
}

/* So is the effective user. */
static void test_effective_user(void **state)
{
	(void)state;
	check_effective_user(false);
	check_effective_user(true);
}

/* A process passes that is in the table of followed ones. */
static void test_followed(void **state)
{
	struct program_text *s = new_source();
	struct world w = some_task();
	struct compiled c;

	(void)state;
	define_task(s);
	program_text_define(s, "FOLLOW", "1");
	program_text_define(s, "FOLLOW_MAX", "100");
	program_text_define(s, "FOLLOW_FLAGS", "0");
	c = compile_source(s);
	assert_int_equal(passes(&c, &w), 0);
	w.followed[w.nfollowed++] = w.tid; /* processes are followed, not threads */
	assert_int_equal(passes(&c, &w), 0);
	w.followed[w.nfollowed++] = w.pid;
	assert_int_equal(passes(&c, &w), 1);
	/* One that is held is followed: what it does is for the program to tell. */
	w.state = FOLLOW_HELD;
	assert_int_equal(passes(&c, &w), 1);
	compiled_clear(&c);
}

/*
 * In a PID namespace two below the initial one: ids are those of that namespace, for tasks in it
 * and below it; others have the id 0.
 */
static void test_namespace(void **state)
{
	struct program_text *s = new_source();
	struct compiled c;

	(void)state;
	define_task(s);
	define_namespace(s);
	program_text_define(s, "FILTER_PID(id)", "((id) == PARAMETER(%d))",
			    program_text_parameter(s, 700));
	program_text_define(s, "FILTER_TID(id)", "((id) == PARAMETER(%d))",
			    program_text_parameter(s, 701));
	program_text_define(s, "FILTER_PPID(id)", "((id) == PARAMETER(%d))",
			    program_text_parameter(s, 17));
	c = compile_source(s);
	for (unsigned wrong = 0; wrong < 8; wrong++) {
		for (size_t level = 0; level < LEVELS; level++) {
			struct world w = some_task();

			w.level = level;
			w.ppid = 17 + (wrong & 1);
			w.pid += wrong >> 1 & 1;
			w.tid += wrong >> 2 & 1;
			assert_int_equal(passes(&c, &w), !wrong && level >= 2);
		}
	}
	compiled_clear(&c);
}

static void check_name(const struct compiled *c, const char *pattern, const char *name)
{
	struct world w = some_task();

	/* A name of 15 bytes and its NUL; what is behind a shorter one's NUL is not part of it. */
	memset(w.comm, '!', sizeof(w.comm));
	memcpy(w.comm, name, strlen(name) + 1);
	w.comm[15] = '\0';
	if (passes(c, &w) != (fnmatch(pattern, name, 0) == 0))
		fail_msg("'%s' and '%s'", pattern, name);
}

/* A glob matches the names that fnmatch(3) matches. */
static void test_names(void **state)
{
	static const char *const patterns[] = {
		"bash",
		"ba*",
		"*sh",
		"?",
		"*",
		"**a*",
		"",
		"b[a-c]s[!a]",
		"[!a-y]*",
		"*[0-9]",
		"[]x]*",
		"\\*",
		"py*3.1?",
		"*\xc3\xa9",
		"[\x80-\xff]*",
		"???????????????",
		"*5",
		"kworker/[0-9]*:*",
		"[^\xc3]*",
		"[z-a]*",
		"*a*a*a*",
		"[\x01-\x1f]*",
	};
	static const char *const names[] = {
		"",
		"a",
		"b",
		"z",
		"bash",
		"basz",
		"sh",
		"python3.11",
		"python3.1",
		"kworker/0:1",
		"kworker/u4:2-ev",
		"caf\xc3\xa9",
		"\xc3\xa9",
		"\xff",
		"\x80",
		"\x7f",
		"\x01",
		"]",
		"x",
		"*",
		"123456789012345",
		"aaaaaaaaaaaaaaa",
		"abababababababa",
		"bbbbbbbbbbbbbba",
		"12345678901234",
	};

	(void)state;
	for (size_t p = 0; p < COUNT(patterns); p++) {
		struct filter filter = FILTER_INIT;
		struct compiled c;

		filter.name = patterns[p];
		c = compile_filter(&filter);
		for (size_t n = 0; n < COUNT(names); n++)
			check_name(&c, patterns[p], names[n]);
		for (int byte = 1; byte < 256; byte++)
			check_name(&c, patterns[p], (const char[]){ (char)byte, '\0' });
		compiled_clear(&c);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),     cmocka_unit_test(test_ids),
		cmocka_unit_test(test_together), cmocka_unit_test(test_parent),
		cmocka_unit_test(test_followed), cmocka_unit_test(test_namespace),
		cmocka_unit_test(test_names),    cmocka_unit_test(test_effective_user),
	};

	become_nobody();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
