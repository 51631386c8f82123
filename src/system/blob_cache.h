/* SPDX-License-Identifier: MIT */
/*
 * A cache of compiled objects in /var/cache/bcc-tools: a run of the same program starts without
 * LLVM. It also keeps other bytes that depend on a text alone (btf_cache.h).
 *
 * A file of the cache is the object as it is (an ordinary ELF file), followed by what it was made
 * from: the complete C text, and the identity of each library of the compiler (path, size, time).
 * An object is used again only if the text is the same, byte for byte, if the libraries are still
 * the same files, and if a checksum holds. The file and every directory above it must belong to
 * root and be writable by nobody else. In every other case the file is ignored: nothing about the
 * cache can make a run fail.
 */
#ifndef BLOB_CACHE_H
#define BLOB_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "blob.h"

enum {
	BLOB_CACHE_FILES_MAX =
		128, /* a new file then replaces the one that was not used for longest */
};

/**
 * blob_cache_open() - open the directory of the cache, and make it if it is missing
 *
 * Return: a descriptor that the caller closes; -1 when this user has no cache (only root has one).
 */
int blob_cache_open(void);

/**
 * blob_cache_find() - look up the object that was made from a text
 * @dir:    from blob_cache_open()
 * @text:   the complete C text, or another subject
 * @output: filled when there is one, without an origin; release with blob_clear()
 *
 * Return: whether there is one.
 */
bool blob_cache_find(int dir, const char *text, struct blob *output);

/**
 * blob_cache_unpack() - check the bytes of a file of the cache, which may be any bytes
 * @bytes:   content of the file
 * @len:     its length in bytes
 * @text:    what the object must have been made from
 * @elf_len: filled when the file is valid: length of the object, which comes first
 *
 * Return: whether the file is whole, was made from @text, and by libraries that are still the same.
 */
bool blob_cache_unpack(const char *bytes, size_t len, const char *text, size_t *elf_len);

/**
 * blob_cache_keep() - keep an object for later runs; on any failure it is not kept
 * @dir:    from blob_cache_open()
 * @text:   what it was made from
 * @output: the object; without an origin it depends on nothing but @text
 */
void blob_cache_keep(int dir, const char *text, const struct blob *output);

/** blob_cache_clear() - remove every file of the cache. Return: how many there were. */
unsigned blob_cache_clear(int dir);

#endif
