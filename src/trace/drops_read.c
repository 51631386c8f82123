/* SPDX-License-Identifier: MIT */
/* What happened and is not in the counts. See drops_read.h. */
#include "drops_read.h"

#include <errno.h>
#include <string.h>

#include "drops.h"
#include "map_read.h"

int drops_read(const struct loaded *loaded, const char *const *timing_only, uint64_t in_flight,
	       struct drops *drops, struct error *err)
{
	uint64_t counts[DROP_KINDS], accounted, missed;
	int map = loader_map(loaded, "drops", sizeof(uint32_t), sizeof(counts[0]));
	int r = map == -ENOENT ? 0 : map_read_percpu(map, DROP_KINDS, 1, counts, err);

	memset(drops, 0, sizeof(*drops));
	if (r < 0 || map == -ENOENT)
		return r;
	r = loader_missed(loaded, timing_only, &missed);
	if (r < 0)
		return error_set(err, r, "asking the kernel how often it skipped a program: %s",
				 error_words(r));
	accounted = counts[DROP_RETURNED] + in_flight;
	*drops = (struct drops){
		.map_full = counts[DROP_MAP_FULL],
		.buffer = counts[DROP_BUFFER],
		.unmatched =
			counts[DROP_ENTERED] > accounted ? counts[DROP_ENTERED] - accounted : 0,
		.missed = missed,
		.unread = counts[DROP_UNREAD],
		.untimed = counts[DROP_UNTIMED],
		.lineage = counts[DROP_LINEAGE],
	};
	return 0;
}
