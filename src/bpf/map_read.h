/* SPDX-License-Identifier: MIT */
/* Reading counts out of the kernel, exactly. */
#ifndef MAP_READ_H
#define MAP_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "loader.h"

/**
 * table_read_percpu() - a per-CPU array whose values are 64-bit counters, summed over the CPUs
 * @map:     its descriptor
 * @entries: its size
 * @words:   counters in a value
 * @sums:    entries * words results
 *
 * In one system call where the kernel has it for this kind of map (6.1+), else entry by entry.
 */
int table_read_percpu(int map, uint32_t entries, size_t words, uint64_t *sums, struct error *err);

/**
 * table_each() - hand every entry of a hash table to @each; the table stays as it is
 * Entries that come or go meanwhile may be among them or not.
 */
int table_each(int map, size_t key_size, size_t value_size,
	       int (*each)(const void *key, const void *value, void *context), void *context,
	       struct error *err);

/** table_take() - the same, and take each out of the table. What comes meanwhile may stay. */
int table_take(int map, size_t key_size, size_t value_size,
	       int (*each)(const void *key, const void *value, void *context), void *context,
	       struct error *err);

/**
 * struct table_swap - a hash table that is read by exchanging it for an empty one
 *
 * The program finds the table in a one-element array of maps. Replacing the element waits for every
 * program that may still use the old one (the kernel calls synchronize_rcu() for maps of maps), so
 * what is then read is complete and stays as it is.
 */
struct table_swap {
	int outer;
	int maps[2];
	int active;
	bool stopped;
	struct batch *batch;
};

/**
 * table_swap_init() - make the tables
 * @outer:    name of the array of maps
 * @template: name of the map the tables are made like
 * Nothing is counted before table_swap_start(). Release with table_swap_clear().
 */
int table_swap_init(struct table_swap *swap, const struct loaded *loaded, const char *outer,
		    const char *template, struct error *err);

void table_swap_clear(struct table_swap *swap);

/** table_swap_start() - give the program a table: from now on, at one moment for all its hooks, it
 * counts. */
int table_swap_start(struct table_swap *swap, struct error *err);

/** table_swap_stop() - take it away again: when this returns nothing is counted any more. What was
 * can be read. */
int table_swap_stop(struct table_swap *swap, struct error *err);

/**
 * table_swap_read() - exchange, hand every entry of the old table to @row, leave it empty
 * @row: returns 0 or a negative errno, which stops the reading
 */
int table_swap_read(struct table_swap *swap,
		    int (*row)(const void *key, const void *value, void *context), void *context,
		    struct error *err);

#endif
