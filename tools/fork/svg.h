/* SPDX-License-Identifier: MIT */
/* What the frame of the picture (svg.c) and its bars (svg_bars.c) share. */
#ifndef FORK_SVG_H
#define FORK_SVG_H

#include "picture.h"
#include "picture_layout.h"
#include "program_costs.h"

enum {
	SVG_COLOURS = 10, /* programs with a colour of their own */
	SVG_FONT = 12,    /* size of the letters in pixels */
};

/* Width of a character of a monospace font, as a part of its size. Few such fonts are wider. */
#define SVG_CHARACTER 0.605

/**
 * struct svg - a picture being written
 * @costs:  the costliest programs first
 * @scale:  pixels a nanosecond
 * @height: of a row in pixels
 */
struct svg {
	FILE *out;
	const struct picture *picture;
	struct picture_layout layout;
	struct program_cost *costs;
	size_t ncosts;
	double scale, height;
};

/** svg_x() - where a moment is, in pixels. */
double svg_x(const struct svg *s, uint64_t time_ns);

/** svg_y() - where a row begins, in pixels. */
double svg_y(const struct svg *s, unsigned row);

/** svg_rect() - a rectangle; @class decides its colour, the other numbers are pixels. */
void svg_rect(FILE *out, const char *class, double x, double y, double width, double height);

/** svg_text() - at most @most bytes of text from outside: printable, and nothing in it is markup.
 */
void svg_text(FILE *out, const char *text, size_t most);

/** svg_time() - an amount of time, with its unit. */
void svg_time(FILE *out, uint64_t ns);

/** svg_label() - the command line of a process, or its name. */
const char *svg_label(const struct process *process);

/** svg_bars() - all bars of the layout. */
void svg_bars(const struct svg *s);

#endif
