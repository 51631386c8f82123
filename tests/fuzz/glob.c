/* SPDX-License-Identifier: MIT */
/* A glob in the first line, a name in the rest: does it match exactly when fnmatch(3) says so? */
#define _GNU_SOURCE
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "glob.h"
#include "task_filter.h"

enum {
	TEXT_MAX = 200, /* fnmatch(3) takes exponential time for many stars */
	STARS_MAX = 6,
};

/* In brackets the two differ: fnmatch(3) knows classes of characters and the order of a locale. */
static bool is_comparable(const char *pattern)
{
	size_t stars = 0;

	for (const char *p = pattern; *p; p++)
		stars += *p == '*';
	return stars <= STARS_MAX && strlen(pattern) < TEXT_MAX && !strchr(pattern, '[') &&
	       (!*pattern || pattern[strlen(pattern) - 1] != '\\');
}

static void check_glob(const char *pattern, const char *name)
{
	struct error err = ERROR_INIT;
	struct program_text *source;
	struct glob glob;
	const char *text;
	bool matches;
	int r = glob_parse(&glob, pattern);

	HOLDS(r == 0 || r == -EINVAL || r == -ERANGE);
	if (r < 0)
		return;
	HOLDS(glob.count < GLOB_ELEMENTS_MAX && glob.stars >> glob.count < 2);
	matches = glob_matches(&glob, name, strlen(name));
	if (is_comparable(pattern))
		HOLDS(matches == (fnmatch(pattern, name, 0) == 0));
	HOLDS(program_text_new_from(&source, "none", "", &err) == 0);
	filter_define_names(&glob, 1, 1, source);
	HOLDS(program_text_whole(source, &text, &err) == 0 && strstr(text, "FILTER_NAME_END"));
	HOLDS(is_safe(text, strlen(text), true));
	program_text_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	char *pattern = input_text(&input, '\n'), *name = input_text(&input, '\0');

	if (strlen(name) < TEXT_MAX)
		check_glob(pattern, name);
	free(pattern);
	free(name);
	return 0;
}
