/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Rows of a report as the kernel gathers them: a hash table of one interval. What tells rows apart (the key) is
 * made for each run from what --by asks for, see src/by.h; the values are these.
 */
#ifndef ROWS_H
#define ROWS_H

#include <linux/types.h>

#include "lib/latency_buckets.h"

enum {
	ROW_COMM = 16,
};

/**
 * struct row_count - what was counted for one key, on one CPU, in one interval
 * @calls, @errors: and how many of the calls returned -1 to -4095
 * @comm: a name for the key: of the process's leader or of the thread, as it was when it came first or executed
 *        a program
 * @named_ns: CLOCK_MONOTONIC then; the newest name is the one to show
 */
struct row_count {
	__u64 calls;
	__u64 errors;
	char comm[ROW_COMM];
	__u64 named_ns;
};

/**
 * struct row_times - the same, and how long the calls took
 * @timed: calls whose beginning was seen; the others are only counted
 * @total_ns, @min_ns, @max_ns: over these; @min_ns means nothing when @timed is 0
 * @histogram: how many took how long
 */
struct row_times {
	struct row_count count;
	__u64 timed;
	__u64 total_ns;
	__u64 min_ns;
	__u64 max_ns;
	__u32 histogram[HISTOGRAM_BUCKETS];
};

_Static_assert(sizeof(struct row_count) == 40, "same layout on both sides");
_Static_assert(sizeof(struct row_times) == 72 + 4 * HISTOGRAM_BUCKETS, "same layout on both sides");

#endif
