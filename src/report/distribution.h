/* SPDX-License-Identifier: MIT */
/* The distribution of a number as lines of text for people. */
#ifndef DISTRIBUTION_H
#define DISTRIBUTION_H

struct buffer;
struct distribution;
struct distribution_nouns;

/** distribution_lines() - add the lines that report_distribution() describes for tables. */
void distribution_lines(struct buffer *b, const struct distribution *s, double mean,
			const struct distribution_nouns *nouns);

#endif
