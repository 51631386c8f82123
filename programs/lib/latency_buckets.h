/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Durations in buckets that widen with what they hold: eight equal steps to every power of two, from 64 ns to 73
 * minutes.
 *
 * Bucket 0 is everything below 2^6 ns, the last one everything from 2^42 ns on. Those between are at most 1/8 of their
 * lower bound wide. So the middle of a value's bucket is at most 1/16 (6.25 %) of the value away from it, and whatever
 * else is taken from within the bucket less than 1/8 (12.5 %). Bucket 0 is 64 ns wide, the last one has no end: the
 * exact smallest and largest value, kept beside the counts, bound both, and all others further.
 */
#ifndef PROGRAMS_HISTOGRAM_H
#define PROGRAMS_HISTOGRAM_H

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
