/* SPDX-License-Identifier: MIT */
/*
 * Where each process stands in a picture. Time runs to the right. A process is a bar, and what it
 * made is below it. Processes that do not overlap in time share rows.
 */
#ifndef FORK_PICTURE_LAYOUT_H
#define FORK_PICTURE_LAYOUT_H

#include "process_tree.h"

enum { PICTURE_ROWS_MAX = 1000 };

struct bar {
	const struct process *process;
	uint64_t begin_ns, end_ns;
	unsigned row;
};

/**
 * struct picture_layout
 * @bars:     in the order of their rows, and in each of their beginnings
 * @rows:     how many there are, at most PICTURE_ROWS_MAX
 * @begin_ns, @end_ns: the time that all bars take
 * @unplaced: processes for which there was no row
 */
struct picture_layout {
	struct bar *bars;
	size_t count;
	unsigned rows;
	uint64_t begin_ns, end_ns;
	size_t unplaced;
};

/**
 * picture_lay_out() - find a place for each process
 *
 * It also marks the processes of the critical path: from the end of the run backwards, at each
 * moment the process whose end was waited for. To make another one faster changes little.
 *
 * @layout: the caller frees @bars
 * Return: 0 or -ENOMEM.
 */
int picture_lay_out(struct process_tree *tree, struct picture_layout *layout);

#endif
