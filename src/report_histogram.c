/* SPDX-License-Identifier: MIT */
/* Histograms in a report: kept with a row, listed for programs, drawn for people. */
#include <string.h>

#include "report_private.h"

/* One for what is below the first power of two, and one for what is beyond the last. */
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

/* Where a bucket ends: the last one behind the largest duration there was. */
static uint64_t end_of(const struct packed_histogram *h, unsigned bucket)
{
	uint64_t lower = histogram_lower(bucket);

	if (bucket < HISTOGRAM_LAST)
		return histogram_upper(bucket);
	return h->max_ns < lower ? lower + 1 : add_saturated(h->max_ns, 1);
}

/* Each bucket as @open from @dash to @colon count @close, and @between two of them. */
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

/* Where an octave begins; the one behind the last begins nowhere. */
static void add_bound(struct buffer *b, unsigned octave)
{
	if (octave < OCTAVES)
		text_duration(b, histogram_lower(octave ? 1 + (octave - 1) * HISTOGRAM_STEPS : 0));
	else
		buffer_string(b, "...");
}

/* "[1.0us, 2.0us)" */
static void add_range(struct buffer *b, unsigned octave)
{
	buffer_char(b, '[');
	add_bound(b, octave);
	buffer_string(b, ", ");
	add_bound(b, octave + 1);
	buffer_char(b, ')');
}

/* The widths of what stands in front of the bars. */
struct widths {
	size_t range;
	size_t count;
};

/* How much longer @b has become since @start, if that is more than @width. */
static size_t widest(const struct buffer *b, size_t start, size_t width)
{
	size_t len = b->len - start;

	return len > width ? len : width;
}

/* By writing it, and taking that back. */
static struct widths measure(struct buffer *b, const uint64_t *counts, unsigned first, unsigned end)
{
	struct widths widths = { 0 };
	size_t start = b->len;

	for (unsigned i = first; i < end; i++) {
		add_range(b, i);
		widths.range = widest(b, start, widths.range);
		b->len = start;
		buffer_number(b, counts[i]);
		widths.count = widest(b, start, widths.count);
		b->len = start;
	}
	return widths;
}

static void draw_line(struct buffer *b, unsigned octave, uint64_t count, struct widths widths,
		      size_t bar, size_t width)
{
	size_t start = b->len, number;

	add_range(b, octave);
	buffer_fill(b, ' ', widths.range - (b->len - start) + 2);
	start = b->len;
	buffer_number(b, count);
	number = b->len - start;
	b->len = start;
	buffer_fill(b, ' ', widths.count - number);
	buffer_number(b, count);
	buffer_string(b, " |");
	buffer_fill(b, '@', bar);
	buffer_fill(b, ' ', width - bar);
	buffer_string(b, "|\n");
}

void histogram_draw(struct buffer *b, const struct packed_histogram *h, size_t indent, size_t width)
{
	uint64_t counts[OCTAVES] = { 0 }, most = 1;
	struct widths widths;
	unsigned first, end;

	if (!h->ncounts)
		return;
	for (uint32_t i = 0; i < h->ncounts; i++) {
		uint64_t *count = &counts[octave_of(h->first + i)];

		*count = add_saturated(*count, h->counts[i]);
		most = *count > most ? *count : most;
	}
	first = octave_of(h->first);
	end = octave_of(h->first + h->ncounts - 1) + 1;
	widths = measure(b, counts, first, end);
	for (unsigned i = first; i < end; i++) {
		buffer_fill(b, ' ', indent);
		draw_line(b, i, counts[i], widths,
			  (size_t)((double)counts[i] / (double)most * (double)width), width);
	}
}
