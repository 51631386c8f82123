/* SPDX-License-Identifier: MIT */
/* Names that are like one that was typed wrongly. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

enum {
	SUGGEST_MAX = 3,
};

/**
 * struct suggest - the names likest to it so far; initialise with { .typed = ... }
 * @typed:    what was typed
 * @names:    all as like as each other; borrowed from the caller
 * @distance: how many changes they are away from it
 */
struct suggest {
	const char *typed;
	const char *names[SUGGEST_MAX];
	size_t count;
	size_t distance;
};

/** suggest_consider() - keep @name if it is like what was typed, and none before is liker; the same
 * counts once. */
void suggest_consider(struct suggest *suggest, const char *name);

/**
 * suggest_text() - " (did you mean read, pread64 or preadv?)", "" when nothing is like it
 * @prefix: goes in front of each name
 */
void suggest_text(const struct suggest *suggest, const char *prefix, char *buf, size_t size);

#endif
