/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of a tool's options: command lines that it accepts, and command lines that it
 * rejects with an error that names an option.
 */
#ifndef USAGE_H
#define USAGE_H

#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "tool.h"

/**
 * struct usage - a command line
 * @words: separated by spaces; "''" is an empty word
 * @error: how the error begins; NULL: there is none
 */
struct usage {
	const char *words;
	const char *error;
};

static inline int parse_words(const struct tool *tool, const char *words, struct error *err)
{
	char text[256], name[] = "tool", *argv[32] = { name }, *rest = text;
	struct options options;
	void *state = calloc(1, tool->options->size + 1);
	int argc = 1, r;

	assert_non_null(state);
	snprintf(text, sizeof(text), "%s", words);
	for (char *word; (word = strsep(&rest, " "));) {
		assert_true((size_t)argc < COUNT(argv) - 1);
		argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
	}
	argv[argc] = NULL;
	r = options_parse(&options, tool, state, argc, argv, err);
	options_clear(&options);
	if (tool->options->clear)
		tool->options->clear(state);
	free(state);
	return r;
}

static inline void check_usage(const struct tool *tool, const struct usage *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *want = lines[i].error;
		struct error err = ERROR_INIT;
		int r = parse_words(tool, lines[i].words, &err);

		if (!want && r < 0)
			fail_msg("'%s': %s", lines[i].words, err.text);
		if (want && (r != -EINVAL || strncmp(err.text, want, strlen(want)) != 0))
			fail_msg("'%s': %d, '%s'", lines[i].words, r, err.text);
		error_clear(&err);
	}
}

#endif
