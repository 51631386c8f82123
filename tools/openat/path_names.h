/* SPDX-License-Identifier: MIT */
/* What path ids stand for: read from the program's tables of texts, and kept for as long as rows
 * may have them. */
#ifndef OPENAT_PATH_NAMES_H
#define OPENAT_PATH_NAMES_H

#include <stddef.h>

#include "loader.h"
#include "openat/records.h"

struct openat_texts;

/** openat_texts_new() - Return: 0 or -ENOMEM. */
int openat_texts_new(struct openat_texts **textsp);

/** openat_texts_free() - NULL is fine. */
void openat_texts_free(struct openat_texts *texts);

/**
 * openat_texts_read() - empty the program's tables
 * After each reading of rows: the program puts a text there before the row that needs it. So what a
 * row of that reading, or of the next, refers to is known afterwards.
 */
int openat_texts_read(struct openat_texts *texts, const struct loaded *loaded, struct error *err);

/** openat_texts_used() - a row has this id: keep its text until openat_texts_age(). Two zeros are
 * no path. */
void openat_texts_used(struct openat_texts *texts, const uint64_t id[2]);

/** struct openat_text - a path, or a directory; @bytes: borrowed, NULL: not known */
struct openat_text {
	const char *bytes;
	size_t len;
};

/** openat_texts_path() - what an id stands for. */
struct openat_text openat_texts_path(const struct openat_texts *texts, const uint64_t id[2]);

/**
 * openat_texts_common() - an id that all paths with the same text have, or with @dir all in the
 * same directory One path can have several ids when it was given in several ways. Valid until
 * openat_texts_age(). Return: 0, for openat_texts_named(); or -ENOMEM. Two zeros stay two zeros.
 */
int openat_texts_common(struct openat_texts *texts, const uint64_t id[2], bool dir,
			uint64_t common[2]);

/** openat_texts_named() - what a common id stands for. */
struct openat_text openat_texts_named(const struct openat_texts *texts, const uint64_t common[2]);

/** openat_texts_age() - the interval's rows have been reported: forget common ids, and texts that
 * no row needs. */
void openat_texts_age(struct openat_texts *texts);

#endif
