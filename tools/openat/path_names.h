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

struct path_names;

enum {
	/* Of all texts that are kept. A path has up to 4 KB, and a process can make them up. */
	PATH_NAMES_BYTES = 128 << 20,
};

/**
 * path_names_new() - make an empty one; release it with path_names_free(). Return: 0 or
 * -ENOMEM.
 */
int path_names_new(struct path_names **textsp);

/** path_names_free() - release it; NULL is fine. */
void path_names_free(struct path_names *texts);

/**
 * path_names_read() - empty the program's tables of texts
 * @texts:  where to keep them
 * @loaded: the program
 * @err:    filled on failure
 *
 * Call it after each reading of rows. The program stores a text before the row that needs it, so
 * every id of that reading and of the one before is known then. Of a text beyond PATH_NAMES_BYTES
 * nothing is kept, and its rows have no path.
 *
 * Return: 0 or negative errno.
 */
int path_names_read(struct path_names *texts, const struct loaded *loaded, struct error *err);

/**
 * path_names_used() - keep the text of an id until path_names_age(), because a row has the id
 *
 * An id of two zeros is no path.
 */
void path_names_used(struct path_names *texts, const uint64_t id[2]);

/** struct path_name - a path or a directory; @bytes is borrowed, and NULL when it is not known */
struct path_name {
	const char *bytes;
	size_t len;
};

/** path_names_path() - the path that an id stands for; borrowed until path_names_age(). */
struct path_name path_names_path(const struct path_names *texts, const uint64_t id[2]);

/**
 * path_names_common() - the id that all paths with the same text share
 * @texts:  from path_names_new()
 * @id:     of a path
 * @dir:    let all paths in the same directory share an id instead
 * @common: filled with an id for path_names_named(), valid until path_names_age(); two zeros
 *          when the path is not known
 *
 * Return: 0 or -ENOMEM.
 */
int path_names_common(struct path_names *texts, const uint64_t id[2], bool dir, uint64_t common[2]);

/** path_names_named() - what a common id stands for. */
struct path_name path_names_named(const struct path_names *texts, const uint64_t common[2]);

/** path_names_age() - after an interval's report: forget common ids, and texts not in use. */
void path_names_age(struct path_names *texts);

#endif
