/* SPDX-License-Identifier: MIT */
/*
 * Values of a report, and how to make them.
 *
 * A cell does not know its type: the kind of its column says which member holds the value. A cell
 * borrows what it points to, so text, lists, pairs and histograms must stay as they are until the
 * call returns that the cell is given to. That call copies what the report keeps.
 */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct histogram;
struct packed_histogram;
struct pair;

/**
 * struct cell - one value
 * @null:      not known or not applicable: JSON null, "-" in tables, empty in CSV
 * @number:    COLUMN_COUNT, COLUMN_ID, COLUMN_NS (ns), COLUMN_BOOL (0 or 1), COLUMN_PERCENT (parts
 *             per million); a COLUMN_RATE has no value of its own
 * @integer:   COLUMN_SIGNED
 * @text:      COLUMN_TEXT: bytes from anywhere, not escaped, without a NUL
 * @list:      COLUMN_LIST: cells of texts
 * @pairs:     COLUMN_PAIRS
 * @histogram: COLUMN_HISTOGRAM
 * @packed:    the report's own copy of @histogram; for src/report alone
 */
struct cell {
	bool null;
	union {
		uint64_t number;
		int64_t integer;
		struct {
			const char *bytes;
			size_t len;
		} text;
		struct {
			const struct cell *cells;
			size_t count;
		} list;
		struct {
			const struct pair *pairs;
			size_t count;
		} pairs;
		const struct histogram *histogram;
		const struct packed_histogram *packed;
	};
};

/**
 * struct pair - a name and its value in a COLUMN_PAIRS cell
 * @name:        unique in its cell; NUL-terminated, borrowed like the value
 * @value:       null: JSON null, elsewhere nothing behind the "="
 * @text:        @value is a text; otherwise it is a signed number
 * @is_unsigned: @value is an unsigned number instead
 */
struct pair {
	const char *name;
	struct cell value;
	bool text;
	bool is_unsigned;
};

static inline struct cell cell_null(void)
{
	return (struct cell){ .null = true };
}

/** cell_number() - an unsigned number, in the unit of its column: ns, parts per million, 0 or 1. */
static inline struct cell cell_number(uint64_t number)
{
	return (struct cell){ .number = number };
}

/** cell_number_if() - @number when it is @known, otherwise null. */
static inline struct cell cell_number_if(bool known, uint64_t number)
{
	return known ? cell_number(number) : cell_null();
}

static inline struct cell cell_signed(int64_t integer)
{
	return (struct cell){ .integer = integer };
}

/** cell_text() - @len bytes; there may be NULs among them. */
static inline struct cell cell_text(const char *bytes, size_t len)
{
	return (struct cell){ .text = { bytes, len } };
}

/** cell_array() - the text in an array of @size bytes: up to its first NUL, or all of it. */
static inline struct cell cell_array(const char *bytes, size_t size)
{
	return cell_text(bytes, strnlen(bytes, size));
}

/** cell_string() - a NUL-terminated text; null when @string is NULL. */
static inline struct cell cell_string(const char *string)
{
	return string ? cell_text(string, strlen(string)) : cell_null();
}

/** cell_list() - @count texts, each made by one of the three functions above. */
static inline struct cell cell_list(const struct cell *cells, size_t count)
{
	return (struct cell){ .list = { cells, count } };
}

static inline struct cell cell_pairs(const struct pair *pairs, size_t count)
{
	return (struct cell){ .pairs = { pairs, count } };
}

static inline struct cell cell_histogram(const struct histogram *histogram)
{
	return (struct cell){ .histogram = histogram };
}

#endif
