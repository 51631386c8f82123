/* SPDX-License-Identifier: MIT */
/* Reading maps while programs write to them. See map_read.h. */
#define _GNU_SOURCE
#include "map_read.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "map_batch.h"
#include "realtime.h"

enum {
	NOT_SUPPORTED = 524, /* the kernel's ENOTSUPP, which has no name in user space */
};

/* @stride: bytes of a value, which is one slot for each possible CPU */
static int read_array(int map, uint32_t entries, size_t stride, char *values)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	cleanup_free uint32_t *keys = calloc(entries, sizeof(*keys));
	uint32_t count = entries, token;
	int r;

	if (!keys)
		return -ENOMEM;
	r = bpf_map_lookup_batch(map, NULL, &token, keys, values, &count, &opts);
	/* EINVAL: no batches before Linux 5.6. */
	if (r != -NOT_SUPPORTED && r != -EINVAL)
		return r == -ENOENT ? 0 : r;
	for (uint32_t i = 0; i < entries; i++) {
		r = bpf_map_lookup_elem(map, &i, values + i * stride);
		if (r < 0)
			return r;
	}
	return 0;
}

int map_read_percpu(int map, uint32_t entries, size_t words, uint64_t *sums, struct error *err)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus();
	cleanup_free uint64_t *values = calloc(entries * cpus, words * sizeof(*values));
	struct realtime before;
	int r;

	if (!values)
		return error_nomem(err);
	realtime_raise(&before);
	r = read_array(map, entries, cpus * words * sizeof(*values), (char *)values);
	realtime_restore(&before);
	if (r < 0)
		return error_set(err, r, "reading a per-CPU table: %s", error_words(r));
	memset(sums, 0, entries * words * sizeof(*sums));
	for (size_t entry = 0; entry < entries; entry++)
		for (size_t cpu = 0; cpu < cpus; cpu++)
			for (size_t word = 0; word < words; word++)
				sums[entry * words + word] +=
					values[(entry * cpus + cpu) * words + word];
	return 0;
}

static int read_all(int map, size_t key_size, size_t value_size, bool delete, map_entry_fn each,
		    void *context, struct error *err)
{
	struct map_batch *batch = map_batch_new(key_size, value_size);
	int r = batch ? map_batch_read(batch, map, delete, each, context) : -ENOMEM;

	map_batch_free(batch);
	return r < 0 ? error_set(err, r, "reading a table: %s", error_words(r)) : 0;
}

int map_read_all(int map, size_t key_size, size_t value_size, map_entry_fn each, void *context,
		 struct error *err)
{
	return read_all(map, key_size, value_size, false, each, context, err);
}

int map_read_and_delete(int map, size_t key_size, size_t value_size, map_entry_fn each,
			void *context, struct error *err)
{
	return read_all(map, key_size, value_size, true, each, context, err);
}
