/* SPDX-License-Identifier: MIT */
/* Events that are not in a report, by cause. See drop_counts.h. */
#include "drop_counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saturated.h"

void drops_by_cause(const struct drops *drops, struct drop_cause causes[DROP_CAUSES])
{
	const struct drop_cause list[DROP_CAUSES] = {
		{ "map_full", "table full", DROPS_CURE ", or count by fewer keys",
		  drops->map_full },
		{ "buffer", "buffer full", "raise --buffer, or " DROPS_CURE, drops->buffer },
		{ "unmatched", "return not seen", "see unmatched in the manual page",
		  drops->unmatched },
		{ "missed", "skipped by the kernel", "see missed in the manual page",
		  drops->missed },
		{ "unread", "not readable", "see unread in the manual page", drops->unread },
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

const char *drops_text(const struct drops *drops, char *buf, size_t size)
{
	struct drop_cause causes[DROP_CAUSES];
	uint64_t total = drops_total(drops);
	const char *before = ": ";
	size_t len = 0;

	drops_by_cause(drops, causes);
	snprintf(buf, size, "%s", "");
	if (total)
		len = (size_t)snprintf(buf, size, "dropped %" PRIu64, total);
	for (int i = 0; i < DROP_CAUSES && len < size; i++) {
		if (!causes[i].count)
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s%s %" PRIu64 " (%s)", before,
					causes[i].words, causes[i].count, causes[i].cure);
		before = ", ";
	}
	return buf;
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
