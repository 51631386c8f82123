/* SPDX-License-Identifier: MIT */
/* Counts drawn as bars, each with a label in front, for people. */
#ifndef BARS_H
#define BARS_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

enum {
	BAR_LABEL_MAX = 2 * REPORT_DURATION_MAX + 8, /* bytes of a label, its NUL included */
	BARS_INDENT = 2,
	BARS_WIDTH = 40,
};

struct bar {
	char label[BAR_LABEL_MAX]; /* ASCII */
	uint64_t count;
};

struct buffer;

/**
 * bars_draw() - add a line "[1.0us, 2.0us)  123 |@@@@    |" for each
 * @indent: blanks in front of each
 * @width:  of a bar, in characters; the longest fills it
 */
void bars_draw(struct buffer *b, const struct bar *bars, size_t n, size_t indent, size_t width);

#endif
