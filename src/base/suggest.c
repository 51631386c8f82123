/* SPDX-License-Identifier: MIT */
/* Suggestions for a name that was mistyped. See suggest.h. */
#include "suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	LEN_MAX = 48, /* a longer name is similar to nothing */
	SHORT = 3,    /* up to this length, two changes turn nearly any name into any other */
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The Damerau-Levenshtein distance: how many letters have to be inserted, left out, replaced or
 * swapped with the next one to turn @a into @b.
 */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][LEN_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1,
				       last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

/*
 * Is a name similar to what was typed? @changes: filled with the number of changes. A name that
 * contains what was typed counts as one change: pread64 for pread.
 */
static bool is_similar(const char *typed, const char *name, size_t *changes)
{
	size_t typed_len = strlen(typed), name_len = strlen(name);
	size_t most = typed_len <= SHORT ? 1 : 2;

	if (typed_len > LEN_MAX || name_len > LEN_MAX)
		return false;
	if (typed_len >= SHORT && strstr(name, typed)) {
		*changes = 1;
		return true;
	}
	if (typed_len + most < name_len || name_len + most < typed_len)
		return false;
	*changes = distance(typed, typed_len, name, name_len);
	return *changes <= most && *changes < typed_len;
}

void suggest_consider(struct suggest *suggest, const char *name)
{
	size_t changes;

	if (!is_similar(suggest->typed, name, &changes) ||
	    (suggest->count && changes > suggest->distance))
		return;
	if (changes < suggest->distance)
		suggest->count = 0;
	suggest->distance = changes;
	for (size_t i = 0; i < suggest->count; i++)
		if (strcmp(suggest->names[i], name) == 0)
			return;
	if (suggest->count < SUGGEST_MAX)
		suggest->names[suggest->count++] = name;
}

void suggest_text(const struct suggest *suggest, const char *prefix, char *buf, size_t size)
{
	size_t used = 0;

	snprintf(buf, size, "%s", "");
	for (size_t i = 0; i < suggest->count && used < size; i++) {
		const char *before = i == 0                   ? " (did you mean "
				     : i + 1 < suggest->count ? ", "
							      : " or ";
		const char *after = i + 1 < suggest->count ? "" : "?)";

		used += (size_t)snprintf(buf + used, size - used, "%s%s%s%s", before, prefix,
					 suggest->names[i], after);
	}
}
