/* SPDX-License-Identifier: MIT */
/*
 * The text of --help, from the same table that parsing goes by. The short one has the usual
 * options, a line each, and fits the screen of a terminal; `--help all` has everything. No line is
 * wider than 80 columns. See options.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "tool.h"

enum {
	LEFT = 26, /* columns of an option and its value */
	TEXT = 30, /* where its text begins */
	WIDTH = 80,
};

static const char *const headings[OPTION_GROUPS] = {
	[OPTIONS_SUBJECT] = "What to count or show:",
	[OPTIONS_TASKS] = "Which tasks (each filter given must match):",
	[OPTIONS_REPORT] = "Reports:",
	[OPTIONS_RUN] = "The run:",
	[OPTIONS_ABOUT] = "About the tool:",
};

static bool is_usual(const struct option_entry *e, const struct tool *tool)
{
	return e->help_in == HELP_USUAL || (e->help_in == HELP_OF_ROWS && !tool->layout.streaming);
}

static void print_entry(const struct option_entry *e, bool all, FILE *out)
{
	char left[64];
	const char *text = e->help;

	snprintf(left, sizeof(left), "%c%c%c --%s%s%s", e->letter ? '-' : ' ',
		 e->letter ? e->letter : ' ', e->letter ? ',' : ' ', e->name, e->value ? " " : "",
		 e->value ? e->value : "");
	fprintf(out, "  %-*s  ", LEFT, left);
	for (;;) {
		size_t len = strcspn(text, "\n");

		fprintf(out, "%.*s\n", (int)len, text);
		if (!text[len] || !all)
			return;
		text += len + 1;
		fprintf(out, "%*s", TEXT, "");
	}
}

static void print_command(bool all, FILE *out)
{
	fprintf(out, "  %-*s  ", LEFT, "-- COMMAND [ARG...]");
	if (all)
		fprintf(out,
			"Start COMMAND, trace it and all its descendants,\n%*sand stop when it "
			"ends. Its output goes to\n%*sstandard error\n",
			TEXT, "", TEXT, "");
	else
		fputs("Trace this command and all its descendants\n", out);
}

/* The short help may have nothing of a group: then it has no heading. */
static void print_group(const struct tool *tool, enum option_group group, bool all, FILE *out)
{
	struct option_entries entries;
	bool is_empty = true;

	options_entries(tool, &entries);
	for (size_t i = 0; i < entries.count; i++) {
		const struct option_entry *e = entries.list[i];

		if (e->group != group || (!all && !is_usual(e, tool)))
			continue;
		if (is_empty)
			fprintf(out, "%s\n", headings[group]);
		is_empty = false;
		print_entry(e, all, out);
	}
	if (group == OPTIONS_RUN)
		print_command(all, out);
	if (all && !is_empty)
		fputc('\n', out);
}

/* Return: the column behind @word, which goes onto a new line if there is no room for it. */
static size_t print_word(const char *word, size_t at, FILE *out)
{
	size_t len = strlen(word) + 1;

	if (at + len > WIDTH) {
		fputs("\n ", out);
		at = 1;
	}
	fprintf(out, " %s", word);
	return at + len;
}

static void print_columns(const struct report_layout *layout, FILE *out)
{
	const char *usual = "";
	char text[64];
	size_t at = 1;

	fprintf(out, "Columns to sort by, in any case:\n ");
	for (size_t i = 0; i < layout->ncolumns; i++) {
		const struct column *c = &layout->columns[i];

		if (report_can_sort(c))
			at = print_word(report_sort_name(c), at, out);
		if (strcmp(c->key, layout->sort_key) == 0)
			usual = report_sort_name(c);
	}
	snprintf(text, sizeof(text), "(default: %s)", usual);
	print_word(text, at, out);
	fputs("\n\n", out);
}

static void print_rest(const struct tool *tool, FILE *out)
{
	if (tool->layout.sort_key) {
		print_columns(&tool->layout, out);
		fputs("Keys on a terminal: q quits, space pauses, s sorts by the next column,\n"
		      "enter opens the row under the cursor, ? shows all keys.\n\n",
		      out);
	}
	fprintf(out, "%s\n\nExamples:\n%s\n\n", tool->texts.notes, tool->texts.examples);
}

void options_help(const struct tool *tool, bool all, FILE *out)
{
	const char *space = all ? "\n" : "";

	fprintf(out, "Usage: %s [OPTIONS] [-- COMMAND [ARG...]]\n%s%s\n%s", tool->name, space,
		tool->texts.purpose, space);
	for (int group = 0; group < OPTION_GROUPS; group++)
		print_group(tool, (enum option_group)group, all, out);
	if (all)
		print_rest(tool, out);
	else
		fprintf(out, "\n\"%s --help all\" lists all options. ", tool->name);
	fprintf(out, "\"man %s\" explains %s.\n", tool->name,
		all ? "every option and column" : "them");
}
