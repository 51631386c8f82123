/* SPDX-License-Identifier: MIT */
/* Names that are like one that was typed wrongly. See suggest.h. */
#include "suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	LEN_MAX = 48, /* longer ones are like nothing */
	SHORT = 3,    /* up to here two changes would make nearly any name of any other */
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to put in, leave out, replace, or exchange with the next one, to make @b of @a. */
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

/* Return: whether it is like it at all. What is a part of the name counts as a single change: pread
 * of pread64. */
static bool is_like(const char *typed, const char *name, size_t *how)
{
	size_t typed_len = strlen(typed), name_len = strlen(name);
	size_t most = typed_len <= SHORT ? 1 : 2;

	if (typed_len > LEN_MAX || name_len > LEN_MAX)
		return false;
	if (typed_len >= SHORT && strstr(name, typed)) {
		*how = 1;
		return true;
	}
	if (typed_len + most < name_len || name_len + most < typed_len)
		return false;
	*how = distance(typed, typed_len, name, name_len);
	return *how <= most && *how < typed_len;
}

void suggest_consider(struct suggest *suggest, const char *name)
{
	size_t how;

	if (!is_like(suggest->typed, name, &how) || (suggest->count && how > suggest->distance))
		return;
	if (how < suggest->distance)
		suggest->count = 0;
	suggest->distance = how;
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
