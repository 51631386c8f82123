/* SPDX-License-Identifier: MIT */
/* What runs now, as a tree on a screen: processes born in this run, below those that made them. */
#ifndef FORK_LIVE_TREE_H
#define FORK_LIVE_TREE_H

#include "process_tree.h"
#include "report.h"

/**
 * struct live_tree - what a screen shows
 * @tree:    made with @shows_makers
 * @now_ns:  of clock_monotonic_ns()
 * @forks:   since it was shown last, in @span_ns
 */
struct live_tree {
	struct process_tree *tree;
	uint64_t now_ns;
	uint64_t forks;
	uint64_t span_ns;
};

/**
 * live_tree_show() - show it, and forget those that ended some seconds ago
 * Return: 0 or negative errno.
 */
int live_tree_show(const struct live_tree *live, struct report *report);

#endif
