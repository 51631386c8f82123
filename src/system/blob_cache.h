/* SPDX-License-Identifier: MIT */
/*
 * Compiled objects kept for the next run with the same program: a start without LLVM.
 *
 * A file is the object as it is (an ordinary ELF file), followed by what it was made from: the
 * complete C text, and the identity of each library of the compiler (path, size, time). It serves
 * again only when the text is the same, byte for byte, the libraries are the same files still, a
 * checksum holds, and the file and every directory above it belong to root and can be written by
 * nobody else. Anything that is not so means the file is not used; nothing about the cache can make
 * a run fail.
 */
#ifndef BLOB_CACHE_H
#define BLOB_CACHE_H

#include "blob.h"
#include "error.h"

enum {
	CACHE_FILES_MAX = 128, /* the oldest make room */
};

/** cache_open() - the cache's directory, made when missing. Return: a descriptor the caller closes;
 * -1: there is no cache for this user. */
int cache_open(void);

/**
 * cache_find() - an object made from this text
 * @dir:    from cache_open()
 * @text:   as source_text() gives it
 * @output: filled; release with blob_clear()
 * Return: whether there is one.
 */
bool cache_find(int dir, const char *text, struct blob *output);

/**
 * cache_unpack() - the same for the bytes of a file, which may be anything
 * @elf_len: out: so many bytes of them are the object
 * Return: whether they are an object made from this text, whole, by the libraries there are.
 */
bool cache_unpack(const char *bytes, size_t len, const char *text, size_t *elf_len);

/** cache_keep() - keep an object, or other bytes that depend on nothing but the text (answers.h:
 * then without an origin). What cannot be kept is not. */
void cache_keep(int dir, const char *text, const struct blob *output);

/** cache_clear() - remove every object. Return: how many there were. */
unsigned cache_clear(int dir);

#endif
