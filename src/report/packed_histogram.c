/* SPDX-License-Identifier: MIT */
/* Histograms in a report. See packed_histogram.h. */
#include "packed_histogram.h"

#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "buffer.h"
#include "log_histogram.h"
#include "saturated.h"

/* One more on each side: for durations below the first power of two, and beyond the last. */
#define OCTAVES (HISTOGRAM_OCTAVES + 2)

/* The first bucket that is not empty, and how many from there to the last one. */
static uint32_t find_range(const struct histogram *h, uint32_t *first)
{
	uint32_t end = HISTOGRAM_BUCKETS;

	*first = 0;
	while (end && !h->counts[end - 1])
		end--;
	while (*first < end && !h->counts[*first])
		++*first;
	return end - *first;
}

size_t histogram_packed_size(const struct histogram *h)
{
	uint32_t first;

	return sizeof(struct packed_histogram) + find_range(h, &first) * sizeof(h->counts[0]);
}

void histogram_pack(struct packed_histogram *to, const struct histogram *from)
{
	to->max_ns = from->max_ns;
	to->ncounts = find_range(from, &to->first);
	memcpy(to->counts, from->counts + to->first, to->ncounts * sizeof(to->counts[0]));
}

/* Where a bucket ends. The last one has no bound, so it ends behind the largest duration. */
static uint64_t end_of(const struct packed_histogram *h, unsigned bucket)
{
	uint64_t lower = histogram_lower(bucket);

	if (bucket < HISTOGRAM_LAST)
		return histogram_upper(bucket);
	return h->max_ns < lower ? lower + 1 : add_saturated(h->max_ns, 1);
}

/* Add @open from @dash to @colon count @close for each bucket in use, and @between two of them. */
static void add_buckets(struct buffer *b, const struct packed_histogram *h, const char *between,
			const char *open, const char *dash, const char *colon, const char *close)
{
	const char *before = "";

	for (uint32_t i = 0; i < h->ncounts; i++) {
		if (!h->counts[i])
			continue;
		buffer_string(b, before);
		buffer_string(b, open);
		buffer_number(b, histogram_lower(h->first + i));
		buffer_string(b, dash);
		buffer_number(b, end_of(h, h->first + i));
		buffer_string(b, colon);
		buffer_number(b, h->counts[i]);
		buffer_string(b, close);
		before = between;
	}
}

void histogram_json(struct buffer *b, const struct packed_histogram *h)
{
	buffer_char(b, '[');
	add_buckets(b, h, ",", "[", ",", ",", "]");
	buffer_char(b, ']');
}

void histogram_csv(struct buffer *b, const struct packed_histogram *h)
{
	add_buckets(b, h, " ", "", "-", ":", "");
}

static unsigned octave_of(unsigned bucket)
{
	return bucket ? 1 + (bucket - 1) / HISTOGRAM_STEPS : 0;
}

/* Where an octave begins. The one after the last has no number. */
static void write_bound(char *buf, unsigned octave)
{
	if (octave < OCTAVES)
		report_duration(buf,
				histogram_lower(octave ? 1 + (octave - 1) * HISTOGRAM_STEPS : 0));
	else
		snprintf(buf, REPORT_DURATION_MAX, "...");
}

/* "[1.0us, 2.0us)" */
static void write_label(struct bar *bar, unsigned octave)
{
	char from[REPORT_DURATION_MAX], to[REPORT_DURATION_MAX];

	write_bound(from, octave);
	write_bound(to, octave + 1);
	snprintf(bar->label, sizeof(bar->label), "[%s, %s)", from, to);
}

void histogram_draw(struct buffer *b, const struct packed_histogram *h, size_t indent, size_t width)
{
	struct bar bars[OCTAVES] = { 0 };
	unsigned first, end;

	if (!h->ncounts)
		return;
	for (uint32_t i = 0; i < h->ncounts; i++) {
		uint64_t *count = &bars[octave_of(h->first + i)].count;

		*count = add_saturated(*count, h->counts[i]);
	}
	first = octave_of(h->first);
	end = octave_of(h->first + h->ncounts - 1) + 1;
	for (unsigned i = first; i < end; i++)
		write_label(&bars[i], i);
	bars_draw(b, bars + first, end - first, indent, width);
}
