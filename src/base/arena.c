/* SPDX-License-Identifier: MIT */
/* Memory that is released together. See arena.h. */
#define _GNU_SOURCE
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "huge_page.h"

enum {
	SMALLEST = 16 << 10, /* bytes of the first chunk; chunks grow up to HUGE_PAGE_SIZE */
	KEPT = 256 << 10,    /* bytes of the largest chunk that arena_reset() keeps */
};

struct arena_chunk {
	struct arena_chunk *older;
	size_t size, used; /* in bytes, this header included */
	_Alignas(max_align_t) char bytes[];
};

static size_t aligned(size_t size)
{
	return (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
}

/* Map @size bytes at the beginning of a huge page, and ask the kernel to use huge pages there. */
static void *map_large(size_t size)
{
	char *all = mmap(NULL, size + HUGE_PAGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	     *first;

	if (all == MAP_FAILED)
		return NULL;
	first = huge_page_align(all);
	if (first > all)
		munmap(all, (size_t)(first - all));
	munmap(first + size, HUGE_PAGE_SIZE - (size_t)(first - all));
	madvise(first, size, MADV_HUGEPAGE);
	return first;
}

static void free_chunk(struct arena_chunk *chunk)
{
	if (chunk->size < HUGE_PAGE_SIZE)
		free(chunk);
	else
		munmap(chunk, chunk->size);
}

static int add_chunk(struct arena *arena, size_t needed)
{
	size_t size = arena->newest ? arena->newest->size : SMALLEST / 2;
	struct arena_chunk *chunk;

	needed += sizeof(*chunk);
	do
		size *= size < HUGE_PAGE_SIZE ? 2 : 1;
	while (size < HUGE_PAGE_SIZE && size < needed);
	if (size < needed)
		size = (needed + HUGE_PAGE_SIZE - 1) / HUGE_PAGE_SIZE * HUGE_PAGE_SIZE;
	chunk = size < HUGE_PAGE_SIZE ? malloc(size) : map_large(size);
	if (!chunk)
		return -1;
	*chunk = (struct arena_chunk){ .older = arena->newest,
				       .size = size,
				       .used = sizeof(*chunk) };
	arena->newest = chunk;
	return 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->newest;
	void *memory;

	if (size > SIZE_MAX / 4)
		return NULL;
	size = aligned(size);
	if (!chunk || chunk->size - chunk->used < size) {
		if (add_chunk(arena, size) < 0)
			return NULL;
		chunk = arena->newest;
	}
	memory = (char *)chunk + chunk->used;
	chunk->used += size;
	return memory;
}

void arena_free(struct arena *arena)
{
	while (arena->newest) {
		struct arena_chunk *chunk = arena->newest;

		arena->newest = chunk->older;
		free_chunk(chunk);
	}
}

void arena_reset(struct arena *arena)
{
	struct arena_chunk *kept = arena->newest;

	if (!kept || kept->size > KEPT) {
		arena_free(arena);
		return;
	}
	arena->newest = kept->older;
	arena_free(arena);
	kept->older = NULL;
	kept->used = sizeof(*kept);
	arena->newest = kept;
}
