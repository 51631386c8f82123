/* SPDX-License-Identifier: MIT */
/* Distributions of plain counts, for people. See distribution.h. */
#include "distribution.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "buffer.h"
#include "log_histogram.h"

/* "4-7", and one number where there is but one. */
static void write_label(char *label, size_t size, size_t octave)
{
	uint64_t from = spread_octave_from(octave), to = spread_octave_to(octave);

	if (octave < 2)
		snprintf(label, size, "%" PRIu64, from);
	else
		/* The last has no end that could be held: it goes up to and with that number. */
		snprintf(label, size, "%" PRIu64 "-%" PRIu64, from,
			 to - (octave + 1 < SPREAD_OCTAVES));
}

/* Numbers stand right. Those of the last line are the longest. */
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

static void add_heading(struct buffer *b, const struct spread *s, const struct spread_nouns *nouns)
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
			 ", mean %.1f, p50 %" PRIu64 ", p99 %" PRIu64 ", max %" PRIu64,
			 spread_mean(s), spread_quantile(s, 1, 2), spread_quantile(s, 99, 100),
			 s->max);
		buffer_string(b, text);
	}
	buffer_char(b, '\n');
}

static void add_bars(struct buffer *b, const struct spread *s)
{
	struct bar bars[SPREAD_OCTAVES];
	uint64_t counts[SPREAD_OCTAVES];
	size_t end = spread_octaves(s, counts), first = 0;

	/* One value is in the heading. */
	if (s->count < 2)
		return;
	for (size_t i = 0; i < end; i++)
		bars[i].count = counts[i];
	while (!counts[first])
		first++;
	label_bars(bars, first, end);
	bars_draw(b, bars + first, end - first, BARS_INDENT, BARS_WIDTH);
}

int spread_print(const struct spread *s, const struct spread_nouns *nouns, struct report *report)
{
	struct buffer b = { 0 };
	int r;

	add_heading(&b, s, nouns);
	add_bars(&b, s);
	r = b.err ? b.err : report_text(report, b.data, b.len);
	buffer_free(&b);
	return r;
}
