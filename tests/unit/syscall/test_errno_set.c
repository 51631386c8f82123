/* SPDX-License-Identifier: MIT */
/* A set of errnos: from names and numbers to a C expression, and the names that reports show. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "errno_set.h"

static struct errno_set parsed(const char *list)
{
	struct errno_set errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	if (errno_set_add(&errnos, list, &err) < 0)
		fail_msg("%s: %s", list, err.text);
	return errnos;
}

static void check_one(const char *word, int number)
{
	struct errno_set errnos = parsed(word);

	assert_int_equal(errnos.count, 1);
	assert_int_equal(errnos.numbers[0], number);
}

static void test_names(void **state)
{
	(void)state;
	check_one("ENOENT", ENOENT);
	check_one("enoent", ENOENT);
	check_one("EHWPOISON", EHWPOISON);
	/* Synonyms. */
	check_one("EAGAIN", EAGAIN);
	check_one("EWOULDBLOCK", EAGAIN);
	check_one("ewouldblock", EAGAIN);
	check_one("ENOTSUP", EOPNOTSUPP);
	check_one("EOPNOTSUPP", EOPNOTSUPP);
	check_one("EDEADLOCK", EDEADLK);
	/* An errno that the kernel returns, but that no program sees. */
	check_one("ERESTARTSYS", 512);
}

static void test_numbers(void **state)
{
	(void)state;
	check_one("1", EPERM);
	check_one("13", EACCES);
	check_one("4095", 4095);
}

/* Errnos keep their order, and are added to those in the set. */
static void test_lists(void **state)
{
	struct errno_set errnos = parsed("EACCES,2,EPERM");
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(errno_set_add(&errnos, "ELOOP", &err), 0);
	assert_int_equal(errnos.count, 4);
	assert_true(errnos.numbers[0] == EACCES && errnos.numbers[1] == ENOENT &&
		    errnos.numbers[2] == EPERM && errnos.numbers[3] == ELOOP);
}

static void check_refused(const char *list, const char *text)
{
	struct errno_set errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	if (errno_set_add(&errnos, list, &err) != -EINVAL || err.code != -EINVAL)
		fail_msg("'%s' is not refused", list);
	if (!strstr(err.text, text))
		fail_msg("'%s': %s", list, err.text);
	error_clear(&err);
}

static void test_refused(void **state)
{
	(void)state;
	check_refused("", "'' is not an errno (a name such as ENOENT, or 1 to 4095)");
	check_refused("ENOENT,", "'' is not");
	check_refused(",ENOENT", "'' is not");
	check_refused("ENOENT,,EACCES", "'' is not");
	check_refused("ENOENT ", "'ENOENT ' is not");
	check_refused("NOENT", "'NOENT' is not");
	check_refused("ENOENTS", "'ENOENTS' is not");
	check_refused("ENOENT,ENOSUCH", "'ENOSUCH' is not");
	check_refused("0", "'0' is not");
	check_refused("4096", "'4096' is not");
	check_refused("-2", "'-2' is not");
	check_refused("0x2", "'0x2' is not");
	check_refused("18446744073709551618", "'18446744073709551618' is not");
	/* "E?" stands for a number without a name, and is no name. */
	check_refused("E?", "'E?' is not");
}

static void test_many(void **state)
{
	struct errno_set errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	(void)state;
	for (int i = 1; i <= ERRNO_SET_MAX; i++) {
		char number[8];

		snprintf(number, sizeof(number), "%d", i);
		assert_int_equal(errno_set_add(&errnos, number, &err), 0);
		/* An errno that is in the set already takes no place. */
		assert_int_equal(errno_set_add(&errnos, "1", &err), 0);
	}
	assert_int_equal(errno_set_add(&errnos, "4095", &err), -EINVAL);
	assert_non_null(strstr(err.text, "more than 64"));
	assert_int_equal(errnos.count, ERRNO_SET_MAX);
}

/* ---- in C ---- */

static void check_expression(const struct errno_set *errnos, const char *want)
{
	char buf[ERRNO_SET_EXPRESSION_MAX];

	assert_string_equal(errno_set_expression(errnos, buf), want);
}

static void test_expression(void **state)
{
	struct errno_set none = { .count = 0 }, one = parsed("ENOENT"),
			 some = parsed("EACCES,EPERM,2");

	(void)state;
	check_expression(&none, "");
	check_expression(&one, "((e) == 2)");
	check_expression(&some, "((e) == 13 || (e) == 1 || (e) == 2)");
}

/* The largest number of errnos, each with four digits. */
static void test_longest_expression(void **state)
{
	struct errno_set errnos = { .count = ERRNO_SET_MAX };
	char want[ERRNO_SET_MAX * 20] = "(";

	(void)state;
	for (int i = 0; i < ERRNO_SET_MAX; i++) {
		errnos.numbers[i] = 4095;
		strcat(want, i ? " || (e) == 4095" : "(e) == 4095");
	}
	strcat(want, ")");
	check_expression(&errnos, want);
}

/* ---- names ---- */

static void test_text(void **state)
{
	char buf[ERRNO_TEXT_MAX];

	(void)state;
	assert_string_equal(errno_text(ENOENT, buf), "ENOENT");
	assert_string_equal(errno_text(512, buf), "ERESTARTSYS");
	assert_string_equal(errno_text(4000, buf), "4000");
	assert_string_equal(errno_text(UINT16_MAX, buf), "65535");
}

/* Whatever a report shows can be asked for. */
static void test_there_and_back(void **state)
{
	(void)state;
	for (int number = 1; number <= 4095; number++) {
		char buf[ERRNO_TEXT_MAX];

		check_one(errno_text((uint16_t)number, buf), number);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_expression),
		cmocka_unit_test(test_longest_expression),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
