/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bucket of a duration, see histogram.h. Plain C, so that a test can compare it with the bounds the tool knows.
 *
 * BPF has no instruction for the position of the highest bit, and not every clang makes up for that (14 dies of it). So
 * it is searched for by halves, in arithmetic: the verifier follows every branch, and with six of them there were 64
 * ways through each program that measures.
 */
#include "lib/latency_buckets.h"

/* When @value has a bit from 2^@bits on: count them in @log2, and shift them out. Right while no value has bit 63. */
#define HISTOGRAM_HALVE(value, log2, bits)                                                         \
	do {                                                                                       \
		u64 above_ = (((1ull << (bits)) - 1 - (value)) >> 63) * (bits);                    \
		(value) >>= above_;                                                                \
		(log2) += above_;                                                                  \
	} while (0)

/* Return: always below HISTOGRAM_BUCKETS, as the verifier can see. */
static inline u32 histogram_bucket(u64 ns)
{
	u64 high = ns >> HISTOGRAM_FIRST_BIT, log2 = 0, bucket, from_first;

	/* Of a number whose range it knows clang makes a comparison again, and of that a branch. */
	asm volatile("" : "+r"(high));
	/* 0 for what belongs into bucket 0, else all bits. */
	from_first = ((high - 1) >> 63) - 1;
	HISTOGRAM_HALVE(high, log2, 32);
	HISTOGRAM_HALVE(high, log2, 16);
	HISTOGRAM_HALVE(high, log2, 8);
	HISTOGRAM_HALVE(high, log2, 4);
	HISTOGRAM_HALVE(high, log2, 2);
	HISTOGRAM_HALVE(high, log2, 1);
	/* The highest bit and the three below it: 8 to 15. */
	bucket = ns >> (log2 + HISTOGRAM_FIRST_BIT - HISTOGRAM_STEP_BITS);
	bucket = (bucket - (HISTOGRAM_STEPS - 1) + log2 * HISTOGRAM_STEPS) & from_first;
	/* One copy to test and to use, and the verifier is not to lose its bound: see BOUND in bound.bpf.h. */
	asm volatile("" : "+r"(bucket));
	if (bucket > HISTOGRAM_LAST)
		bucket = HISTOGRAM_LAST;
	asm volatile("" : "+r"(bucket));
	return bucket;
}
