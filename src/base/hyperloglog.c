/* SPDX-License-Identifier: MIT */
/*
 * How many different things there were. See distinct.h.
 *
 * The improved estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches" (2017), algorithm 6: without bias from nothing to 2^64, and so without a table of
 * corrections or a switch between methods.
 */
#include "hyperloglog.h"

static const double registers_count = OPEN_DISTINCT;
static const double alpha = 0.721347520444481703680; /* 1 / (2 ln 2) */

/* x + sum of x^(2^k) * 2^(k-1), k from 1; for 0 <= x < 1, where it ends when it no longer grows. */
static double sigma(double x)
{
	double sum = x, weight = 1, before;

	do {
		x *= x;
		before = sum;
		sum += x * weight;
		weight += weight;
	} while (sum > before);
	return sum;
}

/* Newton's way down from 1 to the root of 0 < x <= 1, rather than all of libm for this. */
static double root(double x)
{
	double y = 1, before;

	do {
		before = y;
		y = (y + x / y) / 2;
	} while (y < before);
	return before;
}

/* (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k, k from 1) / 3 */
static double tau(double x)
{
	double sum = 1 - x, weight = 1, before;

	if (x <= 0 || x >= 1)
		return 0;
	do {
		x = root(x);
		before = sum;
		weight /= 2;
		sum -= (1 - x) * (1 - x) * weight;
	} while (sum < before);
	return sum / 3;
}

static void count_ranks(const uint8_t *registers, unsigned *counts)
{
	for (unsigned i = 0; i < OPEN_DISTINCT; i++) {
		unsigned rank = registers[i];

		counts[rank < DISTINCT_RANK_MAX ? rank : DISTINCT_RANK_MAX]++;
	}
}

uint64_t distinct_estimate(const uint8_t *registers)
{
	unsigned counts[DISTINCT_RANK_MAX + 1] = { 0 };
	double z, estimate;

	count_ranks(registers, counts);
	/* Where sigma() and tau() have no end. */
	if (counts[0] == OPEN_DISTINCT)
		return 0;
	if (counts[DISTINCT_RANK_MAX] == OPEN_DISTINCT)
		return UINT64_MAX;
	z = registers_count * tau(1 - counts[DISTINCT_RANK_MAX] / registers_count);
	for (unsigned rank = DISTINCT_RANK_MAX - 1; rank > 0; rank--)
		z = (z + counts[rank]) / 2;
	z += registers_count * sigma(counts[0] / registers_count);
	estimate = alpha * registers_count * registers_count / z + 0.5;
	return estimate < 0x1p64 ? (uint64_t)estimate : UINT64_MAX;
}

void distinct_merge(uint8_t *to, const uint8_t *from)
{
	for (unsigned i = 0; i < OPEN_DISTINCT; i++)
		if (from[i] > to[i])
			to[i] = from[i];
}
