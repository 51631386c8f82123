/* SPDX-License-Identifier: MIT */
/* Reading counts out of the kernel. See table.h. */
#define _GNU_SOURCE
#include "table.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "cleanup.h"

enum {
	BATCH = 1024,
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
	int r;

	if (!values)
		return error_nomem(err);
	r = read_array(map, entries, cpus * words * sizeof(*values), (char *)values);
	if (r < 0)
		return error_set(err, r, "reading a per-CPU table: %s", error_name(r));
	memset(sums, 0, entries * words * sizeof(*sums));
	for (size_t entry = 0; entry < entries; entry++)
		for (size_t cpu = 0; cpu < cpus; cpu++)
			for (size_t word = 0; word < words; word++)
				sums[entry * words + word] += values[(entry * cpus + cpu) * words + word];
	return 0;
}

static int install(struct table_swap *swap, int map)
{
	uint32_t zero = 0, fd = (uint32_t)map;

	return bpf_map_update_elem(swap->outer, &zero, &fd, BPF_ANY);
}

static int allocate_batch(struct table_swap *swap, uint32_t batch)
{
	free(swap->keys);
	free(swap->values);
	swap->batch = batch;
	swap->keys = calloc(batch, swap->key_size);
	swap->values = calloc(batch, swap->value_size);
	return swap->keys && swap->values ? 0 : -ENOMEM;
}

int table_swap_init(struct table_swap *swap, const struct loaded *loaded, const char *outer, const char *template,
		    struct error *err)
{
	const struct object *o = load_object(loaded);
	int index = object_map(o, template);

	*swap = (struct table_swap){ .outer = load_map(loaded, outer), .maps = { -1, -1 } };
	if (index < 0 || swap->outer < 0)
		return error_set(err, -ENOENT, "the program has no table '%s'", template);
	swap->key_size = o->maps[index].key_size;
	swap->value_size = o->maps[index].value_size;
	swap->max_entries = o->maps[index].max_entries;
	/* The template is a table like any other: it serves as the first. */
	swap->maps[0] = fcntl(load_map(loaded, template), F_DUPFD_CLOEXEC, 3);
	if (swap->maps[0] < 0)
		return error_set(err, -errno, "duplicating a descriptor: %s", error_name(errno));
	swap->maps[1] = load_new_map(loaded, template, err);
	if (swap->maps[1] < 0)
		return swap->maps[1];
	if (allocate_batch(swap, swap->max_entries < BATCH ? swap->max_entries : BATCH) < 0)
		return error_nomem(err);
	return 0;
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
	free(swap->keys);
	free(swap->values);
	swap->keys = swap->values = NULL;
}

static int hand_rows(const struct table_swap *swap, uint32_t count,
		     int (*row)(const void *key, const void *value, void *context), void *context)
{
	for (uint32_t i = 0; i < count; i++) {
		int r = row((char *)swap->keys + (size_t)i * swap->key_size,
			    (char *)swap->values + (size_t)i * swap->value_size, context);

		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * Empty a table that nobody writes to. The last batch comes with ENOENT and is valid; a hash bucket that
 * does not fit into a batch is ENOSPC, nothing read.
 */
static int drain(struct table_swap *swap, int map, int (*row)(const void *, const void *, void *), void *context)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	uint64_t token; /* opaque; the kernel writes at most a key's size, at least 4 bytes */
	bool first = true;

	for (;;) {
		uint32_t count = swap->batch;
		int r = bpf_map_lookup_and_delete_batch(map, first ? NULL : &token, &token, swap->keys,
							swap->values, &count, &opts);
		int failed;

		if (r == -ENOSPC && count == 0) {
			if (allocate_batch(swap, swap->batch * 2) < 0)
				return -ENOMEM;
			continue;
		}
		if (r < 0 && r != -ENOENT)
			return r;
		failed = hand_rows(swap, count, row, context);
		if (failed < 0 || r == -ENOENT)
			return failed;
		first = false;
	}
}

int table_swap_read(struct table_swap *swap, int (*row)(const void *key, const void *value, void *context),
		    void *context, struct error *err)
{
	int old = swap->active, r;

	if (!swap->stopped) {
		r = install(swap, swap->maps[!old]);
		if (r < 0)
			return error_set(err, r, "exchanging tables: %s", error_name(r));
		swap->active = !old;
	}
	r = drain(swap, swap->maps[old], row, context);
	return r < 0 ? error_set(err, r, "reading a table: %s", error_name(r)) : 0;
}
