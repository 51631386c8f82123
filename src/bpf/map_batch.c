/* SPDX-License-Identifier: MIT */
/* Reading a hash table in batches. See map_batch.h. */
#define _GNU_SOURCE
#include "map_batch.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "map_walk.h"
#include "realtime.h"

enum {
	ENTRIES_MAX = 1024,
	ENTRIES_MIN = 16,
	VALUES_MAX = 256 << 10, /* bytes; ENTRIES_MIN large values may take more */
	NOT_SUPPORTED = 524,    /* the kernel's ENOTSUPP, which has no name in user space */
};

struct map_batch {
	size_t key_size, value_size;
	char *keys, *values;
	uint32_t capacity; /* entries */
};

static void free_buffers(struct map_batch *batch)
{
	free(batch->keys);
	free(batch->values);
	batch->keys = batch->values = NULL;
}

/* What the buffers hold is lost. */
static int set_capacity(struct map_batch *batch, uint32_t capacity)
{
	free_buffers(batch);
	batch->capacity = capacity;
	batch->keys = calloc(capacity, batch->key_size);
	batch->values = calloc(capacity, batch->value_size);
	return batch->keys && batch->values ? 0 : -ENOMEM;
}

struct map_batch *map_batch_new(size_t key_size, size_t value_size)
{
	struct map_batch *batch = calloc(1, sizeof(*batch));
	size_t entries = VALUES_MAX / value_size;

	if (!batch)
		return NULL;
	batch->key_size = key_size;
	batch->value_size = value_size;
	if (entries > ENTRIES_MAX)
		entries = ENTRIES_MAX;
	if (entries < ENTRIES_MIN)
		entries = ENTRIES_MIN;
	if (set_capacity(batch, (uint32_t)entries) == 0)
		return batch;
	map_batch_free(batch);
	return NULL;
}

void map_batch_free(struct map_batch *batch)
{
	if (!batch)
		return;
	free_buffers(batch);
	free(batch);
}

static int hand_over(const struct map_batch *batch, uint32_t count, map_entry_fn entry,
		     void *context)
{
	for (uint32_t i = 0; i < count; i++) {
		int r = entry(batch->keys + i * batch->key_size,
			      batch->values + i * batch->value_size, context);

		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * One system call.
 * @token: where the kernel continues; opaque, and not more than 8 bytes for a hash table
 */
static int read_next(struct map_batch *batch, int map, bool delete, bool first, uint64_t *token,
		     uint32_t *count)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	struct realtime before;
	int r;

	*count = batch->capacity;
	realtime_raise(&before);
	r = (delete ? bpf_map_lookup_and_delete_batch : bpf_map_lookup_batch)(
		map, first ? NULL : token, token, batch->keys, batch->values, count, &opts);
	realtime_restore(&before);
	return r;
}

/* Has the kernel no batches at all, or not of such a table? Linux 5.6 has the first ones. */
static bool lacks_batches(int r)
{
	return r == -EINVAL || r == -NOT_SUPPORTED;
}

/*
 * The kernel reports the last batch with ENOENT, and its entries are valid. It reports ENOSPC if a
 * hash bucket has more entries than the batch can take.
 */
int map_batch_read(struct map_batch *batch, int map, bool delete, map_entry_fn entry, void *context)
{
	uint64_t token;
	bool first = true;

	for (;;) {
		uint32_t count;
		int r = read_next(batch, map, delete, first, &token, &count), failed;

		if (r == -ENOSPC && count == 0) {
			if (set_capacity(batch, batch->capacity * 2) < 0)
				return -ENOMEM;
			continue;
		}
		if (first && lacks_batches(r))
			return map_walk_read(map, batch->key_size, batch->value_size, delete, entry,
					     context);
		if (r < 0 && r != -ENOENT)
			return r;
		failed = hand_over(batch, count, entry, context);
		if (failed < 0 || r == -ENOENT)
			return failed;
		first = false;
	}
}
