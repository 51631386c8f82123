/* SPDX-License-Identifier: MIT */
/*
 * Texts of programs. Whatever they hold, they are resolved or found to have conditionals that are
 * not nested; what is resolved has no conditional that could be decided, so to resolve it once more
 * changes nothing. Nothing is read beyond the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "program_resolve.h"

static char *resolve(const char *text, const char *const *functions, bool places)
{
	struct resolve_request request = { text, functions, places };
	struct error err = ERROR_INIT;
	char *resolved = NULL;
	int r = program_resolve(&resolved, &request, &err);

	HOLDS(r == 0 || r == -EINVAL);
	HOLDS((r == 0) == (resolved != NULL) && (r == 0) == (err.code == 0));
	error_clear(&err);
	return resolved;
}

static void check(const char *text, const char *const *functions)
{
	char *once = resolve(text, functions, false), *again;

	free(resolve(text, functions, true));
	if (!once)
		return;
	HOLDS(strlen(once) <= 2 * strlen(text) + 2);
	again = resolve(once, functions, false);
	HOLDS(again && strcmp(once, again) == 0);
	free(once);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const functions[] = { "kprobe__f", NULL };
	struct input input = { data, size };
	char *text = input_text(&input, '\0');

	check(text, NULL);
	check(text, functions);
	free(text);
	return 0;
}
