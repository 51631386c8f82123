/* SPDX-License-Identifier: MIT */
/* Flags of open(2): from names to tests and C, and from words to names. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "open_flags.h"

#if defined(__x86_64__)
#define LARGE 0100000u
#else
#define LARGE 0400000u
#endif

static const char *const all[] = {
	"O_RDONLY",   "O_WRONLY",  "O_RDWR",    "O_CREAT",     "O_EXCL",
	"O_NOCTTY",   "O_TRUNC",   "O_APPEND",  "O_NONBLOCK",  "O_DSYNC",
	"O_SYNC",     "O_ASYNC",   "O_DIRECT",  "O_LARGEFILE", "O_DIRECTORY",
	"O_NOFOLLOW", "O_NOATIME", "O_CLOEXEC", "O_PATH",      "O_TMPFILE",
};

/* ---- parsing ---- */

static struct open_flags_filter parsed(const char *list)
{
	struct open_flags_filter filter;
	struct error err = ERROR_INIT;

	memset(&filter, 0xff, sizeof(filter));
	filter.count = 0;
	assert_int_equal(open_flags_parse(list, &filter, &err), 0);
	return filter;
}

static void check_test(const char *name, uint64_t mask, uint64_t value)
{
	struct open_flags_filter filter = parsed(name);

	assert_int_equal(filter.count, 1);
	assert_true(filter.tests[0].mask == mask && filter.tests[0].value == value);
}

static void test_values(void **state)
{
	(void)state;
	check_test("O_RDONLY", 3, 0);
	check_test("O_WRONLY", 3, 1);
	check_test("O_RDWR", 3, 2);
	check_test("O_CREAT", 0100, 0100);
	check_test("O_EXCL", 0200, 0200);
	check_test("O_NOCTTY", 0400, 0400);
	check_test("O_TRUNC", 01000, 01000);
	check_test("O_APPEND", 02000, 02000);
	check_test("O_NONBLOCK", 04000, 04000);
	check_test("O_DSYNC", 010000, 010000);
	check_test("O_SYNC", 04010000, 04010000);
	check_test("O_ASYNC", 020000, 020000);
	check_test("O_DIRECT", O_DIRECT, O_DIRECT);
	check_test("O_LARGEFILE", LARGE, LARGE);
	check_test("O_DIRECTORY", O_DIRECTORY, O_DIRECTORY);
	check_test("O_NOFOLLOW", O_NOFOLLOW, O_NOFOLLOW);
	check_test("O_NOATIME", 01000000, 01000000);
	check_test("O_CLOEXEC", 02000000, 02000000);
	check_test("O_PATH", 010000000, 010000000);
	check_test("O_TMPFILE", 020000000 | O_DIRECTORY, 020000000 | O_DIRECTORY);
}

static void test_spellings(void **state)
{
	struct open_flags_filter filter;

	(void)state;
	check_test("creat", O_CREAT, O_CREAT);
	check_test("Creat", O_CREAT, O_CREAT);
	check_test("o_CREAT", O_CREAT, O_CREAT);
	filter = parsed("O_CREAT,rdwr,o_creat,CREAT,O_RDWR,sync");
	assert_int_equal(filter.count, 3);
	assert_true(filter.tests[0].mask == O_CREAT && filter.tests[1].mask == 3 &&
		    filter.tests[1].value == 2 && filter.tests[2].mask == O_SYNC);
}

/* --flags can be given again: each flag is there once, where it was first named. */
static void test_two_lists(void **state)
{
	struct open_flags_filter filter = parsed("creat,wronly");
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(open_flags_parse("O_TRUNC,O_CREAT,O_RDONLY", &filter, &err), 0);
	assert_int_equal(filter.count, 4);
	assert_true(filter.tests[0].value == O_CREAT && filter.tests[1].value == O_WRONLY &&
		    filter.tests[2].value == O_TRUNC && filter.tests[3].value == O_RDONLY);
	assert_int_equal(open_flags_parse("wronly", &filter, &err), 0);
	assert_int_equal(filter.count, 4);
}

/* All there are, twice, and all of them again. */
static void test_most(void **state)
{
	char list[1024] = "";
	struct open_flags_filter filter;
	struct error err = ERROR_INIT;
	char text[OPEN_FLAGS_EXPRESSION_MAX];
	int len;

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(all); i++) {
		strcat(list, i ? "," : "");
		strcat(list, all[i % COUNT(all)]);
	}
	filter = parsed(list);
	assert_int_equal(filter.count, COUNT(all));
	assert_int_equal(open_flags_parse(list, &filter, &err), 0);
	assert_int_equal(filter.count, COUNT(all));
	len = open_flags_expression(&filter, text, sizeof(text));
	assert_int_equal(len, strlen(text));
}

static void check_refused(const char *list, const char *name)
{
	struct open_flags_filter filter = { .count = 0 };
	struct error err = ERROR_INIT;
	char want[64];

	snprintf(want, sizeof(want), "'%s' is not a flag of open (there are: O_RDONLY, O_WRONLY, ",
		 name);
	assert_int_equal(open_flags_parse(list, &filter, &err), -EINVAL);
	assert_int_equal(err.code, -EINVAL);
	assert_memory_equal(err.text, want, strlen(want));
	for (size_t i = 0; i < COUNT(all); i++)
		assert_non_null(strstr(err.text, all[i]));
	assert_non_null(strstr(err.text, ", O_TMPFILE)"));
	error_clear(&err);
}

static void test_refused(void **state)
{
	(void)state;
	check_refused("", "");
	check_refused("O_", "O_");
	check_refused("O_CREAT,", "");
	check_refused(",O_CREAT", "");
	check_refused("O_CREAT,,O_EXCL", "");
	check_refused("O_CREA", "O_CREA");
	check_refused("O_CREATE", "O_CREATE");
	check_refused("O_O_CREAT", "O_O_CREAT");
	check_refused(" O_CREAT", " O_CREAT");
	check_refused("O_CREAT,O_ACCMODE", "O_ACCMODE");
	check_refused("O_CREAT|O_EXCL", "O_CREAT|O_EXCL");
}

/* ---- in C ---- */

static void check_expression(const char *list, const char *want)
{
	struct open_flags_filter filter = parsed(list);
	char text[OPEN_FLAGS_EXPRESSION_MAX];
	size_t len = strlen(want);

	assert_int_equal(open_flags_expression(&filter, text, sizeof(text)), len);
	assert_string_equal(text, want);
	for (size_t size = 0; size <= len; size++)
		assert_int_equal(open_flags_expression(&filter, text, size), -ENOSPC);
	assert_int_equal(open_flags_expression(&filter, text, len + 1), len);
}

static void test_expression(void **state)
{
	struct open_flags_filter none = { .count = 0 };
	char text[OPEN_FLAGS_EXPRESSION_MAX];

	(void)state;
	check_expression("rdwr,creat", "(((f) & 3) == 2 || ((f) & 64) == 64)");
	check_expression("O_RDONLY", "(((f) & 3) == 0)");
	check_expression("O_SYNC", "(((f) & 1052672) == 1052672)");
	assert_int_equal(open_flags_expression(&none, text, sizeof(text)), 3);
	assert_string_equal(text, "(1)");
	for (size_t i = 0; i < OPEN_FLAGS_MAX; i++)
		none.tests[none.count++] = (struct open_flags_test){ 1u << 31, 1u << 31 };
	assert_true(open_flags_expression(&none, text, sizeof(text)) > 0);
}

/* ---- names ---- */

static void check_names(uint64_t flags, const char *want)
{
	const char *names[OPEN_FLAGS_NAMES_MAX];
	char unknown[OPEN_FLAGS_UNKNOWN_MAX], got[1024] = "";
	size_t n = open_flags_names(flags, names, COUNT(names), unknown);

	for (size_t i = 0; i < n; i++) {
		strcat(got, i ? " " : "");
		strcat(got, names[i]);
	}
	assert_string_equal(got, want);
}

static void test_names(void **state)
{
	(void)state;
	check_names(0, "O_RDONLY");
	check_names(1, "O_WRONLY");
	check_names(2, "O_RDWR");
	check_names(3, "O_ACCMODE");
	check_names(O_CLOEXEC, "O_RDONLY O_CLOEXEC");
	check_names(O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, "O_WRONLY O_CREAT O_TRUNC O_CLOEXEC");
	check_names(O_DSYNC, "O_RDONLY O_DSYNC");
	check_names(O_SYNC, "O_RDONLY O_SYNC");
	check_names(O_SYNC & ~O_DSYNC, "O_RDONLY 0x100000");
	check_names(O_DIRECTORY, "O_RDONLY O_DIRECTORY");
	check_names(O_TMPFILE | O_RDWR, "O_RDWR O_TMPFILE");
	check_names(020000000, "O_RDONLY 0x400000");
	check_names(UINT64_C(1) << 63 | 4, "O_RDONLY 0x8000000000000004");
#if defined(__x86_64__)
	/* In the order of their values, which arm64 has others of. */
	check_names(LARGE | O_NOFOLLOW | O_DIRECT, "O_RDONLY O_DIRECT O_LARGEFILE O_NOFOLLOW");
	check_names(UINT32_MAX,
		    "O_ACCMODE O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_ASYNC "
		    "O_DIRECT O_LARGEFILE O_NOFOLLOW O_NOATIME O_CLOEXEC O_SYNC O_PATH O_TMPFILE "
		    "0xff80003c");
	check_names(UINT64_MAX,
		    "O_ACCMODE O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_ASYNC "
		    "O_DIRECT O_LARGEFILE O_NOFOLLOW O_NOATIME O_CLOEXEC O_SYNC O_PATH O_TMPFILE "
		    "0xffffffffff80003c");
#endif
}

/* Each flag has the name by which it is asked for. */
static void test_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct open_flags_filter filter = parsed(all[i]);
		char want[64];

		snprintf(want, sizeof(want), "%s%s", filter.tests[0].mask == 3 ? "" : "O_RDONLY ",
			 all[i]);
		check_names(filter.tests[0].value, want);
	}
}

static void test_little_room(void **state)
{
	const char *names[3] = { NULL, NULL, "untouched" };
	char unknown[OPEN_FLAGS_UNKNOWN_MAX];

	(void)state;
	assert_int_equal(open_flags_names(UINT64_MAX, names, 0, unknown), 0);
	assert_null(names[0]);
	assert_int_equal(open_flags_names(UINT64_MAX, names, 2, unknown), 2);
	assert_string_equal(names[1], "O_CREAT");
	assert_string_equal(names[2], "untouched");
}

static void test_makes(void **state)
{
	(void)state;
	assert_false(open_flags_makes(0));
	assert_false(open_flags_makes(O_DIRECTORY | O_TRUNC | O_RDWR));
	assert_true(open_flags_makes(O_CREAT));
	assert_true(open_flags_makes(O_TMPFILE));
	assert_true(open_flags_makes(020000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),      cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_two_lists),   cmocka_unit_test(test_most),
		cmocka_unit_test(test_refused),     cmocka_unit_test(test_expression),
		cmocka_unit_test(test_names),       cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_little_room), cmocka_unit_test(test_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
