/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bucket that counts a duration, see latency_buckets.h. Plain C, so that a unit test can
 * compare it with the bounds that the tool knows.
 */
#include "lib/latency_buckets.h"
#include "lib/verifier.bpf.h"

/*
 * BPF has no instruction for the position of the highest bit, and clang 14 crashes on
 * __builtin_clzll(). So the bit is searched for by halves. One step, in plain C:
 *
 *	if (value >> bits) {
 *		value >>= bits;
 *		log2 += bits;
 *	}
 *
 * Here it is arithmetic: the verifier follows every branch, and the six steps would make 64 paths
 * through each program that measures. Right while no value has bit 63.
 */
#define HISTOGRAM_HALVE(value, log2, bits)                                                         \
	do {                                                                                       \
		u64 above_ = (((1ull << (bits)) - 1 - (value)) >> 63) * (bits);                    \
		(value) >>= above_;                                                                \
		(log2) += above_;                                                                  \
	} while (0)

/* log2 += the position of the highest bit of @value, which must not be 0; @value is used up. */
#define ADD_HIGHEST_BIT(value, log2)                                                               \
	do {                                                                                       \
		HISTOGRAM_HALVE(value, log2, 32);                                                  \
		HISTOGRAM_HALVE(value, log2, 16);                                                  \
		HISTOGRAM_HALVE(value, log2, 8);                                                   \
		HISTOGRAM_HALVE(value, log2, 4);                                                   \
		HISTOGRAM_HALVE(value, log2, 2);                                                   \
		HISTOGRAM_HALVE(value, log2, 1);                                                   \
	} while (0)

/*
 * In plain C:
 *
 *	if (ns < 1 << HISTOGRAM_FIRST_BIT)
 *		return 0;
 *	return min(1 + (log2 of ns - FIRST_BIT) * STEPS + (the three bits below the highest), LAST);
 *
 * Return: always below HISTOGRAM_BUCKETS, as the verifier can see.
 */
static inline u32 histogram_bucket(u64 ns)
{
	u64 high = ns >> HISTOGRAM_FIRST_BIT, log2 = 0, bucket, from_first;

	/* clang makes a comparison and a branch of the next line when it knows the range. */
	HIDE_FROM_CLANG(high);
	/* 0 for what belongs into bucket 0, else all bits. */
	from_first = ((high - 1) >> 63) - 1;
	ADD_HIGHEST_BIT(high, log2);
	/* The highest bit and the three below it: 8 to 15. */
	bucket = ns >> (log2 + HISTOGRAM_FIRST_BIT - HISTOGRAM_STEP_BITS);
	bucket = (bucket - (HISTOGRAM_STEPS - 1) + log2 * HISTOGRAM_STEPS) & from_first;
	CLAMP_FOR_VERIFIER(bucket, HISTOGRAM_LAST);
	HIDE_FROM_CLANG(bucket);
	return bucket;
}
