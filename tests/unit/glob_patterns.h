/* SPDX-License-Identifier: MIT */
/*
 * Patterns and names for the tests of globs: of the parser in base/, and of the expression that a
 * program gets in trace/. They are many, random ones too, because a glob has to behave as
 * fnmatch(3) in every corner.
 */
#ifndef GLOB_PATTERNS_H
#define GLOB_PATTERNS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const char *const glob_names[] = {
	"",
	"a",
	"b",
	"ab",
	"abc",
	"bash",
	"sh",
	"python3.11",
	"cc1",
	"cc1plus",
	"kworker/0:1",
	"(sd-pam)",
	"a b",
	"[x]",
	"]",
	"-",
	"!",
	"^",
	"\\",
	"*",
	"?",
	"a*b",
	"a-z",
	"A",
	"Z",
	"0",
	"9",
	"\x7f",
	"\x80",
	"\xff",
	"\xc3\xa9",
	"caf\xc3\xa9",
	".hidden",
	"a/b",
	"/",
	"aaaaaaaaaaaaaaa",
	"abababababababa",
	"\001",
	"\n",
	"~",
	"a]",
	"a\\",
	"]a",
	"-a",
	"123456789012345",
};

static const char *const glob_patterns[] = {
	"",
	"a",
	"abc",
	"*",
	"**",
	"?",
	"??",
	"a*",
	"*a",
	"*a*",
	"a?c",
	"a*c",
	"*b*b*",
	"ba*h",
	"py*",
	"*sh",
	"cc1*",
	"k*/*",
	"[abc]",
	"[a-c]",
	"[!a]",
	"[^a]",
	"[!a-c]*",
	"[]]",
	"[!]]",
	"[]-a]",
	"[a-]",
	"[-a]",
	"[--0]",
	"[a-a]",
	"[c-a]",
	"[*]",
	"[?]",
	"[\\]]",
	"[\\\\]",
	"[a\\-z]",
	"\\*",
	"\\?",
	"\\[x]",
	"\\a",
	"\\\\",
	"a\\*b",
	"]",
	"-",
	"!",
	"[!!]",
	"[!^]",
	"[^!]",
	"[a^]",
	"[a!]",
	"*[0-9]",
	"[A-Za-z0-9]*",
	"*.[0-9]*",
	"[.]*",
	"[!.]*",
	"[[]x[]]",
	"[[x]*",
	"?*?",
	"*?*?*",
	"a*a*a*a",
	"*ab*ab*ab*",
	"[\x80-\xff]*",
	"*\xc3\xa9",
	"[!\x80-\xff]",
	"\xff",
	"???????????????",
	"???????????????*",
	"[a-]]",
	"[!-]",
};

/* A pattern whose edges lie at byte @low and at another one, for @low from 1 to 255. */
static inline void glob_edge_pattern(char *pattern, size_t size, int low)
{
	/* \ keeps a byte from having a meaning in brackets. */
	snprintf(pattern, size, "[%s\\%c-\\%c]", low & 1 ? "!" : "", low, low / 2 + 128);
}

/* A random text of less than @size bytes over a few bytes, so that many texts match. */
static inline void glob_random_text(char *text, size_t size, const char *bytes, uint32_t *seed)
{
	size_t len = random_next(seed) % size;

	for (size_t i = 0; i < len; i++)
		text[i] = bytes[random_next(seed) % strlen(bytes)];
	text[len] = '\0';
}

static inline void glob_random_pattern(char pattern[12], uint32_t *seed)
{
	glob_random_text(pattern, 11, "aab*?[]!^-\\c\xe9", seed);
}

static inline void glob_random_name(char name[8], uint32_t *seed)
{
	glob_random_text(name, 8, "aabbc]-![\\*\xe9", seed);
}

#endif
