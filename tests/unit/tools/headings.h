/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of a tool's columns: the heading of a report, with every column there is and
 * the time in front, has no word twice.
 */
#ifndef HEADINGS_H
#define HEADINGS_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* The first line of a table; headings have no spaces. Release with free(). */
static inline char *heading_of(const struct report_layout *layout)
{
	struct report_options options = { .layout = *layout, .timestamp = layout->streaming };
	struct report *report = NULL;
	struct error err = ERROR_INIT;
	char *text = NULL;
	size_t len = 0;

	options.layout.active = 0;
	options.out = open_memstream(&text, &len);
	assert_non_null(options.out);
	assert_int_equal(report_new(&report, &options, &err), 0);
	assert_int_equal(report_start(report, &(struct report_start){ .tool = "x" }), 0);
	if (!layout->streaming)
		assert_int_equal(report_interval(report, &(struct report_interval){ .number = 1 }),
				 0);
	report_free(report);
	fclose(options.out);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* @first: a word that must be there */
static inline void check_headings(const struct report_layout *layout, const char *first)
{
	char *line = heading_of(layout), *rest = line;
	const char *words[64];
	size_t count = 0;
	bool found = false;

	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		for (size_t i = 0; i < count; i++)
			if (strcmp(words[i], word) == 0)
				fail_msg("two columns are called %s", word);
		assert_true(count < COUNT(words));
		words[count++] = word;
		found |= strcmp(word, first) == 0;
	}
	assert_true(found && count >= 3);
	free(line);
}

#endif
