/* SPDX-License-Identifier: MIT */
/*
 * How many calls took how long: what the kernel has counted in the buckets of
 * programs/lib/latency_buckets.h, added up, and what can be said of it.
 */
#ifndef LOG_HISTOGRAM_H
#define LOG_HISTOGRAM_H

#include <stdint.h>

#include "latency_buckets.h"

/**
 * struct histogram - durations in ns; all zero is an empty one
 * @timed:    how many there are; 0: the others mean nothing
 * @total_ns: their sum
 * @min_ns:   the smallest, exactly
 * @max_ns:   the largest, exactly
 * @counts:   how many are in each bucket
 */
struct histogram {
	uint64_t timed;
	uint64_t total_ns;
	uint64_t min_ns;
	uint64_t max_ns;
	uint64_t counts[HISTOGRAM_BUCKETS];
};

/** histogram_lower() - the smallest duration in a bucket, in ns. */
uint64_t histogram_lower(unsigned bucket);

/** histogram_upper() - the smallest duration beyond a bucket, in ns; UINT64_MAX for the last. */
uint64_t histogram_upper(unsigned bucket);

/**
 * histogram_add() - add what one CPU has counted
 * @timed, @total_ns, @min_ns, @max_ns: as in struct histogram; with @timed 0 nothing is added
 * @counts: HISTOGRAM_BUCKETS of them
 */
void histogram_add(struct histogram *h, uint64_t timed, uint64_t total_ns, uint64_t min_ns,
		   uint64_t max_ns, const uint32_t *counts);

/** histogram_merge() - add @from to @to. */
void histogram_merge(struct histogram *to, const struct histogram *from);

/** histogram_average() - in ns, rounded down; 0 when there is nothing. */
uint64_t histogram_average(const struct histogram *h);

/**
 * histogram_quantile() - the duration that @num of @den durations do not exceed: 1 of 2 is the
 * median
 * @num: from 0 (the smallest) to @den (the largest)
 * @den: not 0
 *
 * By nearest rank. The smallest and the largest are exact; of the others the bucket is known, and
 * the durations in it are taken to be spread evenly over the part of it that lies between the two.
 * When they are, this is off by less than the distance between two of them; when they crowd at one
 * end of the bucket, by less than 1/8 (12.5 %) of a duration of 64 ns or more.
 *
 * Return: in ns; 0 when there is nothing.
 */
uint64_t histogram_quantile(const struct histogram *h, unsigned num, unsigned den);

#endif
