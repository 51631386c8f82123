/* SPDX-License-Identifier: MIT */
/* Distributions of plain counts, for people. */
#ifndef DISTRIBUTION_H
#define DISTRIBUTION_H

#include "report.h"
#include "log_histogram.h"

/** struct spread_nouns - what is counted, and for what: "opens", "process", "processes" */
struct spread_nouns {
	const char *what;
	const char *one;
	const char *many;
};

/**
 * spread_print() - as lines of text, in a table's report
 *
 * "Opens per process: 42 processes, mean 31.2, p50 4, p99 804, max 1024", and when there are two or
 * more a bar for each power of two from the first to the last; when there is nothing, "Opens per
 * process: 0 processes".
 *
 * Return: what report_text() returned, or -ENOMEM.
 */
int spread_print(const struct spread *spread, const struct spread_nouns *nouns,
		 struct report *report);

#endif
