/* SPDX-License-Identifier: MIT */
/*
 * Bytes that a program made, with the identity of the files that made them: a compiled object and
 * the libraries of the compiler. The cache keeps both, and gives the bytes back only while the
 * files are the same.
 */
#ifndef BLOB_H
#define BLOB_H

#include <stddef.h>

/**
 * struct blob - heap memory; release with blob_clear()
 * @bytes:      the content
 * @len:        its length in bytes
 * @origin:     the files that made it, a line each: path, space, file_identity(); NULL when it
 *              depends on no file
 * @origin_len: length of @origin in bytes
 */
struct blob {
	char *bytes;
	size_t len;
	char *origin;
	size_t origin_len;
};

/** blob_clear() - free the memory; the blob is empty then. */
void blob_clear(struct blob *blob);

/**
 * file_identity() - the size and modification time of a file, as text
 * @path: the file
 * @buf:  filled; a longer text is cut to @size bytes
 *
 * The inode number is not part of it, because network and overlay file systems change it.
 *
 * Return: 0 or negative errno.
 */
int file_identity(const char *path, char *buf, size_t size);

#endif
