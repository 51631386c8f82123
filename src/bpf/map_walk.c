/* SPDX-License-Identifier: MIT */
/* Reading a hash table entry by entry. See map_walk.h. */
#define _GNU_SOURCE
#include "map_walk.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "hash.h"

enum {
	/* The kernel begins anew when the entry that it is to go on from has been deleted. */
	BEGINNINGS_MAX = 1000,
};

/* @keys: those that were seen, in the order in which they were */
struct walk {
	int map;
	size_t key_size;
	char *keys;
	struct hash_index index;
	char *value;
};

static const char *key_of(const struct walk *walk, uint32_t i)
{
	return walk->keys + i * walk->key_size;
}

static uint64_t hash_key(const void *owner, uint32_t i)
{
	const struct walk *walk = owner;

	return hash_bytes(key_of(walk, i), walk->key_size);
}

static bool is_key(const void *owner, uint32_t i, const void *key)
{
	const struct walk *walk = owner;

	return memcmp(key_of(walk, i), key, walk->key_size) == 0;
}

/* Return: 1: it is new; 0: it has been seen; or a negative errno. */
static int note_key(struct walk *walk, const char *key)
{
	uint64_t hash = hash_bytes(key, walk->key_size);

	if (hash_index_find(&walk->index, hash, is_key, walk, key) != HASH_NONE)
		return 0;
	if (hash_index_reserve(&walk->index, &walk->keys, walk->key_size, hash_key, walk) < 0)
		return -ENOMEM;
	memcpy(walk->keys + walk->index.count * walk->key_size, key, walk->key_size);
	hash_index_add(&walk->index, hash);
	return 1;
}

/* All keys there are. An entry that programs delete meanwhile makes the kernel begin anew. */
static int collect_keys(struct walk *walk, char *key)
{
	int beginnings = 0, r = bpf_map_get_next_key(walk->map, NULL, key);

	while (r == 0) {
		int new = note_key(walk, key);

		if (new < 0)
			return new;
		/* The first one of those that have been seen, again. */
		if (!new &&memcmp(key, walk->keys, walk->key_size) == 0 &&
		    ++beginnings > BEGINNINGS_MAX)
			return -EAGAIN;
		r = bpf_map_get_next_key(walk->map, key, key);
	}
	return r == -ENOENT ? 0 : r;
}

static int read_entry(struct walk *walk, const char *key, bool delete, map_entry_fn entry,
		      void *context)
{
	int r = bpf_map_lookup_elem(walk->map, key, walk->value);

	/* A program has deleted it since. */
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = entry(key, walk->value, context);
	if (r < 0 || !delete)
		return r;
	r = bpf_map_delete_elem(walk->map, key);
	return r == -ENOENT ? 0 : r;
}

int map_walk_read(int map, size_t key_size, size_t value_size, bool delete, map_entry_fn entry,
		  void *context)
{
	cleanup_free char *key = calloc(1, key_size), *value = calloc(1, value_size);
	struct walk walk = { .map = map, .key_size = key_size, .value = value };
	int r = key && value ? collect_keys(&walk, key) : -ENOMEM;

	for (uint32_t i = 0; r == 0 && i < walk.index.count; i++)
		r = read_entry(&walk, key_of(&walk, i), delete, entry, context);
	free(walk.keys);
	hash_index_free(&walk.index);
	return r;
}
