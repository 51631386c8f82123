/* SPDX-License-Identifier: MIT */
/* What the running kernel and the options put in front of a program, as #define lines. */
#define _GNU_SOURCE
#include "unit.h"

#include <string.h>

#include "errno_set.h"
#include "kernel_defines.h"

static struct errno_set parsed(const char *list)
{
	struct errno_set errnos = { .count = 0 };
	struct error err = ERROR_INIT;

	if (errno_set_add(&errnos, list, &err) < 0)
		fail_msg("%s: %s", list, err.text);
	return errnos;
}

static void check_define(const struct errno_set *errnos, const char *want)
{
	struct error err = ERROR_INIT;
	struct program_text *source = NULL;
	const char *text;

	assert_int_equal(program_text_new_from(&source, "mine.bpf.c", "\n", &err), 0);
	kernel_define_errnos(source, errnos);
	assert_int_equal(program_text_whole(source, &text, &err), 0);
	if (want && !strstr(text, want))
		fail_msg("no '%s' in %s", want, text);
	if (!want)
		assert_null(strstr(text, "FILTER_ERRNO"));
	program_text_free(source);
}

static void test_define(void **state)
{
	struct errno_set none = { .count = 0 }, one = parsed("ENOENT"),
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
