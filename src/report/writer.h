/* SPDX-License-Identifier: MIT */
/*
 * A format of reports: one struct of functions in one file. To add a format, write that file, name
 * its struct here, and add it to enum report_format and to the table in print.c.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

struct rows;

/** struct event_record - the arguments of report_event() */
struct event_record {
	const char *type;
	uint64_t ts_ns;
	const struct cell *cells;
	uint64_t fields;
	const char *detail;
	size_t detail_len;
};

/** struct end_record - the arguments of report_end() */
struct end_record {
	const struct report_end_counter *counters;
	size_t ncounters;
	const struct drops *drops;
	uint64_t ts_ns;
	uint64_t span_ns;
};

/**
 * struct report_writer - how a format writes each kind of record
 * @name:         value of --output
 * @start:        the first record
 * @interval:     the first @shown rows of an interval, which are sorted, and their total
 * @event:        one event
 * @distribution: see report_distribution()
 * @end:          the last record
 *
 * A function composes its record in a buffer and hands it to report_write(). It returns 0 or what
 * report_write() returned. NULL: the format writes nothing for this kind of record.
 */
struct report_writer {
	const char *name;
	int (*start)(struct report *report, const struct report_start *start);
	int (*interval)(struct report *report, const struct rows *rows, size_t shown,
			const struct report_interval *interval);
	int (*event)(struct report *report, const struct event_record *event);
	int (*distribution)(struct report *report, const struct distribution *spread, double mean,
			    const struct distribution_nouns *nouns);
	int (*end)(struct report *report, const struct end_record *end);
};

extern const struct report_writer table_writer;       /* table.c: rows */
extern const struct report_writer event_lines_writer; /* event_lines.c: events, as a table */
extern const struct report_writer json_writer;        /* json.c */
extern const struct report_writer csv_writer;         /* csv.c */

/** report_writer_for() - the writer for a report's format and layout. */
const struct report_writer *report_writer_for(const struct report_options *opts);

/**
 * report_print() - sort rows, cut them to the top N, and write them in the report's format
 *
 * Return: what report_write() returned, or -ENOMEM.
 */
int report_print(struct report *report, struct rows *rows, const struct report_interval *interval);

#endif
