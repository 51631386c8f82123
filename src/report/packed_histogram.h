/* SPDX-License-Identifier: MIT */
/*
 * The form in which a report keeps the histogram of a row, and the three ways in which it shows
 * one: a list for JSON, a list for CSV, bars for people. An interval can have tens of thousands of
 * rows, so the empty buckets at both ends are not kept.
 */
#ifndef PACKED_HISTOGRAM_H
#define PACKED_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

struct buffer;
struct histogram;

/**
 * struct packed_histogram - the buckets of a struct histogram that matter
 * @max_ns:  the largest duration
 * @first:   the bucket that @counts begins with
 * @ncounts: how many buckets there are; 0: the histogram is empty
 * @counts:  number of durations in each
 */
struct packed_histogram {
	uint64_t max_ns;
	uint32_t first;
	uint32_t ncounts;
	uint64_t counts[];
};

/** histogram_packed_size() - the bytes that histogram_pack() needs, a multiple of 8. */
size_t histogram_packed_size(const struct histogram *h);

/** histogram_pack() - fill @to, which has histogram_packed_size() bytes. */
void histogram_pack(struct packed_histogram *to, const struct histogram *from);

/** histogram_json() - add an array of [from_ns,to_ns,count], one for each bucket in use. */
void histogram_json(struct buffer *b, const struct packed_histogram *h);

/** histogram_csv() - add from-to:count for each bucket in use, separated by spaces. */
void histogram_csv(struct buffer *b, const struct packed_histogram *h);

/**
 * histogram_draw() - add a line "[1.0us, 2.0us)  123 |@@@@    |" for each power of two of ns
 * @b:      what the lines are added to
 * @h:      the histogram; nothing is added when it is empty
 * @indent: blanks in front of each line
 * @width:  width of the longest bar, in characters
 *
 * The lines go from the first power of two in use to the last one. Bounds are rounded as
 * text_duration() rounds: 2^11 ns is 2.0us, and 2^17 ns is 131.1us.
 */
void histogram_draw(struct buffer *b, const struct packed_histogram *h, size_t indent,
		    size_t width);

#endif
