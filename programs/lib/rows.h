/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Values of the rows that the kernel counts. The key is made for each run, see group_by.h. */
#ifndef ROWS_H
#define ROWS_H

#include <linux/types.h>

#include "lib/latency_buckets.h"

enum {
	ROW_COMM = 16,
};

/* What was counted for one key, on one CPU, in one interval. */
struct row_count {
	__u64 calls;
	__u64 errors;        /* calls that returned -1 to -4095 */
	char comm[ROW_COMM]; /* name of the process or thread, as of its first call or last exec */
	__u64 named_ns;      /* CLOCK_MONOTONIC then; the newest name is the one to show */
};

/* The same, and how long the calls took. */
struct row_times {
	struct row_count count;
	__u64 timed; /* calls whose beginning was seen; the others are only counted */
	__u64 total_ns;
	__u64 min_ns; /* means nothing when @timed is 0 */
	__u64 max_ns;
	__u32 histogram[HISTOGRAM_BUCKETS];
};

_Static_assert(sizeof(struct row_count) == 40, "same layout on both sides");
_Static_assert(sizeof(struct row_times) == 72 + 4 * HISTOGRAM_BUCKETS, "same layout on both sides");

#endif
