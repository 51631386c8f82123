/* SPDX-License-Identifier: MIT */
/*
 * Text composed piece by piece in memory of the caller's. What has no room is cut, so a caller with
 * a bound for its text needs no checks on the way.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

/**
 * struct words - set up with words_init()
 * @bytes: the text, NUL-terminated
 * @len:   its length
 * @size:  bytes there is room for, the NUL included
 */
struct words {
	char *bytes;
	size_t len;
	size_t size;
};

/** words_init() - begin an empty text. @size: of @bytes, at least 1 */
void words_init(struct words *w, char *bytes, size_t size);

/** words_add() - add a text in the form of printf(). */
void words_add(struct words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
