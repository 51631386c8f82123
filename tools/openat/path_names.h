/* SPDX-License-Identifier: MIT */
/*
 * What path ids stand for. A row of the program has an id of 128 bits in place of a path, and the
 * program puts the path into a table of texts beside it. These functions empty that table after
 * each reading, and keep a text for as long as a row may refer to it.
 *
 * Two ids can stand for the same path, given once as a whole and once below a directory. Rows that
 * are grouped by path or directory therefore use a common id, made from the text.
 */
#ifndef OPENAT_PATH_NAMES_H
#define OPENAT_PATH_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader.h"
#include "openat/records.h"

struct openat_texts;

/**
 * openat_texts_new() - make an empty one; release it with openat_texts_free(). Return: 0 or
 * -ENOMEM.
 */
int openat_texts_new(struct openat_texts **textsp);

/** openat_texts_free() - release it; NULL is fine. */
void openat_texts_free(struct openat_texts *texts);

/**
 * openat_texts_read() - empty the program's tables of texts
 * @texts:  where to keep them
 * @loaded: the program
 * @err:    filled on failure
 *
 * Call it after each reading of rows. The program stores a text before the row that needs it, so
 * every id of that reading and of the one before is known then.
 *
 * Return: 0 or negative errno.
 */
int openat_texts_read(struct openat_texts *texts, const struct loaded *loaded, struct error *err);

/**
 * openat_texts_used() - keep the text of an id until openat_texts_age(), because a row has the id
 *
 * An id of two zeros is no path.
 */
void openat_texts_used(struct openat_texts *texts, const uint64_t id[2]);

/** struct openat_text - a path or a directory; @bytes is borrowed, and NULL when it is not known */
struct openat_text {
	const char *bytes;
	size_t len;
};

/** openat_texts_path() - the path that an id stands for; borrowed until openat_texts_age(). */
struct openat_text openat_texts_path(const struct openat_texts *texts, const uint64_t id[2]);

/**
 * openat_texts_common() - the id that all paths with the same text share
 * @texts:  from openat_texts_new()
 * @id:     of a path
 * @dir:    let all paths in the same directory share an id instead
 * @common: filled with an id for openat_texts_named(), valid until openat_texts_age(); two zeros
 *          when the path is not known
 *
 * Return: 0 or -ENOMEM.
 */
int openat_texts_common(struct openat_texts *texts, const uint64_t id[2], bool dir,
			uint64_t common[2]);

/** openat_texts_named() - what a common id stands for. */
struct openat_text openat_texts_named(const struct openat_texts *texts, const uint64_t common[2]);

/** openat_texts_age() - after an interval's report: forget common ids, and texts not in use. */
void openat_texts_age(struct openat_texts *texts);

#endif
