/* SPDX-License-Identifier: MIT */
/* Painting: the lines of a table to a terminal, with what surrounds them. */
#ifndef SCREEN_PAINT_H
#define SCREEN_PAINT_H

#include "buffer.h"
#include "report.h"

/**
 * struct painting - what is painted
 * @lines:    of the table
 * @heading:  which of them has the headings; SIZE_MAX: none has
 * @rows:     how many lines behind it are rows
 * @interval: for the lines above; NULL: there are none
 */
struct painting {
	const struct buffer *lines;
	size_t heading;
	size_t rows;
	const struct report_interval *interval;
	size_t height, width;
};

/** paint_size() - lines and columns that can be painted: the cursor rests on a line of its own. */
void paint_size(const struct report *report, size_t *height, size_t *width);

/**
 * paint_picture() - paint the lines above, as many lines as fit, and the line about keys
 * Return: 0, -ENOMEM, or what report_write_at_once() returned.
 */
int paint_picture(struct report *report, const struct painting *picture);

/**
 * paint_below() - the screen is given back: print the lines as they are, cut to @width
 * Return: 0, -ENOMEM, or what report_write() returned.
 */
int paint_below(struct report *report, const struct buffer *lines, size_t width);

#endif
