/* SPDX-License-Identifier: MIT */
/*
 * Reading a hash table in batches: many entries in one system call. For map_read.c and map_swap.c.
 * Where the kernel has no batches, entries are read one by one (map_walk.h).
 */
#ifndef MAP_BATCH_H
#define MAP_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "map_read.h"

/** struct map_batch - buffers for one batch; reusable for tables with the same sizes */
struct map_batch;

/**
 * map_batch_new() - allocate buffers
 * @key_size, @value_size: of an entry, in bytes
 *
 * Return: buffers for map_batch_free(), or NULL if there is no memory.
 */
struct map_batch *map_batch_new(size_t key_size, size_t value_size);

/** map_batch_free() - free buffers; NULL is allowed. */
void map_batch_free(struct map_batch *batch);

/**
 * map_batch_read() - pass every entry of a table to @entry
 * @map:    descriptor of a hash table
 * @delete: also delete each entry from the table
 *
 * Return: 0; the first negative value that @entry returns, which ends the reading; or another
 * negative errno. It sets no message.
 */
int map_batch_read(struct map_batch *batch, int map, bool delete, map_entry_fn entry,
		   void *context);

#endif
