/* SPDX-License-Identifier: MIT */
/* Reading counts out of the kernel. See table.h. */
#define _GNU_SOURCE
#include "map_read.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "realtime.h"

enum {
	BATCH = 1024,            /* entries at most */
	BATCH_BYTES = 256 << 10, /* of values, unless it takes more */
	BATCH_LEAST = 16,
	NOT_SUPPORTED = 524, /* the kernel's ENOTSUPP, which has no name in user space */
};

/* All values into @values, each @stride bytes. */
static int read_array(int map, uint32_t entries, size_t stride, char *values)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	cleanup_free uint32_t *keys = calloc(entries, sizeof(*keys));
	uint32_t count = entries, token;
	int r;

	if (!keys)
		return -ENOMEM;
	r = bpf_map_lookup_batch(map, NULL, &token, keys, values, &count, &opts);
	if (r != -NOT_SUPPORTED)
		return r == -ENOENT ? 0 : r;
	for (uint32_t i = 0; i < entries; i++) {
		r = bpf_map_lookup_elem(map, &i, values + i * stride);
		if (r < 0)
			return r;
	}
	return 0;
}

int table_read_percpu(int map, uint32_t entries, size_t words, uint64_t *sums, struct error *err)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus();
	cleanup_free uint64_t *values = calloc(entries * cpus, words * sizeof(*values));
	struct priority before;
	int r;

	if (!values)
		return error_nomem(err);
	priority_raise(&before);
	r = read_array(map, entries, cpus * words * sizeof(*values), (char *)values);
	priority_restore(&before);
	if (r < 0)
		return error_set(err, r, "reading a per-CPU table: %s", error_name(r));
	memset(sums, 0, entries * words * sizeof(*sums));
	for (size_t entry = 0; entry < entries; entry++)
		for (size_t cpu = 0; cpu < cpus; cpu++)
			for (size_t word = 0; word < words; word++)
				sums[entry * words + word] +=
					values[(entry * cpus + cpu) * words + word];
	return 0;
}

/*
 * Read a table in batches. The last one comes with ENOENT and is valid; a hash bucket that does not
 * fit into a batch is ENOSPC, nothing read.
 */
struct batch {
	size_t key_size, value_size;
	char *keys, *values;
	uint32_t room;
};

typedef int (*batch_fn)(int map, void *in, void *out, void *keys, void *values, uint32_t *count,
			const struct bpf_map_batch_opts *opts);
typedef int (*entry_fn)(const void *key, const void *value, void *context);

static void batch_clear(struct batch *batch)
{
	free(batch->keys);
	free(batch->values);
	batch->keys = batch->values = NULL;
}

static void batch_free(struct batch *batch)
{
	if (!batch)
		return;
	batch_clear(batch);
	free(batch);
}

static int batch_grow(struct batch *batch, uint32_t room)
{
	batch_clear(batch);
	batch->room = room;
	batch->keys = calloc(room, batch->key_size);
	batch->values = calloc(room, batch->value_size);
	return batch->keys && batch->values ? 0 : -ENOMEM;
}

static struct batch *batch_new(size_t key_size, size_t value_size)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	size_t room = BATCH_BYTES / value_size;

	if (!batch)
		return NULL;
	batch->key_size = key_size;
	batch->value_size = value_size;
	room = room > BATCH ? BATCH : room < BATCH_LEAST ? BATCH_LEAST : room;
	if (batch_grow(batch, (uint32_t)room) == 0)
		return batch;
	batch_free(batch);
	return NULL;
}

static int hand_over(const struct batch *batch, uint32_t count, entry_fn entry, void *context)
{
	for (uint32_t i = 0; i < count; i++) {
		int r = entry(batch->keys + i * batch->key_size,
			      batch->values + i * batch->value_size, context);

		if (r < 0)
			return r;
	}
	return 0;
}

static int batch_read(struct batch *batch, int map, batch_fn next, entry_fn entry, void *context)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	struct priority before;
	uint64_t token; /* opaque; the kernel writes at most a key's size, at least 4 bytes */
	bool first = true;

	for (;;) {
		uint32_t count = batch->room;
		int failed, r;

		priority_raise(&before);
		r = next(map, first ? NULL : &token, &token, batch->keys, batch->values, &count,
			 &opts);
		priority_restore(&before);
		if (r == -ENOSPC && count == 0) {
			if (batch_grow(batch, batch->room * 2) < 0)
				return -ENOMEM;
			continue;
		}
		if (r < 0 && r != -ENOENT)
			return r;
		failed = hand_over(batch, count, entry, context);
		if (failed < 0 || r == -ENOENT)
			return failed;
		first = false;
	}
}

static int read_all(int map, size_t key_size, size_t value_size, batch_fn next, entry_fn each,
		    void *context, struct error *err)
{
	struct batch *batch = batch_new(key_size, value_size);
	int r = batch ? batch_read(batch, map, next, each, context) : -ENOMEM;

	batch_free(batch);
	return r < 0 ? error_set(err, r, "reading a table: %s", error_name(r)) : 0;
}

int table_each(int map, size_t key_size, size_t value_size, entry_fn each, void *context,
	       struct error *err)
{
	return read_all(map, key_size, value_size, bpf_map_lookup_batch, each, context, err);
}

int table_take(int map, size_t key_size, size_t value_size, entry_fn each, void *context,
	       struct error *err)
{
	return read_all(map, key_size, value_size, bpf_map_lookup_and_delete_batch, each, context,
			err);
}

static int install(struct table_swap *swap, int map)
{
	uint32_t zero = 0, fd = (uint32_t)map;
	struct priority before;
	int r;

	priority_raise(&before);
	r = bpf_map_update_elem(swap->outer, &zero, &fd, BPF_ANY);
	priority_restore(&before);
	return r;
}

int table_swap_init(struct table_swap *swap, const struct loaded *loaded, const char *outer,
		    const char *template, struct error *err)
{
	const struct object *o = load_object(loaded);
	int index = object_map(o, template);

	*swap = (struct table_swap){ .outer = load_map(loaded, outer), .maps = { -1, -1 } };
	if (index < 0 || swap->outer < 0)
		return error_set(err, -ENOENT, "the program has no table '%s'", template);
	swap->batch = batch_new(o->maps[index].key_size, o->maps[index].value_size);
	/* The template is a table like any other: it serves as the first. */
	swap->maps[0] = fcntl(load_map(loaded, template), F_DUPFD_CLOEXEC, 3);
	if (swap->maps[0] < 0)
		return error_set(err, -errno, "duplicating a descriptor: %s", error_name(errno));
	swap->maps[1] = load_new_map(loaded, template, err);
	if (swap->maps[1] < 0)
		return swap->maps[1];
	return swap->batch ? 0 : error_nomem(err);
}

int table_swap_start(struct table_swap *swap, struct error *err)
{
	int r = install(swap, swap->maps[swap->active]);

	return r < 0 ? error_set(err, r, "installing a table: %s", error_name(r)) : 0;
}

int table_swap_stop(struct table_swap *swap, struct error *err)
{
	uint32_t zero = 0;
	int r = bpf_map_delete_elem(swap->outer, &zero);

	swap->stopped = true;
	return r < 0 ? error_set(err, r, "removing a table: %s", error_name(r)) : 0;
}

void table_swap_clear(struct table_swap *swap)
{
	for (int i = 0; i < 2; i++)
		if (swap->maps[i] >= 0)
			close(steal_fd(&swap->maps[i]));
	batch_free(swap->batch);
	swap->batch = NULL;
}

int table_swap_read(struct table_swap *swap,
		    int (*row)(const void *key, const void *value, void *context), void *context,
		    struct error *err)
{
	int old = swap->active, r;

	if (!swap->stopped) {
		r = install(swap, swap->maps[!old]);
		if (r < 0)
			return error_set(err, r, "exchanging tables: %s", error_name(r));
		swap->active = !old;
	}
	r = batch_read(swap->batch, swap->maps[old], bpf_map_lookup_and_delete_batch, row, context);
	return r < 0 ? error_set(err, r, "reading a table: %s", error_name(r)) : 0;
}
