/* SPDX-License-Identifier: MIT */
/*
 * Memory for many small things that are released together, such as the rows of one interval. An
 * allocation is a few instructions, and nothing is freed one by one.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_chunk;

/** struct arena - all zero is an empty one; release with arena_free() */
struct arena {
	struct arena_chunk *newest;
};

/**
 * arena_alloc() - allocate @size bytes, aligned for any type
 *
 * The arena takes memory from the system in chunks that grow, and asks for huge pages for the large
 * ones: without them, touching ten megabytes for the first time is most of the work of a large
 * report.
 *
 * Return: memory that is not cleared, valid until arena_reset() or arena_free(); NULL without
 * memory.
 */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/** arena_reset() - release everything, but keep a chunk of up to 256 KiB for the next use. */
void arena_reset(struct arena *arena);

/** arena_free() - release everything. The arena is empty then and can be used again. */
void arena_free(struct arena *arena);

#endif
