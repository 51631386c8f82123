/* SPDX-License-Identifier: MIT */
/* How plain counts are distributed. See spread.h. */
#include "spread.h"

#include <string.h>

static unsigned top_bit(uint64_t value)
{
	return 63 - (unsigned)__builtin_clzll(value);
}

static unsigned bucket_of(uint64_t value)
{
	unsigned shift;

	if (value / 2 < SPREAD_STEPS)
		return (unsigned)value;
	shift = top_bit(value) - SPREAD_STEP_BITS;
	return shift * SPREAD_STEPS + (unsigned)(value >> shift);
}

/* The smallest and the largest value in a bucket. */
static uint64_t lowest(unsigned bucket)
{
	unsigned shift;

	if (bucket < 2 * SPREAD_STEPS)
		return bucket;
	shift = bucket / SPREAD_STEPS - 1;
	return (uint64_t)(SPREAD_STEPS + bucket % SPREAD_STEPS) << shift;
}

static uint64_t highest(unsigned bucket)
{
	return bucket + 1 < SPREAD_BUCKETS ? lowest(bucket + 1) - 1 : UINT64_MAX;
}

void spread_add(struct spread *s, uint64_t value)
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

double spread_mean(const struct spread *s)
{
	return s->count ? (double)s->sum / (double)s->count : 0;
}

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Number @k, from 1 on, of the values in a bucket. */
static uint64_t interpolate(const struct spread *s, unsigned bucket, uint64_t k)
{
	uint64_t low = clamp(lowest(bucket), s->min, s->max);
	uint64_t high = clamp(highest(bucket), s->min, s->max);
	double part = ((double)k - 0.5) / (double)s->counts[bucket];

	return clamp(low + (uint64_t)((double)(high - low) * part), low, high);
}

uint64_t spread_quantile(const struct spread *s, unsigned num, unsigned den)
{
	/* count * num / den, rounded up, in parts that cannot overflow */
	uint64_t rank = s->count / den * num + (s->count % den * num + den - 1) / den, below = 0;
	unsigned bucket = 0;

	if (rank <= 1)
		return s->count ? s->min : 0;
	if (rank >= s->count)
		return s->max;
	while (below + s->counts[bucket] < rank)
		below += s->counts[bucket++];
	return interpolate(s, bucket, rank - below);
}

static size_t octave_of(uint64_t value)
{
	return value ? top_bit(value) + 1 : 0;
}

size_t spread_octaves(const struct spread *s, uint64_t out[SPREAD_OCTAVES])
{
	memset(out, 0, SPREAD_OCTAVES * sizeof(*out));
	for (unsigned bucket = 0; bucket < SPREAD_BUCKETS; bucket++)
		out[octave_of(lowest(bucket))] += s->counts[bucket];
	return s->count ? octave_of(s->max) + 1 : 0;
}

uint64_t spread_octave_from(size_t octave)
{
	return octave ? UINT64_C(1) << (octave - 1) : 0;
}

uint64_t spread_octave_to(size_t octave)
{
	return octave + 1 < SPREAD_OCTAVES ? spread_octave_from(octave + 1) : UINT64_MAX;
}
