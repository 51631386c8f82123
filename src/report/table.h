/* SPDX-License-Identifier: MIT */
/* The lines of an interval's table, for whoever appends or paints them. */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>

#include "buffer.h"
#include "report.h"

struct rows;

/**
 * table_compose() - add an interval's lines: time, heading, rows, total, notes, histograms
 * @report:   the report; its options say which columns there are
 * @b:        what the lines are added to; none has blanks at its end
 * @rows:     the rows of the interval, sorted
 * @shown:    how many of them get a line
 * @interval: time, length and drops of the interval
 *
 * Return: 0 or -ENOMEM.
 */
int table_compose(struct report *report, struct buffer *b, const struct rows *rows, size_t shown,
		  const struct report_interval *interval);

/** table_notes() - how many lines follow the table, without the one about hidden rows. */
size_t table_notes(const struct report_interval *interval);

#endif
