/* SPDX-License-Identifier: MIT */
/*
 * Estimates of how many different values there were. See hyperloglog.h.
 *
 * The estimator is algorithm 6 of Otmar Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches" (2017). It has no bias from 0 to 2^64, so it needs no table of corrections
 * and no switch between methods.
 */
#include "hyperloglog.h"

static const double registers_count = OPEN_DISTINCT;
static const double alpha = 0.721347520444481703680; /* 1 / (2 ln 2) */

/* x + sum of x^(2^k) * 2^(k-1) for k = 1, 2, ...; 0 <= x < 1. Ends when the sum stops growing. */
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

/* The square root of 0 < x <= 1 by Newton's method from 1 down; not worth linking libm. */
static double root(double x)
{
	double y = 1, before;

	do {
		before = y;
		y = (y + x / y) / 2;
	} while (y < before);
	return before;
}

/* (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k for k = 1, 2, ...) / 3 */
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

		counts[rank < HYPERLOGLOG_RANK_MAX ? rank : HYPERLOGLOG_RANK_MAX]++;
	}
}

uint64_t hyperloglog_estimate(const uint8_t *registers)
{
	unsigned counts[HYPERLOGLOG_RANK_MAX + 1] = { 0 };
	double z, estimate;

	count_ranks(registers, counts);
	/* The formula would divide by infinity here, and by 0 in the next case. */
	if (counts[0] == OPEN_DISTINCT)
		return 0;
	if (counts[HYPERLOGLOG_RANK_MAX] == OPEN_DISTINCT)
		return UINT64_MAX;
	z = registers_count * tau(1 - counts[HYPERLOGLOG_RANK_MAX] / registers_count);
	for (unsigned rank = HYPERLOGLOG_RANK_MAX - 1; rank > 0; rank--)
		z = (z + counts[rank]) / 2;
	z += registers_count * sigma(counts[0] / registers_count);
	estimate = alpha * registers_count * registers_count / z + 0.5;
	return estimate < 0x1p64 ? (uint64_t)estimate : UINT64_MAX;
}

void hyperloglog_merge(uint8_t *to, const uint8_t *from)
{
	for (unsigned i = 0; i < OPEN_DISTINCT; i++)
		if (from[i] > to[i])
			to[i] = from[i];
}
