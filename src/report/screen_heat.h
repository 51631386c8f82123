/* SPDX-License-Identifier: MIT */
/*
 * Heat lines: how the times of a row went over the latest intervals, one character for the 99th
 * percentile of each. A screen has them in place of histograms, as a column of the table.
 *
 * A row is remembered by the hash of what it is about.
 */
#ifndef SCREEN_HEAT_H
#define SCREEN_HEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "hash.h"

struct cell;
struct report;
struct rows;

enum {
	HEAT_WIDTH = 24, /* intervals that are remembered and drawn */
	HEAT_LEVELS = 8,
};

#define HEAT_HEADING "P99 OVER TIME"

/**
 * struct heat_line - of a row
 * @id:     of the row
 * @last:   the latest interval in which it was there
 * @levels: of interval n at n % HEAT_WIDTH: 1 to HEAT_LEVELS; 0: nothing was timed
 */
struct heat_line {
	uint64_t id;
	uint64_t last;
	uint8_t levels[HEAT_WIDTH];
};

/** struct heat - all rows' lines; all zero: there are none. @now: the latest interval */
struct heat {
	struct hash_index index;
	struct heat_line *lines;
	uint64_t now;
};

void heat_free(struct heat *heat);

/** heat_is_shown() - does the report have heat lines? */
bool heat_is_shown(const struct report *report);

/** heat_place() - the column that the heat lines stand in front of */
size_t heat_place(const struct report *report);

/** heat_note() - an interval is over: remember its rows. Return: 0 or -ENOMEM. */
int heat_note(struct report *report, const struct rows *rows, uint64_t number);

/** heat_add() - add the line of a row, HEAT_WIDTH characters */
void heat_add(struct report *report, struct buffer *b, const struct cell *row);

/** heat_add_coloured() - add text with colours for the characters of heat lines */
void heat_add_coloured(const struct report *report, struct buffer *out, const char *text,
		       size_t len);

#endif
