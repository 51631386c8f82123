/* SPDX-License-Identifier: MIT */
/* Bytes with the files that made them: what the cache keeps. */
#ifndef BLOB_H
#define BLOB_H

#include <stddef.h>

/**
 * struct blob - heap memory; release with blob_clear()
 * @bytes, @len: the content
 * @origin:      the files it was made by, a line each: path, space, file_identity(). NULL when it
 *               depends on none
 * @origin_len:  length of @origin in bytes
 */
struct blob {
	char *bytes;
	size_t len;
	char *origin;
	size_t origin_len;
};

void blob_clear(struct blob *blob);

/**
 * file_identity() - size and modification time of a file, as text
 * @buf: the result, cut to @size bytes
 *
 * The inode is not part of it: network and overlay file systems change it.
 * Return: 0 or negative errno.
 */
int file_identity(const char *path, char *buf, size_t size);

#endif
