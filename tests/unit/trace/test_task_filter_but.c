/* SPDX-License-Identifier: MIT */
/* What filters leave out, as it is compiled: the instructions are run, here, for made-up tasks. */
#define _GNU_SOURCE
#include "filter_machine.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

/* An id is left out of all, or of those that are asked for. */
static void check_ids(enum filter_ids kind, bool some)
{
	static uint32_t these[] = { 700, 1000 }, but[] = { 5, 1000, 0xffffffff };
	static const uint32_t tried[] = {
		0, 4, 5, 6, 700, 999, 1000, 1001, 0xfffffffe, 0xffffffff
	};
	struct filter filter = FILTER_INIT;
	struct compiled c;

	if (some)
		filter.ids[kind] = (struct id_set){ these, COUNT(these) };
	filter.but.ids[kind] = (struct id_set){ but, COUNT(but) };
	c = compile_filter(&filter);
	for (size_t i = 0; i < COUNT(tried); i++) {
		struct world w = some_task();
		bool want = (!some || tried[i] == 700) && tried[i] != 5 && tried[i] != 1000 &&
			    tried[i] != 0xffffffff;

		*(kind == FILTER_PIDS ? &w.pid : kind == FILTER_TIDS ? &w.tid : &w.uid) = tried[i];
		assert_int_equal(passes(&c, &w), want);
	}
	compiled_clear(&c);
}

static void test_ids(void **state)
{
	(void)state;
	for (int some = 0; some < 2; some++) {
		check_ids(FILTER_PIDS, some);
		check_ids(FILTER_TIDS, some);
		check_ids(FILTER_UIDS, some);
	}
}

/* The patterns, the first one of names that count unless it is NULL. */
static void check_names(const char *kept, const char *one, const char *two, const char *three)
{
	static const char *const names[] = { "",
					     "a",
					     "ab",
					     "abc",
					     "bash",
					     "b",
					     "bab",
					     "cc1",
					     "cc1plus",
					     "c",
					     "aaaaaaaaaaaaaaa",
					     "baaaaaaaaaaaaaa",
					     "ca" };
	const char *but[] = { one, two, three };
	struct filter filter = FILTER_INIT;
	struct compiled c;

	filter.name = kept;
	while (filter.but.nnames < COUNT(but) && but[filter.but.nnames]) {
		filter.but.names[filter.but.nnames] = but[filter.but.nnames];
		filter.but.nnames++;
	}
	c = compile_filter(&filter);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct world w = some_task();
		bool want = !kept || fnmatch(kept, names[i], 0) == 0;

		for (size_t n = 0; n < filter.but.nnames; n++)
			want = want && fnmatch(but[n], names[i], 0) != 0;
		memset(w.comm, 0, sizeof(w.comm));
		memcpy(w.comm, names[i], strlen(names[i]));
		if (passes(&c, &w) != want)
			fail_msg("'%s' does not give %d", names[i], want);
	}
	compiled_clear(&c);
}

/* Patterns do not disturb each other, though they share the bits of one number. */
static void test_names(void **state)
{
	(void)state;
	check_names(NULL, "a*", NULL, NULL);
	check_names(NULL, "a*", "*1", "c");
	check_names("*", "a", "b*", "cc1");
	check_names("c*", "cc*", NULL, NULL);
	check_names("*a*", "*b*", "*c*", "?");
	check_names("???????????????", "a??????????????", "??????????????b", "???????????????");
	check_names("*a", "ba*", "??", "[ab]*b");
}

/* All at once: what is asked for must be so, and what is left out must not. */
static void test_together(void **state)
{
	uint32_t some = 1000, tid = 701;
	struct filter filter = FILTER_INIT;
	struct compiled c;

	(void)state;
	filter.ids[FILTER_UIDS] = (struct id_set){ &some, 1 };
	filter.but.ids[FILTER_TIDS] = (struct id_set){ &tid, 1 };
	filter.but.names[filter.but.nnames++] = "dash";
	c = compile_filter(&filter);
	for (unsigned wrong = 0; wrong < 8; wrong++) {
		struct world w = some_task();

		w.uid += wrong & 1;
		w.tid += !(wrong >> 1 & 1);
		w.comm[0] = wrong >> 2 & 1 ? 'd' : 'b';
		assert_int_equal(passes(&c, &w), !wrong);
	}
	compiled_clear(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_together),
	};

	become_nobody();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
