/* SPDX-License-Identifier: MIT */
/*
 * Reading a hash table entry by entry, on kernels that cannot do it in batches (before Linux 5.6).
 * For map_batch.c.
 */
#ifndef MAP_WALK_H
#define MAP_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "map_read.h"

/**
 * map_walk_read() - pass every entry of a table to @entry, each once
 * @map:                   descriptor of a hash table
 * @key_size, @value_size: of an entry, in bytes
 * @delete:                also delete each entry from the table
 *
 * While programs add and delete, it is as with batches: what comes or goes meanwhile may be seen
 * or not.
 *
 * Return: 0; the first negative value that @entry returns, which ends the reading; or another
 * negative errno. It sets no message.
 */
int map_walk_read(int map, size_t key_size, size_t value_size, bool delete, map_entry_fn entry,
		  void *context);

#endif
