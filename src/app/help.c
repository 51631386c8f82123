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

static const char *const headings[OPTION_GROUPS] = {
	[OPTIONS_SUBJECT] = "What to count or show:",
	[OPTIONS_TASKS] = "Which tasks (each filter given must match):",
	[OPTIONS_REPORT] = "Reports:",
	[OPTIONS_RUN] = "The run:",
	[OPTIONS_ABOUT] = "About the tool:",
};

static void print_group(const struct option_entries *entries, enum option_group group, FILE *out)
{
	bool is_empty = true;

	for (size_t i = 0; i < entries->count; i++) {
		if (entries->list[i]->group != group)
			continue;
		if (is_empty)
			fprintf(out, "%s\n", headings[group]);
		is_empty = false;
		print_entry(entries->list[i], out);
	}
	if (group == OPTIONS_RUN)
		fprintf(out,
			"  %-28s Start COMMAND, trace it and all its descendants, and stop "
			"when\n%31s"
			"it ends. Its output goes to standard error\n",
			"-- COMMAND [ARG...]", "");
	if (!is_empty)
		fputc('\n', out);
}

static void print_columns(const struct report_layout *layout, FILE *out)
{
	const char *usual = "";

	fprintf(out, "Columns to sort by, in any case:\n ");
	for (size_t i = 0; i < layout->ncolumns; i++) {
		const struct column *c = &layout->columns[i];

		if (report_can_sort(c))
			fprintf(out, " %s", report_sort_name(c));
		if (strcmp(c->key, layout->sort_key) == 0)
			usual = report_sort_name(c);
	}
	fprintf(out, " (default: %s)\n\n", usual);
}

void options_help(const struct tool *tool, FILE *out)
{
	struct option_entries entries;

	options_entries(tool, &entries);
	fprintf(out, "Usage: %s [OPTIONS] [-- COMMAND [ARG...]]\n\n%s\n\n", tool->name,
		tool->texts.purpose);
	for (int group = 0; group < OPTION_GROUPS; group++)
		print_group(&entries, (enum option_group)group, out);
	if (tool->layout.sort_key) {
		print_columns(&tool->layout, out);
		fprintf(out, "Keys on a terminal: q quits, space pauses, s sorts by the next "
			     "column, r reverses the order.\n\n");
	}
	fprintf(out, "%s\n\nExamples:\n%s\n", tool->texts.notes, tool->texts.examples);
}
