/* SPDX-License-Identifier: MIT */
/* Fixture for tests of program_resolve(): exact text in, exact text out. */
#ifndef RESOLVING_H
#define RESOLVING_H

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "program_resolve.h"

/* A function that refers to @names, so that what they stand for stays. */
#define USES(names) "int kprobe__f(void *ctx)\n{\n\treturn " names ";\n}\n"
#define HEAD(file) "#line 1 \"programs/" file "\"\n"
static inline char *resolve(const char *text, const char *const *functions, bool places)
{
	struct resolve_request request = { text, functions, places };
	struct error err = ERROR_INIT;
	char *resolved = NULL;

	assert_int_equal(program_resolve(&resolved, &request, &err), 0);
	assert_int_equal(err.code, 0);
	return resolved;
}

/* To resolve it once more changes nothing. */
static inline void check(const char *text, const char *expected)
{
	char *once = resolve(text, NULL, false), *again;

	assert_string_equal(once, expected);
	again = resolve(once, NULL, false);
	assert_string_equal(again, once);
	free(once);
	free(again);
}

static inline void check_stays(const char *text)
{
	check(text, text);
}

static inline void check_fails(const char *text, const char *message)
{
	struct resolve_request request = { .text = text };
	struct error err = ERROR_INIT;
	char *resolved = NULL;

	assert_int_equal(program_resolve(&resolved, &request, &err), -EINVAL);
	assert_null(resolved);
	assert_string_equal(err.text, message);
	error_clear(&err);
}

#endif
