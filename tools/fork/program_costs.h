/* SPDX-License-Identifier: MIT */
/* What the programs of a run cost, by name. */
#ifndef FORK_PROGRAM_COSTS_H
#define FORK_PROGRAM_COSTS_H

#include "picture_layout.h"

/**
 * struct program_cost
 * @name:  of its file; borrowed from the processes
 * @count: processes that ended as this program
 */
struct program_cost {
	const char *name;
	size_t count;
	uint64_t cpu_ns, wall_ns;
};

/**
 * program_costs() - add up by name
 * @costsp: the costliest first: most processor time, then most time; heap memory
 * @countp: how many names there are
 * Return: 0 or -ENOMEM.
 */
int program_costs(const struct picture_layout *layout, struct program_cost **costsp,
		  size_t *countp);

#endif
