/* SPDX-License-Identifier: MIT */
/* Memory for many small things that are all forgotten together. */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_chunk;

/** struct arena - all zero is an empty one */
struct arena {
	struct arena_chunk *newest;
};

/**
 * arena_alloc() - room for any type, not cleared; NULL: no memory
 *
 * Taken from the system in pieces that grow, and the large ones in huge pages where the system has
 * them for those who ask: to touch ten megabytes for the first time is otherwise most of the work
 * of a large report.
 */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/** arena_reset() - forget all. A small piece stays for the next time. */
void arena_reset(struct arena *arena);

/** arena_free() - give all back. */
void arena_free(struct arena *arena);

#endif
