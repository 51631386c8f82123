/* SPDX-License-Identifier: MIT */
/*
 * Cells, times and outside bytes as text for people, added to a buffer. Everything that comes from
 * outside is escaped here, so no control character reaches a terminal.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "report.h"

/* What separates columns in both kinds of table. */
#define TABLE_GAP "  "

/** text_escaped() - add @len bytes from outside, safe for a terminal. */
void text_escaped(struct buffer *b, const char *bytes, size_t len);

/** text_cell_bytes() - add a TEXT, LIST or PAIRS cell, escaped; elements are joined by spaces. */
void text_cell_bytes(struct buffer *b, enum column_kind kind, const struct cell *cell);

/** text_cell() - add a cell as a table shows it: "-" when it is null. Not for a RATE column. */
void text_cell(struct buffer *b, enum column_kind kind, const struct cell *cell);

/** text_duration() - add 999ns, 12.3us, 1.0ms or 75.2s. */
void text_duration(struct buffer *b, uint64_t ns);

/** text_rate() - add @count in @span_ns as a number per second; "-" when @span_ns is 0. */
void text_rate(struct buffer *b, uint64_t count, uint64_t span_ns);

/** text_clock() - add the local time of day, HH:MM:SS, of @ts_ns (ns since the epoch). */
void text_clock(struct report *report, struct buffer *b, uint64_t ts_ns);

/**
 * text_width() - how many terminal columns a text takes
 * @report: has the locale for it
 * @s:      escaped text
 * @len:    its length in bytes
 * @max:    stop before the width exceeds this
 * @fits:   out: how many bytes fit into @max columns; may be NULL
 *
 * Return: the width of those bytes.
 */
size_t text_width(const struct report *report, const char *s, size_t len, size_t max, size_t *fits);

/**
 * text_spell_unknown() - add escaped text with \xNN for each byte of a character that the C library
 * knows no width for
 */
void text_spell_unknown(const struct report *report, struct buffer *out, const char *s, size_t len);

/** text_trimmed() - the length of @line without the blanks at its end. */
size_t text_trimmed(const char *line, size_t len);

/** text_trim_lines() - remove the blanks at the end of each line in a buffer. */
void text_trim_lines(struct buffer *b);

static inline bool text_is_left(enum column_kind kind)
{
	return kind == COLUMN_TEXT || kind == COLUMN_LIST || kind == COLUMN_PAIRS;
}

static inline bool text_is_right(enum column_kind kind)
{
	return !text_is_left(kind) && kind != COLUMN_BOOL;
}

/**
 * text_is_shown() - does a table have column @i?
 *
 * A histogram is drawn below the table. An event has no period, so there is no rate.
 */
static inline bool text_is_shown(const struct report_layout *layout, size_t i)
{
	const struct column *column = &layout->columns[i];

	return column->head && column->kind != COLUMN_HISTOGRAM &&
	       !(layout->streaming && column->kind == COLUMN_RATE);
}

#endif
