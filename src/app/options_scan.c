/* SPDX-License-Identifier: MIT */
/* The words of a command line, and the options that they are. See options.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "suggest.h"
#include "tool.h"

void options_entries(const struct tool *tool, struct option_entries *entries)
{
	entries->count = 0;
	for (size_t i = 0; i < tool->options->count; i++)
		entries->list[entries->count++] = &tool->options->entries[i];
	for (size_t i = 0; i < options_common_count; i++)
		entries->list[entries->count++] = &options_common[i];
}

/* What getopt_long() works with; val is the entry's index + 1, as short options return their
 * letter. */
static void getopt_tables(const struct option_entries *entries, struct option *longs, char *shorts)
{
	*shorts++ = '+';
	*shorts++ = ':';
	for (size_t i = 0; i < entries->count; i++) {
		const struct option_entry *e = entries->list[i];

		longs[i] = (struct option){ e->name, e->value ? required_argument : no_argument,
					    NULL, OPTION_OWN + (int)i };
		if (e->letter) {
			*shorts++ = e->letter;
			if (e->value)
				*shorts++ = ':';
		}
	}
	longs[entries->count] = (struct option){ NULL, 0, NULL, 0 };
	*shorts = '\0';
}

static const struct option_entry *entry_of(const struct option_entries *entries, int c)
{
	if (c >= OPTION_OWN)
		return entries->list[c - OPTION_OWN];
	for (size_t i = 0; i < entries->count; i++)
		if (entries->list[i]->letter == c)
			return entries->list[i];
	return NULL;
}

/* A long option that does not exist, or of which there are several that begin so. */
static int unknown_name(const struct option_entries *entries, const char *word, struct error *err)
{
	char typed[64], meant[128];
	struct suggest suggest = { .typed = typed };

	snprintf(typed, sizeof(typed), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	for (size_t i = 0; i < entries->count; i++)
		suggest_consider(&suggest, entries->list[i]->name);
	suggest_text(&suggest, "--", meant, sizeof(meant));
	return error_set(err, -EINVAL, "%s: no such option%s", word, meant);
}

static int unknown_option(const struct option_entries *entries, char *const *argv, int c,
			  struct error *err)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		return error_set(err, -EINVAL, "%s needs a value", word);
	if (optopt && optopt < 256)
		return error_set(err, -EINVAL, "-%c: no such option", optopt);
	if (optopt)
		return error_set(err, -EINVAL, "%s: takes no value", word);
	return unknown_name(entries, word, err);
}

/* A `--` may also be an option's value. */
int options_scan(const struct tool *tool, int argc, char *const *argv, option_handler *handle,
		 void *context, bool *dashes, struct error *err)
{
	struct option longs[OPTION_ENTRIES_MAX + 1];
	char shorts[2 * OPTION_ENTRIES_MAX + 3];
	struct option_entries entries;
	int c, end = 1, r = 0;

	options_entries(tool, &entries);
	getopt_tables(&entries, longs, shorts);
	opterr = 0;
	optind = 0;
	while (r == 0 && (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_entry *entry =
			c == '?' || c == ':' ? NULL : entry_of(&entries, c);

		if (!entry)
			return unknown_option(&entries, argv, c, err);
		r = handle(context, entry, optarg, err);
		end = optind;
	}
	*dashes = optind > end;
	return r;
}
