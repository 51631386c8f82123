/* SPDX-License-Identifier: MIT */
/* Paths of opened files, as the kernel's program tells of them in parts: put together, and taken
 * apart at a slash. */
#ifndef OPENAT_PATH_JOIN_H
#define OPENAT_PATH_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "openat/records.h"

enum {
	OPEN_PATH_JOINED_MAX =
		OPEN_TEXT_MAX + 8, /* bytes of the longest path there can be, its NUL included */
};

/**
 * open_path_join() - the path an open was about
 * @text:      sizes and marks
 * @bytes:     what follows it
 * @room:      bytes there are of that; what is behind the path and its directory is not looked at
 * @out:       will be NUL-terminated
 * @size:      of @out; OPEN_PATH_JOINED_MAX are always enough
 * @truncated: out: a part is missing, of the path or of its directory
 *
 * With OPEN_RESOLVED it is the path of the file that was opened, and what was given does not
 * matter, unless the file has no name anywhere. Otherwise an absolute path is what was given, and a
 * relative one stands behind its directory when that is there; with OPEN_IN_ROOT an absolute one,
 * too. "." and ".." stay as they are then. ".../" in front stands for the outer names of a file or
 * directory that are missing.
 *
 * Return: the length, -ENODATA when the path is not known, -EINVAL when @text does not fit its
 * bytes (sizes beyond
 * @room or the longest, names without their NUL, a directory that is not marked), -ENOSPC when @out
 * is too small.
 */
int open_path_join(const struct open_text *text, const char *bytes, size_t room, char *out,
		   size_t size, bool *truncated);

/**
 * open_path_dir() - the length of the part of a path that is the directory of its last name
 * @len: of @path, in bytes
 *
 * "/usr" of "/usr/bin", "/" of "/x" and of "/" itself. Slashes behind the last name are not part of
 * it: "a" of "a/b/". Return: 0 when there is none: then it is "."
 */
size_t open_path_dir(const char *path, size_t len);

#endif
