/* SPDX-License-Identifier: MIT */
/* Fields of a CSV line. See csv_value.h. */
#include "csv_value.h"

#include <string.h>

#include "packed_histogram.h"
#include "text.h"

/* Line ends need no look: escaping has taken them out. */
static bool needs_quotes(const char *field, size_t len)
{
	return len && (memchr(field, ',', len) || memchr(field, '"', len));
}

/* Put what was added to @b from @start on in quotes, and double the quotes in it. */
static void quote_from(struct buffer *b, size_t start)
{
	size_t from = b->len, to, quotes = 0;

	for (size_t i = start; i < b->len; i++)
		quotes += b->data[i] == '"';
	if (!buffer_reserve(b, quotes + 2))
		return;
	b->len += quotes + 2;
	to = b->len;
	/* Backwards, because source and target overlap. */
	b->data[--to] = '"';
	while (from > start) {
		char c = b->data[--from];

		b->data[--to] = c;
		if (c == '"')
			b->data[--to] = c;
	}
	b->data[start] = '"';
}

static void add_text(struct buffer *b, enum column_kind kind, const struct cell *cell)
{
	size_t start = b->len;

	text_cell_bytes(b, kind, cell);
	if (!b->err && needs_quotes(b->data + start, b->len - start))
		quote_from(b, start);
}

void csv_add_string(struct buffer *b, const char *s)
{
	const struct cell cell = cell_string(s);

	add_text(b, COLUMN_TEXT, &cell);
}

void csv_add_cell(struct buffer *b, enum column_kind kind, const struct cell *cell)
{
	if (cell->null)
		return;
	switch (kind) {
	case COLUMN_TEXT:
	case COLUMN_LIST:
	case COLUMN_PAIRS:
		add_text(b, kind, cell);
		break;
	case COLUMN_TIME:
		buffer_seconds(b, cell->number);
		break;
	case COLUMN_PERCENT:
		buffer_fraction(b, cell->number);
		break;
	case COLUMN_HISTOGRAM:
		histogram_csv(b, cell->packed);
		break;
	case COLUMN_SIGNED:
		buffer_integer(b, cell->integer);
		break;
	case COLUMN_BOOL:
		buffer_string(b, cell->number ? "true" : "false");
		break;
	default:
		buffer_number(b, cell->number);
	}
}
