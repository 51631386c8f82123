/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Buckets for durations: eight equal steps to every power of two, from 64 ns to 73 minutes.
 *
 * Bucket 0 is everything below 2^6 ns, the last one everything from 2^42 ns on. The buckets between
 * are at most 1/8 as wide as their lower bound. So the middle of a value's bucket is at most 1/16
 * (6.25 %) of the value away from it, and any other place in the bucket less than 1/8 (12.5 %). The
 * exact smallest and largest value are kept beside the counts: they bound the first and last
 * bucket.
 */
#ifndef LATENCY_BUCKETS_H
#define LATENCY_BUCKETS_H

enum {
	HISTOGRAM_STEP_BITS = 3,
	HISTOGRAM_STEPS = 1 << HISTOGRAM_STEP_BITS, /* buckets to a power of two */
	HISTOGRAM_FIRST_BIT = 6,                    /* bucket 1 begins at 2^this ns */
	HISTOGRAM_LAST_BIT = 42,                    /* the last bucket begins at 2^this ns */
	HISTOGRAM_OCTAVES = HISTOGRAM_LAST_BIT - HISTOGRAM_FIRST_BIT,
	HISTOGRAM_LAST = 1 + HISTOGRAM_OCTAVES * HISTOGRAM_STEPS,
	HISTOGRAM_BUCKETS = HISTOGRAM_LAST + 1,
};

_Static_assert(HISTOGRAM_BUCKETS == 290, "as documented");

#endif
