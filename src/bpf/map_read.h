/* SPDX-License-Identifier: MIT */
/*
 * Reading maps while programs write to them.
 *
 * A counter array only grows, so a caller takes differences between two readings. A hash table that
 * must be read and emptied without losing what is added meanwhile takes map_swap.h.
 */
#ifndef MAP_READ_H
#define MAP_READ_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

/**
 * map_entry_fn - one entry of a hash table
 * @key, @value: borrowed until it returns; aligned for no type
 *
 * Return: 0, or a negative errno, which ends the reading and is returned by it.
 */
typedef int (*map_entry_fn)(const void *key, const void *value, void *context);

/**
 * map_read_percpu() - read a per-CPU array of 64-bit counters, and add up the CPUs
 * @map:     its descriptor
 * @entries: its size
 * @words:   counters in a value
 * @sums:    result: @entries * @words sums, those of one entry side by side
 *
 * This takes one system call since Linux 6.1, and one for each entry before (the batch call fails
 * with 524, ENOTSUPP, for which user space has no name).
 *
 * Return: 0 or a negative errno.
 */
int map_read_percpu(int map, uint32_t entries, size_t words, uint64_t *sums, struct error *err);

/**
 * map_read_all() - pass every entry of a hash table to @each
 * @map:                   its descriptor
 * @key_size, @value_size: in bytes
 *
 * An entry that is added or deleted during the call may be passed or not.
 *
 * Return: 0 or a negative errno.
 */
int map_read_all(int map, size_t key_size, size_t value_size, map_entry_fn each, void *context,
		 struct error *err);

/**
 * map_read_and_delete() - as map_read_all(), and delete each entry from the table
 *
 * An entry that is added during the call may stay.
 */
int map_read_and_delete(int map, size_t key_size, size_t value_size, map_entry_fn each,
			void *context, struct error *err);

#endif
