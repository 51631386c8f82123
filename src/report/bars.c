/* SPDX-License-Identifier: MIT */
/* Counts drawn as bars. See bars.h. */
#include "bars.h"

#include <string.h>

#include "buffer.h"

/* Characters of the parts in front of the bars. */
struct widths {
	size_t label;
	size_t count;
};

static size_t digits(uint64_t n)
{
	size_t count = 1;

	while (n /= 10)
		count++;
	return count;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void draw(struct buffer *b, const struct bar *bar, struct widths widths, size_t filled,
		 size_t width)
{
	buffer_string(b, bar->label);
	buffer_fill(b, ' ',
		    widths.label - strlen(bar->label) + 2 + widths.count - digits(bar->count));
	buffer_number(b, bar->count);
	buffer_string(b, " |");
	buffer_fill(b, '@', filled);
	buffer_fill(b, ' ', width - filled);
	buffer_string(b, "|\n");
}

void bars_draw(struct buffer *b, const struct bar *bars, size_t n, size_t indent, size_t width)
{
	struct widths widths = { 0 };
	uint64_t most = 1;

	for (size_t i = 0; i < n; i++) {
		widths.label = larger(widths.label, strlen(bars[i].label));
		widths.count = larger(widths.count, digits(bars[i].count));
		most = bars[i].count > most ? bars[i].count : most;
	}
	for (size_t i = 0; i < n; i++) {
		buffer_fill(b, ' ', indent);
		draw(b, &bars[i], widths,
		     (size_t)((double)bars[i].count / (double)most * (double)width), width);
	}
}
