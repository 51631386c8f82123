/* SPDX-License-Identifier: MIT */
/* The text of --help, from the same table that parsing goes by. See options.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "tool.h"

static void print_entry(const struct option_entry *e, FILE *out)
{
	char left[64];
	const char *text = e->help;

	snprintf(left, sizeof(left), "%c%c%c --%s%s%s", e->letter ? '-' : ' ',
		 e->letter ? e->letter : ' ', e->letter ? ',' : ' ', e->name, e->value ? " " : "",
		 e->value ? e->value : "");
	fprintf(out, "  %-28s ", left);
	for (;;) {
		size_t len = strcspn(text, "\n");

		fprintf(out, "%s%.*s\n",
			strlen(left) > 28 && text == e->help ? "\n                               "
							     : "",
			(int)len, text);
		if (!text[len])
			return;
		text += len + 1;
		fprintf(out, "%31s", "");
	}
}

void options_help(const struct tool *tool, FILE *out)
{
	struct option_entries entries;

	options_entries(tool, &entries);
	fprintf(out, "Usage: %s [OPTIONS] [-- COMMAND [ARG...]]\n\n%s\n\n", tool->name,
		tool->texts.purpose);
	for (size_t i = 0; i < entries.count; i++)
		print_entry(entries.list[i], out);
	fprintf(out,
		"  %-28s start COMMAND, trace it and all its descendants, end when it ends;\n%31s"
		"its output goes to standard error\n\n",
		"-- COMMAND [ARG...]", "");
	if (tool->layout.sort_key) {
		fprintf(out, "Columns to sort by:");
		for (size_t i = 0; i < tool->layout.ncolumns; i++)
			if (report_can_sort(&tool->layout.columns[i]))
				fprintf(out, " %s", tool->layout.columns[i].key);
		fprintf(out, " (default: %s)\n\n", tool->layout.sort_key);
		fprintf(out, "On a terminal: q quits, space pauses, s sorts by the next column, r "
			     "reverses the order.\n\n");
	}
	fprintf(out, "%s\n\nExamples:\n%s\n", tool->texts.notes, tool->texts.examples);
}
