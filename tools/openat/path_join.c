/* SPDX-License-Identifier: MIT */
/* Paths from their parts. See path_join.h. */
#define _GNU_SOURCE
#include "path_join.h"

#include <errno.h>
#include <string.h>

#define CUT_DIR ".../"
#define ROOT "/"

enum {
	MARKS = OPEN_HAS_DIR | OPEN_DIR_CUT | OPEN_PATH_CUT | OPEN_NO_ARGS | OPEN_NO_RESULT |
		OPEN_RESOLVED | OPEN_DIR_LOST | OPEN_RING_SLOT | OPEN_IN_ROOT | OPEN_UNSURE,
	FILE_MARKS = OPEN_DIR_CUT | OPEN_DIR_LOST | OPEN_RESOLVED,
};

/**
 * struct parts - a record's text that has been checked
 * @path: as it was given; @path_len: without a NUL
 * @dir:  names, innermost first, each with its NUL; @dir_size: of all of them
 */
struct parts {
	const char *path;
	size_t path_len;
	const char *dir;
	size_t dir_size;
};

static bool take_path(struct parts *parts, const struct open_text *text, const char *bytes)
{
	size_t size = text->path_size;

	parts->path = bytes;
	parts->path_len = strnlen(bytes, size);
	/* Whole, it ends with the only NUL; cut, it may have one there. */
	return parts->path_len + 1 == size ||
	       (parts->path_len == size && (text->marks & OPEN_PATH_CUT));
}

static bool take_dir(struct parts *parts, const struct open_text *text, const char *bytes)
{
	parts->dir = bytes;
	parts->dir_size = text->dir_size;
	if (!(text->marks & OPEN_HAS_DIR))
		return !text->dir_size && !(text->marks & FILE_MARKS);
	return !text->dir_size || !bytes[text->dir_size - 1];
}

static int take(struct parts *parts, const struct open_text *text, const char *bytes, size_t room)
{
	if (text->path_size > OPEN_PATH_MAX || text->dir_size > OPEN_DIR_MAX ||
	    (text->marks & ~MARKS) || (size_t)text->path_size + text->dir_size > room)
		return -EINVAL;
	if (!take_dir(parts, text, bytes + text->path_size))
		return -EINVAL;
	if (!text->path_size) {
		parts->path = "";
		parts->path_len = 0;
		return text->marks & OPEN_RESOLVED ? 0 : -ENODATA;
	}
	return take_path(parts, text, bytes) ? 0 : -EINVAL;
}

/* ---- put together ---- */

/* All names, each with a slash behind it; one without a letter (of what is no directory) is none.
 */
static size_t names_size(const struct parts *parts)
{
	size_t size = 0;

	for (size_t at = 0, len; at < parts->dir_size; at += len + 1) {
		len = strlen(parts->dir + at);
		size += len ? len + 1 : 0;
	}
	return size;
}

/* The outermost comes first, and is the last there is: from the end to the front. */
static void put_names(char *end, const struct parts *parts)
{
	for (size_t at = 0, len; at < parts->dir_size; at += len + 1) {
		len = strlen(parts->dir + at);
		if (!len)
			continue;
		*--end = '/';
		end -= len;
		memcpy(end, parts->dir + at, len);
	}
}

static int join_dir(const struct parts *parts, bool cut, char *out, size_t size)
{
	const char *start = cut ? CUT_DIR : ROOT;
	size_t start_len = strlen(start), names = names_size(parts),
	       len = start_len + names + parts->path_len;

	if (len >= size)
		return -ENOSPC;
	memcpy(out, start, start_len);
	put_names(out + start_len + names, parts);
	memcpy(out + start_len + names, parts->path, parts->path_len);
	/* The directory itself has no slash behind its name. */
	if (!parts->path_len && names)
		len--;
	out[len] = '\0';
	return (int)len;
}

static int copy_path(const struct parts *parts, char *out, size_t size)
{
	if (parts->path_len >= size)
		return -ENOSPC;
	memcpy(out, parts->path, parts->path_len);
	out[parts->path_len] = '\0';
	return (int)parts->path_len;
}

/* Does the path that was given, as it is, end where the file's own path ends? */
static bool leads_to(const struct parts *given, const char *file, size_t len)
{
	if (!given->path_len || given->path_len > len ||
	    memcmp(given->path, file + len - given->path_len, given->path_len) != 0)
		return false;
	return given->path_len == len ||
	       (given->path[0] != '/' && file[len - given->path_len - 1] == '/');
}

/* The names are those of the file, and the path that was given is not part of them. */
static int join_file(struct parts *parts, const struct open_text *text, char *out, size_t size,
		     bool *truncated)
{
	struct parts given;
	int r;

	*truncated = text->marks & OPEN_DIR_CUT;
	/* A pipe or a socket, opened again through /proc, has no names. */
	if (*truncated && !names_size(parts) && parts->path_len)
		return copy_path(parts, out, size);
	given = *parts;
	parts->path_len = 0;
	r = join_dir(parts, *truncated, out, size);
	if (r < 0 || !(text->marks & OPEN_UNSURE) || !leads_to(&given, out, (size_t)r))
		return r;
	*truncated = false;
	return copy_path(&given, out, size);
}

/* The directory is where an absolute path starts from, too. */
static void make_relative(struct parts *parts)
{
	for (; parts->path_len && parts->path[0] == '/'; parts->path++)
		parts->path_len--;
}

int open_path_join(const struct open_text *text, const char *bytes, size_t room, char *out,
		   size_t size, bool *truncated)
{
	struct parts parts;
	int r = take(&parts, text, bytes, room);
	bool behind_dir;

	if (r < 0)
		return r;
	if (text->marks & OPEN_RESOLVED)
		return join_file(&parts, text, out, size, truncated);
	if ((text->marks & OPEN_HAS_DIR) && (text->marks & OPEN_IN_ROOT))
		make_relative(&parts);
	behind_dir = (text->marks & OPEN_HAS_DIR) && (!parts.path_len || parts.path[0] != '/');
	*truncated = (text->marks & OPEN_PATH_CUT) || (behind_dir && (text->marks & OPEN_DIR_CUT));
	if (behind_dir)
		return join_dir(&parts, text->marks & OPEN_DIR_CUT, out, size);
	return copy_path(&parts, out, size);
}

/* ---- taken apart ---- */

static size_t without_slashes(const char *path, size_t len)
{
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

size_t open_path_dir(const char *path, size_t len)
{
	len = without_slashes(path, len);
	while (len && path[len - 1] != '/')
		len--;
	return without_slashes(path, len);
}
