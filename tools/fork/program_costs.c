/* SPDX-License-Identifier: MIT */
/* What the programs of a run cost. See program_costs.h. */
#include "program_costs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
	const struct program_cost *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int costliest_first(const void *a, const void *b)
{
	const struct program_cost *x = a, *y = b;

	if (x->cpu_ns != y->cpu_ns)
		return x->cpu_ns > y->cpu_ns ? -1 : 1;
	if (x->wall_ns != y->wall_ns)
		return x->wall_ns > y->wall_ns ? -1 : 1;
	return by_name(a, b);
}

static size_t merge(struct program_cost *costs, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept && !by_name(&costs[kept - 1], &costs[i])) {
			costs[kept - 1].count++;
			costs[kept - 1].cpu_ns += costs[i].cpu_ns;
			costs[kept - 1].wall_ns += costs[i].wall_ns;
		} else {
			costs[kept++] = costs[i];
		}
	}
	return kept;
}

int program_costs(const struct picture_layout *layout, struct program_cost **costsp, size_t *countp)
{
	struct program_cost *costs = calloc(layout->count + 1, sizeof(*costs));

	if (!costs)
		return -ENOMEM;
	for (size_t i = 0; i < layout->count; i++) {
		const struct bar *bar = &layout->bars[i];

		costs[i] = (struct program_cost){ .name = process_name(bar->process),
						  .count = 1,
						  .cpu_ns = bar->process->cpu_ns,
						  .wall_ns = bar->end_ns - bar->begin_ns };
	}
	qsort(costs, layout->count, sizeof(*costs), by_name);
	*countp = merge(costs, layout->count);
	qsort(costs, *countp, sizeof(*costs), costliest_first);
	*costsp = costs;
	return 0;
}
