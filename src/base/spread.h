/* SPDX-License-Identifier: MIT */
/*
 * How plain counts are distributed: opens per process, opens per second.
 *
 * Values are counted in buckets: each value below 16 has its own, from there on there are eight
 * equal ones to every power of two, so that a bucket is at most 1/8 of its values wide. Any 64-bit
 * value has one.
 */
#ifndef SPREAD_H
#define SPREAD_H

#include <stddef.h>
#include <stdint.h>

enum {
	SPREAD_STEP_BITS = 3,
	SPREAD_STEPS = 1 << SPREAD_STEP_BITS, /* buckets to a power of two */
	SPREAD_BUCKETS = SPREAD_STEPS + (64 - SPREAD_STEP_BITS) * SPREAD_STEPS,
	SPREAD_OCTAVES = 65, /* 0, 1, 2-3, 4-7, ... */
};

/**
 * struct spread - values; all zero is an empty one
 * @count:  how many there are; 0: the others mean nothing
 * @sum:    of all, exactly; the largest number there is when they have more
 * @min:    the smallest, exactly
 * @max:    the largest, exactly
 * @counts: how many are in each bucket
 */
struct spread {
	uint64_t count;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
	uint64_t counts[SPREAD_BUCKETS];
};

void spread_add(struct spread *spread, uint64_t value);

/** spread_mean() - 0 when there is nothing. */
double spread_mean(const struct spread *spread);

/**
 * spread_quantile() - the value that @num of @den do not exceed: 1 of 2 is the median
 * @num: from 0 (the smallest) to @den (the largest)
 * @den: not 0
 *
 * By nearest rank. The smallest, the largest and those below 16 are exact. Of the others the bucket
 * is known, and the values in it are taken to be spread evenly: less than 1/8 off.
 *
 * Return: 0 when there is nothing.
 */
uint64_t spread_quantile(const struct spread *spread, unsigned num, unsigned den);

/**
 * spread_octaves() - how many are in [0, 1), [1, 2), [2, 4), [4, 8), ...
 * Return: how many of @out there are up to the last that is not empty; the rest is 0.
 */
size_t spread_octaves(const struct spread *spread, uint64_t out[SPREAD_OCTAVES]);

/** spread_octave_from() - the smallest value of an octave: 0, 1, 2, 4, ... */
uint64_t spread_octave_from(size_t octave);

/** spread_octave_to() - the first value beyond it, which for the last is one too many to hold:
 * UINT64_MAX. */
uint64_t spread_octave_to(size_t octave);

#endif
