/* SPDX-License-Identifier: MIT */
/*
 * A hash table that is read and emptied without losing a count, by swapping it for an empty one.
 *
 * A table that programs add to cannot be read entry by entry and cleared: what is added between the
 * two is lost. So the program finds its table in an array of maps with one element. The tool puts
 * an empty table there, and then reads the old one. The kernel returns from that update only when
 * no program can still be using the old table (synchronize_rcu() for maps of maps, since
 * Linux 4.20), so the old table is complete and does not change any more. For older kernels
 * membarrier(2) waits: it takes as long until every CPU has left the code that runs programs.
 */
#ifndef MAP_SWAP_H
#define MAP_SWAP_H

#include <stdbool.h>

#include "error.h"
#include "loader.h"
#include "map_read.h"

struct map_batch;

/**
 * struct map_swap - two tables that take turns
 * @outer:   descriptor of the array of maps, borrowed from the loader
 * @numbered: the kernel has no maps of maps, so @outer has the number of a table, from 1; 0: none
 * @maps:    the two tables; -1 if there is none
 * @active:  index of the table that the program uses
 * @stopped: the program has no table
 * @barrier: the kernel does not wait itself; the caller sets it, see kernel_swaps_wait()
 * @batch:   buffers for reading
 */
struct map_swap {
	int outer;
	int maps[2];
	int active;
	bool numbered;
	bool stopped;
	bool barrier;
	struct map_batch *batch;
};

/**
 * map_swap_init() - make the tables; the program counts nothing before map_swap_start()
 * @swap:     filled; release with map_swap_clear(), also after a failure
 * @loaded:   the program's maps; must outlive @swap
 * @outer:    name of the array of maps
 * @template: name of the map that both tables are made like; where the program has another one,
 *            called "other_" and this, that is the second, and @outer has their numbers
 * @key_size, @value_size: of the template, in bytes
 *
 * Return: 0; -ENOENT if the program has no such maps; -EINVAL if their sizes are others; or another
 * negative errno.
 */
int map_swap_init(struct map_swap *swap, const struct loaded *loaded, const char *outer,
		  const char *template, size_t key_size, size_t value_size, struct error *err);

/** map_swap_clear() - free what @swap holds; the struct itself is the caller's. */
void map_swap_clear(struct map_swap *swap);

/**
 * map_swap_start() - give the program a table
 *
 * All hooks of the program begin to count at the same moment.
 *
 * Return: 0 or a negative errno.
 */
int map_swap_start(struct map_swap *swap, struct error *err);

/**
 * map_swap_stop() - take the table away from the program
 *
 * After the call nothing is counted. What was counted can still be read.
 *
 * Return: 0 or a negative errno.
 */
int map_swap_stop(struct map_swap *swap, struct error *err);

/**
 * map_swap_read() - swap the tables, pass every entry of the old one to @row, and empty it
 *
 * After map_swap_stop() nothing is swapped: the last table is read.
 *
 * Return: 0 or a negative errno.
 */
int map_swap_read(struct map_swap *swap, map_entry_fn row, void *context, struct error *err);

#endif
