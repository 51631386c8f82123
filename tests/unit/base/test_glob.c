/* SPDX-License-Identifier: MIT */
/* Globs: glob_matches() must say what fnmatch(3) says. */
#define _GNU_SOURCE
#include "glob_patterns.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "glob.h"

/* Each pattern against each name: fnmatch(3) is the judge. */
static void judge(const char *pattern, const struct glob *glob, const char *name)
{
	bool want = fnmatch(pattern, name, 0) == 0;

	if (glob_matches(glob, name, strlen(name)) != want)
		fail_msg("'%s' and '%s': fnmatch says %d", pattern, name, want);
}

static void parse(struct glob *glob, const char *pattern)
{
	if (glob_parse(glob, pattern) != 0)
		fail_msg("'%s' is not accepted", pattern);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(glob_patterns); i++) {
		struct glob glob;

		parse(&glob, glob_patterns[i]);
		for (size_t n = 0; n < COUNT(glob_names); n++)
			judge(glob_patterns[i], &glob, glob_names[n]);
	}
}

/* Each single byte against brackets with an edge at each byte. */
static void test_bytes(void **state)
{
	(void)state;
	for (int low = 1; low < 256; low++) {
		struct glob glob;
		char pattern[16];

		glob_edge_pattern(pattern, sizeof(pattern), low);
		parse(&glob, pattern);
		for (int c = 1; c < 256; c++)
			judge(pattern, &glob, (const char[]){ (char)c, '\0' });
	}
}

static void test_random(void **state)
{
	size_t accepted = 0, matched = 0;
	uint32_t seed = 3;

	(void)state;
	for (int round = 0; round < 6000; round++) {
		char pattern[12], name[8];
		struct glob glob;

		glob_random_pattern(pattern, &seed);
		/* fnmatch(3) takes an open [ and a final \ literally. */
		if (glob_parse(&glob, pattern) != 0 ||
		    (*pattern && pattern[strlen(pattern) - 1] == '\\'))
			continue;
		accepted++;
		for (int n = 0; n < 20; n++) {
			glob_random_name(name, &seed);
			judge(pattern, &glob, name);
			matched += fnmatch(pattern, name, 0) == 0;
		}
	}
	assert_true(accepted > 2000);
	assert_true(matched > 1000);
}

static void test_refused(void **state)
{
	static const char *const open[] = { "[",  "[a",  "a[",  "[!",   "[^",
					    "[]", "[!]", "[a-", "[\\]", "*[a-z" };
	struct glob glob;

	(void)state;
	for (size_t i = 0; i < COUNT(open); i++)
		assert_int_equal(glob_parse(&glob, open[i]), -EINVAL);
}

/* The longest pattern that is accepted, and one element more; stars do not count. */
static void test_long(void **state)
{
	char pattern[3 * GLOB_ELEMENTS_MAX] = "", name[GLOB_ELEMENTS_MAX];
	struct glob glob;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (int i = 0; i < GLOB_ELEMENTS_MAX - 1; i++)
		strcat(pattern, "*x");
	parse(&glob, pattern);
	assert_true(glob_matches(&glob, name, GLOB_ELEMENTS_MAX - 1));
	assert_false(glob_matches(&glob, name, GLOB_ELEMENTS_MAX - 2));
	strcat(pattern, "*");
	parse(&glob, pattern);
	assert_true(glob_matches(&glob, name, GLOB_ELEMENTS_MAX));
	strcat(pattern, "x");
	assert_int_equal(glob_parse(&glob, pattern), -ERANGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),  cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_random), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
