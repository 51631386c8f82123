/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/drops.h"

/* A counter for each reason why something was seen and is not in the numbers. */
BPF_PERCPU_ARRAY(drops, u64, DROP_KINDS);

static inline void drop_count(int kind)
{
	u64 *count = drops.lookup(&kind);

	if (count)
		__sync_fetch_and_add(count, 1);
}
