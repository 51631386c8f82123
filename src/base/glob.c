/* SPDX-License-Identifier: MIT */
/* Globs over bytes. See glob.h. */
#define _GNU_SOURCE
#include "glob.h"

#include <errno.h>
#include <string.h>

static void accept_range(uint64_t *set, unsigned char low, unsigned char high)
{
	for (unsigned c = low; c <= high; c++)
		set[c / 64] |= 1ULL << (c % 64);
}

static bool accepts(const uint64_t *set, unsigned char c)
{
	return set[c / 64] >> (c % 64) & 1;
}

/*
 * Parse a bracket expression from behind its '[' to its ']'.
 * Return: the text after it; NULL when it is not closed.
 */
static const char *parse_bracket(uint64_t *set, const char *p)
{
	bool negated = *p == '!' || *p == '^', first = true;

	for (p += negated; *p && (*p != ']' || first); first = false) {
		unsigned char low = (unsigned char)(*p == '\\' && p[1] ? *++p : *p), high = low;

		p++;
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			high = (unsigned char)(*p == '\\' && p[1] ? *++p : *p);
			p++;
		}
		accept_range(set, low, high);
	}
	if (negated)
		for (int i = 0; i < 4; i++)
			set[i] = ~set[i];
	return *p == ']' ? p + 1 : NULL;
}

int glob_parse(struct glob *glob, const char *pattern)
{
	memset(glob, 0, sizeof(*glob));
	for (const char *p = pattern; p && *p;) {
		uint64_t *set = glob->accepts[glob->count];

		if (*p == '*') {
			glob->stars |= 1ULL << glob->count;
			p++;
			continue;
		}
		if (glob->count == GLOB_ELEMENTS_MAX - 1)
			return -ERANGE;
		glob->count++;
		if (*p == '[') {
			p = parse_bracket(set, p + 1);
			if (!p)
				return -EINVAL;
			continue;
		}
		if (*p == '?') {
			accept_range(set, 1, 255);
		} else {
			p += *p == '\\' && p[1];
			accept_range(set, (unsigned char)*p, (unsigned char)*p);
		}
		p++;
	}
	return 0;
}

bool glob_is_possible(const struct glob *glob)
{
	for (size_t e = 0; e < glob->count; e++) {
		bool any = false;

		for (unsigned c = 1; c < 256 && !any; c++)
			any = accepts(glob->accepts[e], (unsigned char)c);
		if (!any)
			return false;
	}
	return true;
}

bool glob_matches(const struct glob *glob, const char *name, size_t len)
{
	uint64_t state = 1;

	for (size_t i = 0; i < len; i++) {
		uint64_t next = state & glob->stars;

		for (size_t e = 0; e < glob->count; e++)
			if ((state >> e & 1) && accepts(glob->accepts[e], (unsigned char)name[i]))
				next |= 2ULL << e;
		state = next;
	}
	return state >> glob->count & 1;
}
