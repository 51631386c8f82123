/* SPDX-License-Identifier: MIT */
/* The filters as they were given, for the `start` record and the live view. See options.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* What `!1,2` means, in full: `!1,!2`. The caller frees it. */
static char *spell_out(const char *value)
{
	char *text = malloc(2 * strlen(value) + 1), *to = text;

	for (const char *from = value; text && *from; from++) {
		*to++ = *from;
		if (*value == '!' && *from == ',' && from[1] != '!')
			*to++ = '!';
	}
	if (text)
		*to = '\0';
	return text;
}

/* What is left out stands last: a list that begins with ! would leave out the rest, too. */
static char *join(const char *before, const char *value)
{
	bool last = *value == '!' || *before != '!';
	char *joined;

	if (!*before)
		return strdup(value);
	if (asprintf(&joined, "%s,%s", last ? before : value, last ? value : before) < 0)
		return NULL;
	return joined;
}

/* Another name or cgroup takes the place of the one before, and not of those that are left out. */
static char *replace(const char *before, const char *value)
{
	const char *left_out = *before == '!' ? before : strstr(before, ",!");

	if (*value == '!')
		return join(before, value);
	return left_out ? join(left_out + (*left_out == ','), value) : strdup(value);
}

static char *text_of(const struct option_entry *entry, const char *before, const char *value)
{
	char *full, *text;

	if (entry->id == OPT_NAME || entry->id == OPT_CGROUP)
		return replace(before, value);
	full = spell_out(value);
	text = full ? join(before, full) : NULL;
	free(full);
	return text;
}

int options_remember_filter(struct options *o, const struct option_entry *entry, const char *value,
			    struct error *err)
{
	size_t at = 0;
	char *text;

	while (at < o->ngiven && strcmp(o->given[at][0], entry->name) != 0)
		at++;
	if (at == FILTER_PAIRS_MAX)
		return 0;
	text = text_of(entry, at < o->ngiven ? o->given[at][1] : "", value ? value : "");
	if (!text)
		return error_nomem(err);
	if (at == o->ngiven)
		o->ngiven++;
	else
		free((char *)o->given[at][1]);
	o->given[at][0] = entry->name;
	o->given[at][1] = text;
	return 0;
}
