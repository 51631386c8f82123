/* SPDX-License-Identifier: MIT */
/* Bounds of logarithmic buckets, sums of histograms, and quantiles. See log_histogram.h. */
#include "log_histogram.h"

#include <string.h>

/*
 * struct scheme - which values a bucket holds
 * @low:       number of buckets in front of 2^@first_bit; bucket b of these begins at value b
 * @first_bit: from 2^@first_bit on, every power of two has HISTOGRAM_STEPS buckets
 * @buckets:   number of all buckets; the last one has no end
 */
struct scheme {
	unsigned low;
	unsigned first_bit;
	unsigned buckets;
};

static const struct scheme durations = { 1, HISTOGRAM_FIRST_BIT, HISTOGRAM_BUCKETS };
static const struct scheme counts = { DISTRIBUTION_STEPS, HISTOGRAM_STEP_BITS,
				      DISTRIBUTION_BUCKETS };

/* The smallest value of a bucket. */
static uint64_t lowest(const struct scheme *scheme, unsigned bucket)
{
	unsigned octave, step;

	if (bucket < scheme->low)
		return bucket;
	octave = (bucket - scheme->low) / HISTOGRAM_STEPS;
	step = (bucket - scheme->low) % HISTOGRAM_STEPS;
	return (uint64_t)(HISTOGRAM_STEPS + step)
	       << (octave + scheme->first_bit - HISTOGRAM_STEP_BITS);
}

/* The largest value of a bucket. */
static uint64_t highest(const struct scheme *scheme, unsigned bucket)
{
	return bucket + 1 < scheme->buckets ? lowest(scheme, bucket + 1) - 1 : UINT64_MAX;
}

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/*
 * struct view - what a quantile is computed from
 * @n: sum of @counts
 */
struct view {
	const struct scheme *scheme;
	const uint64_t *counts;
	uint64_t n;
	uint64_t min;
	uint64_t max;
};

/* Value number @k of a bucket, counted from 1. */
static uint64_t interpolate(const struct view *v, unsigned bucket, uint64_t k)
{
	uint64_t low = clamp(lowest(v->scheme, bucket), v->min, v->max);
	uint64_t high = clamp(highest(v->scheme, bucket), v->min, v->max);
	double part = ((double)k - 0.5) / (double)v->counts[bucket];

	return clamp(low + (uint64_t)((double)(high - low) * part), low, high);
}

static uint64_t quantile(const struct view *v, unsigned num, unsigned den)
{
	/* n * num / den, rounded up, in parts that cannot overflow */
	uint64_t rank = v->n / den * num + (v->n % den * num + den - 1) / den, below = 0;
	unsigned bucket = 0;

	if (rank <= 1)
		return v->min;
	if (rank >= v->n)
		return v->max;
	while (below + v->counts[bucket] < rank)
		below += v->counts[bucket++];
	return interpolate(v, bucket, rank - below);
}

/* --- durations --- */

uint64_t histogram_lower(unsigned bucket)
{
	return lowest(&durations, bucket);
}

uint64_t histogram_upper(unsigned bucket)
{
	return bucket < HISTOGRAM_LAST ? lowest(&durations, bucket + 1) : UINT64_MAX;
}

/* Add everything except the buckets. */
static void add_bounds(struct histogram *h, uint64_t timed, uint64_t total_ns, uint64_t min_ns,
		       uint64_t max_ns)
{
	if (!h->timed || min_ns < h->min_ns)
		h->min_ns = min_ns;
	if (!h->timed || max_ns > h->max_ns)
		h->max_ns = max_ns;
	h->timed += timed;
	h->total_ns += total_ns;
}

void histogram_add(struct histogram *h, uint64_t timed, uint64_t total_ns, uint64_t min_ns,
		   uint64_t max_ns, const uint32_t *bucket_counts)
{
	if (!timed)
		return;
	add_bounds(h, timed, total_ns, min_ns, max_ns);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		h->counts[i] += bucket_counts[i];
}

void histogram_merge(struct histogram *to, const struct histogram *from)
{
	if (!from->timed)
		return;
	add_bounds(to, from->timed, from->total_ns, from->min_ns, from->max_ns);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		to->counts[i] += from->counts[i];
}

uint64_t histogram_average(const struct histogram *h)
{
	return h->timed ? h->total_ns / h->timed : 0;
}

uint64_t histogram_quantile(const struct histogram *h, unsigned num, unsigned den)
{
	struct view v = { &durations, h->counts, 0, h->timed ? h->min_ns : 0, h->max_ns };

	/* Not h->timed: the kernel's counter of a bucket has 32 bits, and may have wrapped. */
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		v.n += h->counts[i];
	return quantile(&v, num, den);
}

/* --- counts --- */

static unsigned top_bit(uint64_t value)
{
	return 63 - (unsigned)__builtin_clzll(value);
}

static unsigned bucket_of(uint64_t value)
{
	unsigned shift;

	if (value < DISTRIBUTION_STEPS)
		return (unsigned)value;
	shift = top_bit(value) - HISTOGRAM_STEP_BITS;
	return shift * DISTRIBUTION_STEPS + (unsigned)(value >> shift);
}

void distribution_add(struct distribution *s, uint64_t value)
{
	if (!s->count || value < s->min)
		s->min = value;
	if (!s->count || value > s->max)
		s->max = value;
	s->count++;
	if (__builtin_add_overflow(s->sum, value, &s->sum))
		s->sum = UINT64_MAX;
	s->counts[bucket_of(value)]++;
}

double distribution_mean(const struct distribution *s)
{
	return s->count ? (double)s->sum / (double)s->count : 0;
}

uint64_t distribution_quantile(const struct distribution *s, unsigned num, unsigned den)
{
	const struct view v = { &counts, s->counts, s->count, s->count ? s->min : 0, s->max };

	return quantile(&v, num, den);
}

static size_t octave_of(uint64_t value)
{
	return value ? top_bit(value) + 1 : 0;
}

size_t distribution_octaves(const struct distribution *s, uint64_t out[DISTRIBUTION_OCTAVES])
{
	memset(out, 0, DISTRIBUTION_OCTAVES * sizeof(*out));
	for (unsigned bucket = 0; bucket < DISTRIBUTION_BUCKETS; bucket++)
		out[octave_of(lowest(&counts, bucket))] += s->counts[bucket];
	return s->count ? octave_of(s->max) + 1 : 0;
}

uint64_t distribution_octave_from(size_t octave)
{
	return octave ? UINT64_C(1) << (octave - 1) : 0;
}

uint64_t distribution_octave_to(size_t octave)
{
	return octave + 1 < DISTRIBUTION_OCTAVES ? distribution_octave_from(octave + 1)
						 : UINT64_MAX;
}
