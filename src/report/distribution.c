/* SPDX-License-Identifier: MIT */
/* The distribution of a number as text. See distribution.h. */
#include "distribution.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "buffer.h"
#include "log_histogram.h"
#include "report.h"

/* "4-7", or one number where an interval has only one. */
static void write_label(char *label, size_t size, size_t octave)
{
	uint64_t from = distribution_octave_from(octave), to = distribution_octave_to(octave);

	if (octave < 2)
		snprintf(label, size, "%" PRIu64, from);
	else
		/* The end of the last interval does not fit in 64 bits: @to is its last number. */
		snprintf(label, size, "%" PRIu64 "-%" PRIu64, from,
			 to - (octave + 1 < DISTRIBUTION_OCTAVES));
}

/* Numbers are right aligned. The last line has the longest ones. */
static void label_bars(struct bar *bars, size_t first, size_t end)
{
	char label[BAR_LABEL_MAX];
	int width;

	write_label(label, sizeof(label), end - 1);
	width = (int)strlen(label);
	for (size_t i = first; i < end; i++) {
		write_label(label, sizeof(label), i);
		snprintf(bars[i].label, sizeof(bars[i].label), "%*s", width, label);
	}
}

static void add_heading(struct buffer *b, const struct distribution *s, double mean,
			const struct distribution_nouns *nouns)
{
	char text[160];

	buffer_char(b, (char)toupper((unsigned char)nouns->what[0]));
	buffer_string(b, nouns->what + 1);
	buffer_string(b, " per ");
	buffer_string(b, nouns->one);
	buffer_string(b, ": ");
	buffer_number(b, s->count);
	buffer_char(b, ' ');
	buffer_string(b, s->count == 1 ? nouns->one : nouns->many);
	if (s->count) {
		snprintf(text, sizeof(text),
			 ", mean %.1f, p50 %" PRIu64 ", p99 %" PRIu64 ", max %" PRIu64, mean,
			 distribution_quantile(s, 1, 2), distribution_quantile(s, 99, 100), s->max);
		buffer_string(b, text);
	}
	buffer_char(b, '\n');
}

static void add_bars(struct buffer *b, const struct distribution *s)
{
	struct bar bars[DISTRIBUTION_OCTAVES];
	uint64_t counts[DISTRIBUTION_OCTAVES];
	size_t end = distribution_octaves(s, counts), first = 0;

	/* A single value is in the heading already. */
	if (s->count < 2)
		return;
	for (size_t i = 0; i < end; i++)
		bars[i].count = counts[i];
	while (!counts[first])
		first++;
	label_bars(bars, first, end);
	bars_draw(b, bars + first, end - first, BARS_INDENT, BARS_WIDTH);
}

void distribution_lines(struct buffer *b, const struct distribution *s, double mean,
			const struct distribution_nouns *nouns)
{
	add_heading(b, s, mean, nouns);
	add_bars(b, s);
}
