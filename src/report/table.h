/* SPDX-License-Identifier: MIT */
/* The lines of an interval's table, for whoever appends or paints them. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
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

/** table_is_key() - does a column of this kind tell what a row is about? */
bool table_is_key(enum column_kind kind);

/** table_shows() - does the table have column @i, as far as the view is scrolled to the side? */
bool table_shows(const struct report *report, size_t i);

/** table_title() - add what a row is about, as in its line of the table, without a line end. */
void table_title(struct buffer *b, const struct report *report, const struct cell *row);

/** table_notes() - how many lines follow the table, without the one about hidden rows. */
size_t table_notes(const struct report_interval *interval);

#endif
