/* SPDX-License-Identifier: MIT */
/*
 * A hash table from keys to numbers of items, by open addressing. The items themselves lie in an
 * array of the caller's, in the order in which they were added; the first has number 0. So the
 * table stores four bytes a place, items may have any size, and they can be visited in order.
 *
 * Hashes are SipHash-1-3 with a secret key. Keys come from processes that are traced: with a hash
 * that anybody can compute, a process could choose keys that all collide, and so make a report take
 * minutes.
 *
 * Two functions of the caller's tie the table to the array: one computes the hash of an item, the
 * other tells whether an item has a key. All functions here are inline, so that the compiler can
 * put those two into the loops.
 */
#ifndef HASH_H
#define HASH_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	HASH_PLACES_MIN = 512,
};

#define HASH_NONE UINT32_MAX

/**
 * struct hash_index - all zero is an empty one; release with hash_index_free()
 * @places: 0 for a free place, else an item's number and 1; a key whose place is taken goes to the
 *          next free one
 * @size:   number of places, a power of two, or 0; at least half of them are free
 * @count:  number of items
 */
struct hash_index {
	uint32_t *places;
	size_t size;
	size_t count;
};

/** hash_of_fn - the hash of item number @item; @owner: as the caller gave it */
typedef uint64_t (*hash_of_fn)(const void *owner, uint32_t item);

/** hash_is_fn - does item number @item have this key? */
typedef bool (*hash_is_fn)(const void *owner, uint32_t item, const void *key);

/**
 * hash_bytes() - the hash of a key of @len bytes, with this process's secret
 *
 * The hash is another one in each run: no result may depend on it.
 */
uint64_t hash_bytes(const void *bytes, size_t len);

/** hash_with_key() - SipHash-1-3 of @len bytes; for tests. */
uint64_t hash_with_key(const uint64_t key[2], const void *bytes, size_t len);

/** hash_number() - the hash of a key that is a number. */
static inline uint64_t hash_number(uint64_t number)
{
	return hash_bytes(&number, sizeof(number));
}

/* The place of the first item for which @is holds, or the free place after the last candidate. */
static inline size_t hash_probe(const struct hash_index *index, uint64_t hash, hash_is_fn is,
				const void *owner, const void *key)
{
	size_t at = (size_t)hash & (index->size - 1);

	while (index->places[at] && !(is && is(owner, index->places[at] - 1, key)))
		at = (at + 1) & (index->size - 1);
	return at;
}

/**
 * hash_index_find() - look a key up
 * @hash: the key's hash
 *
 * Return: the item's number, or HASH_NONE.
 */
static inline uint32_t hash_index_find(const struct hash_index *index, uint64_t hash, hash_is_fn is,
				       const void *owner, const void *key)
{
	/* 0 becomes HASH_NONE. */
	return index->count ? index->places[hash_probe(index, hash, is, owner, key)] - 1
			    : HASH_NONE;
}

/**
 * hash_index_refill() - forget all places, and add items 0 to @count - 1 again
 *
 * For a caller that has removed items from its array, and so numbered the others anew. The memory
 * stays the same.
 */
static inline void hash_index_refill(struct hash_index *index, size_t count, hash_of_fn of,
				     const void *owner)
{
	if (index->size)
		memset(index->places, 0, index->size * sizeof(*index->places));
	index->count = count;
	for (uint32_t item = 0; item < count; item++)
		index->places[hash_probe(index, of(owner, item), NULL, NULL, NULL)] = item + 1;
}

/**
 * hash_index_reserve() - make room for one item more, in the table and in the caller's array
 * @itemsp:    address of the pointer to the array, which is heap memory or NULL
 * @item_size: bytes of an item
 * @of:        the hash of an item; is called after *@itemsp has changed
 *
 * Return: 0, or -ENOMEM, which leaves the table and the items as they are.
 */
static inline int hash_index_reserve(struct hash_index *index, void *itemsp, size_t item_size,
				     hash_of_fn of, const void *owner)
{
	size_t size = index->size ? 2 * index->size : HASH_PLACES_MIN;
	uint32_t *places;
	void *items, *more;

	if (index->count < index->size / 2)
		return 0;
	if (size > UINT32_MAX)
		return -ENOMEM;
	/* Of any pointer type, hence memcpy() rather than an assignment through void **. */
	memcpy(&items, itemsp, sizeof(items));
	more = reallocarray(items, size / 2, item_size);
	if (!more)
		return -ENOMEM;
	memcpy(itemsp, &more, sizeof(more));
	places = calloc(size, sizeof(*places));
	if (!places)
		return -ENOMEM;
	free(index->places);
	index->places = places;
	index->size = size;
	hash_index_refill(index, index->count, of, owner);
	return 0;
}

/**
 * hash_index_add() - add the next item, number index->count, after hash_index_reserve()
 * @hash: of its key, which must not be in the table yet
 */
static inline void hash_index_add(struct hash_index *index, uint64_t hash)
{
	index->places[hash_probe(index, hash, NULL, NULL, NULL)] = (uint32_t)++index->count;
}

/**
 * hash_index_shrink() - give memory back when at most one place in eight is taken
 *
 * The parameters are those of hash_index_reserve(). Without memory for the move nothing changes.
 */
static inline void hash_index_shrink(struct hash_index *index, void *itemsp, size_t item_size,
				     hash_of_fn of, const void *owner)
{
	size_t size = index->size;
	uint32_t *places;
	void *items, *fewer;

	while (size > HASH_PLACES_MIN && index->count <= size / 8)
		size /= 2;
	places = size < index->size ? calloc(size, sizeof(*places)) : NULL;
	if (!places)
		return;
	free(index->places);
	index->places = places;
	index->size = size;
	memcpy(&items, itemsp, sizeof(items));
	fewer = reallocarray(items, size / 2, item_size);
	if (fewer)
		memcpy(itemsp, &fewer, sizeof(fewer));
	hash_index_refill(index, index->count, of, owner);
}

/** hash_index_free() - release the table, which is empty then; the items are the caller's. */
static inline void hash_index_free(struct hash_index *index)
{
	free(index->places);
	*index = (struct hash_index){ .places = NULL };
}

#endif
