/* SPDX-License-Identifier: MIT */
/* What the running kernel and the options put in front of a program, as #define lines. */
#define _GNU_SOURCE
#include "unit.h"

#include <string.h>

#include "errno_set.h"
#include "kernel_defines.h"

static struct errnos parsed(const char *list)
{
	struct errnos errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	if (errnos_add(&errnos, list, &err) < 0)
		fail_msg("%s: %s", list, err.text);
	return errnos;
}

static void check_define(const struct errnos *errnos, const char *want)
{
	struct error err = ERROR_INIT;
	struct source *source = NULL;
	const char *text;

	assert_int_equal(source_new_text(&source, "mine.bpf.c", "\n", &err), 0);
	define_errnos(source, errnos);
	assert_int_equal(source_text_whole(source, &text, &err), 0);
	if (want && !strstr(text, want))
		fail_msg("no '%s' in %s", want, text);
	if (!want)
		assert_null(strstr(text, "FILTER_ERRNO"));
	source_free(source);
}

static void test_define(void **state)
{
	struct errnos none = { .count = 0 }, one = parsed("ENOENT"),
		      some = parsed("EACCES,EPERM,2");

	(void)state;
	check_define(&none, NULL);
	check_define(&one, "#define FILTER_ERRNO(e) ((e) == 2)\n");
	check_define(&some, "#define FILTER_ERRNO(e) ((e) == 13 || (e) == 1 || (e) == 2)\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_define),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
