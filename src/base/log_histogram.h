/* SPDX-License-Identifier: MIT */
/*
 * Histograms with logarithmic buckets: durations that the kernel has counted, and plain counts such
 * as opens per process. Both split every power of two into eight equal buckets, so a bucket is at
 * most 1/8 as wide as its smallest value. Beside the buckets both keep the exact smallest value,
 * largest value and sum.
 *
 * They differ in where the first power of two begins. Durations below 64 ns share one bucket, and
 * so do those of 73 minutes and more; programs/lib/latency_buckets.h has the numbers. Counts below
 * 16 have a bucket each, and every 64-bit count has a bucket.
 */
#ifndef LOG_HISTOGRAM_H
#define LOG_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "latency_buckets.h"

/**
 * struct histogram - durations in ns; all zero is an empty histogram
 * @timed:    number of durations; when it is 0, the other members mean nothing
 * @total_ns: their sum
 * @min_ns:   the smallest, exactly
 * @max_ns:   the largest, exactly
 * @counts:   number of durations in each bucket
 */
struct histogram {
	uint64_t timed;
	uint64_t total_ns;
	uint64_t min_ns;
	uint64_t max_ns;
	uint64_t counts[HISTOGRAM_BUCKETS];
};

/** histogram_lower() - the smallest duration that belongs to a bucket, in ns. */
uint64_t histogram_lower(unsigned bucket);

/** histogram_upper() - the first duration beyond a bucket, in ns; UINT64_MAX for the last one. */
uint64_t histogram_upper(unsigned bucket);

/**
 * histogram_add() - add the durations that one CPU has counted
 * @h:        the histogram to add to
 * @timed:    number of durations; when it is 0, nothing is added
 * @total_ns: their sum
 * @min_ns:   the smallest
 * @max_ns:   the largest
 * @counts:   HISTOGRAM_BUCKETS numbers of durations
 */
void histogram_add(struct histogram *h, uint64_t timed, uint64_t total_ns, uint64_t min_ns,
		   uint64_t max_ns, const uint32_t *counts);

/** histogram_merge() - add the durations of @from to @to. */
void histogram_merge(struct histogram *to, const struct histogram *from);

/** histogram_average() - the mean in ns, rounded down; 0 when @h is empty. */
uint64_t histogram_average(const struct histogram *h);

/**
 * histogram_quantile() - the duration that @num of @den durations do not exceed
 * @h:   the histogram
 * @num: from 0 (the smallest duration) to @den (the largest); 1 of 2 is the median
 * @den: not 0
 *
 * The rank is the nearest one. The smallest and the largest duration are exact. For the others the
 * bucket is exact, and the position inside it is estimated: the durations of a bucket are taken to
 * lie at equal distances over the part of it that lies between the smallest and the largest. If
 * they crowd at one end of the bucket instead, the result is off by less than 1/8 (12.5 %) for
 * durations of 64 ns and more.
 *
 * Return: nanoseconds; 0 when @h is empty.
 */
uint64_t histogram_quantile(const struct histogram *h, unsigned num, unsigned den);

enum {
	DISTRIBUTION_STEPS =
		HISTOGRAM_STEPS, /* buckets to a power of two, and buckets below the first */
	DISTRIBUTION_BUCKETS = DISTRIBUTION_STEPS + (64 - HISTOGRAM_STEP_BITS) * DISTRIBUTION_STEPS,
	DISTRIBUTION_OCTAVES = 65, /* 0, 1, 2-3, 4-7, ... */
};

/**
 * struct distribution - plain counts; all zero is an empty one
 * @count:  number of values; when it is 0, the other members mean nothing
 * @sum:    their sum; UINT64_MAX when it is larger than that
 * @min:    the smallest, exactly
 * @max:    the largest, exactly
 * @counts: number of values in each bucket
 */
struct distribution {
	uint64_t count;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
	uint64_t counts[DISTRIBUTION_BUCKETS];
};

/** distribution_add() - add one value. */
void distribution_add(struct distribution *d, uint64_t value);

/** distribution_mean() - the mean; 0 when @d is empty. */
double distribution_mean(const struct distribution *d);

/**
 * distribution_quantile() - the value that @num of @den values do not exceed
 *
 * As histogram_quantile(). Values below 16 are exact too, as each has its own bucket.
 */
uint64_t distribution_quantile(const struct distribution *d, unsigned num, unsigned den);

/**
 * distribution_octaves() - count the values in [0, 1), [1, 2), [2, 4), [4, 8), ...
 * @out: filled with one number for each of these intervals
 *
 * Return: how many intervals there are up to the last one that has a value; the rest of @out is 0.
 */
size_t distribution_octaves(const struct distribution *d, uint64_t out[DISTRIBUTION_OCTAVES]);

/** distribution_octave_from() - the smallest value of interval @octave: 0, 1, 2, 4, ... */
uint64_t distribution_octave_from(size_t octave);

/**
 * distribution_octave_to() - the first value beyond interval @octave
 *
 * For the last interval that would be 2^64, which does not fit: the result is UINT64_MAX.
 */
uint64_t distribution_octave_to(size_t octave);

#endif
