/* SPDX-License-Identifier: MIT */
/* Counts drawn as horizontal bars, each with a label in front. */
#ifndef BARS_H
#define BARS_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

enum {
	BAR_LABEL_MAX = 2 * REPORT_DURATION_MAX + 8, /* bytes, with the NUL */
	BARS_INDENT = 2,
	BARS_WIDTH = 40,
};

/**
 * struct bar - one line
 * @label: ASCII
 * @count: how long the bar is
 */
struct bar {
	char label[BAR_LABEL_MAX];
	uint64_t count;
};

struct buffer;

/**
 * bars_draw() - add a line "[1.0us, 2.0us)  123 |@@@@    |" for each bar
 * @b:      what the lines are added to
 * @bars:   the bars, from top to bottom
 * @n:      how many
 * @indent: blanks in front of each line
 * @width:  characters between the two |; the largest count fills them
 */
void bars_draw(struct buffer *b, const struct bar *bars, size_t n, size_t indent, size_t width);

#endif
