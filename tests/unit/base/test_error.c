/* SPDX-License-Identifier: MIT */
/* Errors: what is kept, replaced, cut and printed. */
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static void check_print(const struct error *e, const char *want)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	error_print(e, "bcc-x", out);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_set(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(e.code, 0);
	assert_int_equal(error_set(&e, -ENOENT, "map '%s': %d", "events", 7), -ENOENT);
	assert_int_equal(e.code, -ENOENT);
	assert_string_equal(e.text, "map 'events': 7");
	assert_string_equal(e.hint, "");
	assert_null(e.detail);
	check_print(&e, "bcc-x: map 'events': 7\n");
	error_hint(&e, "look");
	check_print(&e, "bcc-x: map 'events': 7; look\n");
	error_clear(&e);
}

/* Text of the user is escaped, so that it cannot control the terminal. */
static void test_print_escapes(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	error_set(&e, -ENOENT, "'%s': no such user", "a\033[2J\nbcc-x: b\xff");
	check_print(&e, "bcc-x: 'a\\e[2J\\nbcc-x: b\\xff': no such user\n");
	error_hint(&e, "not '%s'", "\r");
	check_print(&e, "bcc-x: 'a\\e[2J\\nbcc-x: b\\xff': no such user; not '\\r'\n");
	error_clear(&e);
}

/* A second failure leaves nothing of the first. */
static void test_replace(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	error_set(&e, -EINVAL, "first");
	assert_int_equal(error_hint(&e, "try %s", "again"), -EINVAL);
	error_detail(&e, "one", 3);
	error_detail(&e, "more\n", 5);
	check_print(&e, "bcc-x: first\nmore\nbcc-x: try again\n");
	assert_int_equal(error_set(&e, -EPERM, "second"), -EPERM);
	assert_string_equal(e.text, "second");
	assert_string_equal(e.hint, "");
	assert_null(e.detail);
	error_clear(&e);
	assert_int_equal(e.code, 0);
	assert_string_equal(e.text, "");
}

static void test_detail(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	error_set(&e, -EINVAL, "x");
	error_detail(&e, "a b\n\n \t\r\n", 9);
	assert_string_equal(e.detail, "a b");
	error_detail(&e, "abcdef", 3);
	assert_string_equal(e.detail, "abc");
	error_detail(&e, " \n\t", 3);
	assert_null(e.detail);
	error_detail(&e, "", 0);
	assert_null(e.detail);
	error_clear(&e);
}

static void test_long(void **state)
{
	struct error e = ERROR_INIT;
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(error_set(&e, -E2BIG, "%s", text), -E2BIG);
	error_hint(&e, "%s", text);
	assert_string_equal(e.text + sizeof(e.text) - 1 - 3, "xxx");
	/* The reason at the end is kept. */
	error_set(&e, -ENOENT, "file %s: ENOENT", text);
	assert_memory_equal(e.text, "file xxx", 8);
	assert_non_null(strstr(e.text, "xxx...xxx"));
	assert_non_null(strstr(e.text, "xxx: ENOENT"));
	error_hint(&e, "%s", text);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_int_equal(strlen(e.hint), sizeof(e.hint) - 1);
	error_clear(&e);
}

static void test_name(void **state)
{
	(void)state;
	assert_string_equal(error_name(ENOENT), "ENOENT");
	assert_string_equal(error_name(-ENOENT), "ENOENT");
	assert_string_equal(error_name(-EAGAIN), "EAGAIN");
	/* Errnos inside the kernel, for which the C library has no names. */
	assert_string_equal(error_name(-524), "ENOTSUPP");
	assert_string_equal(error_name(512), "ERESTARTSYS");
	assert_string_equal(error_name(600), "E?");
	assert_string_equal(error_name(100000), "E?");
	assert_string_equal(error_name(INT_MIN), "E?");
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(error_words(-ENOSPC), "no space left on device (ENOSPC)");
	assert_string_equal(error_words(EIO), "input/output error (EIO)");
	/* Only the kernel knows these, so there are no words. */
	assert_string_equal(error_words(524), "ENOTSUPP");
	assert_string_equal(error_words(INT_MIN), "E?");
	/* None is cut. */
	for (int number = 1; number < 200; number++) {
		struct error_phrase phrase = error_words_of(number);

		assert_true(!error_is_named(number) || strstr(phrase.text, error_name(number)));
		assert_true(strlen(phrase.text) < sizeof(phrase.text) - 1);
	}
}

static void test_nomem(void **state)
{
	struct error e = ERROR_INIT;

	(void)state;
	assert_int_equal(error_nomem(&e), -ENOMEM);
	assert_int_equal(e.code, -ENOMEM);
	check_print(&e, "bcc-x: out of memory\n");
	error_clear(&e);
}

/* The last lines of another program's output, without blank lines at the end. */
static void test_detail_end(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	error_set(&err, -EACCES, "x");
	error_detail_end(&err, "one\ntwo\nthree\n\n", 2);
	assert_string_equal(err.detail, "two\nthree");
	error_detail_end(&err, "one\ntwo\n", 9);
	assert_string_equal(err.detail, "one\ntwo");
	error_detail_end(&err, "\nlast", 1);
	assert_string_equal(err.detail, "last");
	error_detail_end(&err, "\n \n", 3);
	assert_null(err.detail);
	error_clear(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detail_end), cmocka_unit_test(test_set),
		cmocka_unit_test(test_replace),    cmocka_unit_test(test_print_escapes),
		cmocka_unit_test(test_detail),     cmocka_unit_test(test_long),
		cmocka_unit_test(test_name),       cmocka_unit_test(test_nomem),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
