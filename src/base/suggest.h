/* SPDX-License-Identifier: MIT */
/*
 * Suggestions for a name that was mistyped: " (did you mean openat?)". The caller passes every
 * valid name to suggest_consider(), and the most similar ones are kept.
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

enum {
	SUGGEST_MAX = 3,
};

/**
 * struct suggest - the most similar names so far; initialise with { .typed = ... }
 * @typed:    what the user typed
 * @names:    names that are equally similar; borrowed from the caller
 * @count:    number of names
 * @distance: number of changes between @typed and each of @names
 */
struct suggest {
	const char *typed;
	const char *names[SUGGEST_MAX];
	size_t count;
	size_t distance;
};

/**
 * suggest_consider() - keep a name if it is similar to what was typed and no earlier name is closer
 *
 * The same name counts once.
 */
void suggest_consider(struct suggest *suggest, const char *name);

/**
 * suggest_text() - write " (did you mean read, pread64 or preadv?)", or "" without a similar name
 * @suggest: after all calls of suggest_consider()
 * @prefix:  goes in front of each name
 * @buf:     filled; a longer text is cut to @size bytes
 */
void suggest_text(const struct suggest *suggest, const char *prefix, char *buf, size_t size);

#endif
