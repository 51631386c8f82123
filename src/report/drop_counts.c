/* SPDX-License-Identifier: MIT */
/* Events that are not in a report, by cause. See drop_counts.h. */
#include "drop_counts.h"

#include <string.h>

#include "saturated.h"

void drops_by_cause(const struct drops *drops, struct drop_cause causes[DROP_CAUSES])
{
	const struct drop_cause list[DROP_CAUSES] = {
		{ "map_full", "map full", drops->map_full },
		{ "buffer", "buffer full", drops->buffer },
		{ "unmatched", "unmatched", drops->unmatched },
		{ "missed", "missed", drops->missed },
		{ "unread", "unread", drops->unread },
	};

	memcpy(causes, list, sizeof(list));
}

uint64_t drops_total(const struct drops *drops)
{
	struct drop_cause causes[DROP_CAUSES];
	uint64_t total = 0;

	drops_by_cause(drops, causes);
	for (int i = 0; i < DROP_CAUSES; i++)
		total = add_saturated(total, causes[i].count);
	return total;
}

static uint64_t growth(uint64_t now, uint64_t then)
{
	return now > then ? now - then : 0;
}

struct drops drops_since(const struct drops *now, const struct drops *then)
{
	return (struct drops){
		.map_full = now->map_full - then->map_full,
		.buffer = now->buffer - then->buffer,
		.unmatched = growth(now->unmatched, then->unmatched),
		.missed = now->missed - then->missed,
		.unread = now->unread - then->unread,
		.untimed = now->untimed - then->untimed,
		.lineage = now->lineage - then->lineage,
	};
}
