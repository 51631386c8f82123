/* SPDX-License-Identifier: MIT */
/* Bounds of buckets, sums of histograms, and quantiles. See histogram.h. */
#include "log_histogram.h"

uint64_t histogram_lower(unsigned bucket)
{
	unsigned octave, step;

	if (bucket == 0)
		return 0;
	octave = (bucket - 1) / HISTOGRAM_STEPS;
	step = (bucket - 1) % HISTOGRAM_STEPS;
	return (uint64_t)(HISTOGRAM_STEPS + step)
	       << (octave + HISTOGRAM_FIRST_BIT - HISTOGRAM_STEP_BITS);
}

uint64_t histogram_upper(unsigned bucket)
{
	return bucket < HISTOGRAM_LAST ? histogram_lower(bucket + 1) : UINT64_MAX;
}

/* What does not depend on the buckets. */
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
		   uint64_t max_ns, const uint32_t *counts)
{
	if (!timed)
		return;
	add_bounds(h, timed, total_ns, min_ns, max_ns);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		h->counts[i] += counts[i];
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

static uint64_t clamp(uint64_t value, uint64_t least, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Number @k, from 1 on, of the @count durations in a bucket. */
static uint64_t interpolate(const struct histogram *h, unsigned bucket, uint64_t k, uint64_t count)
{
	uint64_t low = clamp(histogram_lower(bucket), h->min_ns, h->max_ns);
	uint64_t high = clamp(histogram_upper(bucket) - 1, h->min_ns, h->max_ns);
	double part = ((double)k - 0.5) / (double)count;

	return clamp(low + (uint64_t)((double)(high - low) * part), low, high);
}

uint64_t histogram_quantile(const struct histogram *h, unsigned num, unsigned den)
{
	uint64_t n = 0, rank, below = 0;
	unsigned bucket = 0;

	/* Not h->timed: a counter of a bucket is narrower, and may have begun anew. */
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		n += h->counts[i];
	/* n * num / den, rounded up, in parts that cannot overflow */
	rank = n / den * num + (n % den * num + den - 1) / den;
	if (rank <= 1)
		return h->timed ? h->min_ns : 0;
	if (rank >= n)
		return h->max_ns;
	while (below + h->counts[bucket] < rank)
		below += h->counts[bucket++];
	return interpolate(h, bucket, rank - below, h->counts[bucket]);
}
