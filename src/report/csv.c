/* SPDX-License-Identifier: MIT */
/* A report as comma-separated values: RFC 4180, but lines end in LF alone, as Unix tools expect. */
#include <string.h>

#include "internal.h"

static void add_quoted(struct buffer *b, const struct buffer *text)
{
	buffer_char(b, '"');
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] == '"')
			buffer_char(b, '"');
		buffer_char(b, text->data[i]);
	}
	buffer_char(b, '"');
}

/* Line ends need no look: escaping has taken them out. */
static bool needs_quotes(const struct buffer *text)
{
	return text->len &&
	       (memchr(text->data, ',', text->len) || memchr(text->data, '"', text->len));
}

static void add_field(struct report *report, enum column_kind kind, const struct cell *cell)
{
	struct buffer *b = &report->line, *text = &report->scratch;

	buffer_reset(text);
	text_cell_bytes(text, kind, cell);
	if (text->err)
		b->err = text->err;
	else if (needs_quotes(text))
		add_quoted(b, text);
	else
		buffer_add(b, text->data, text->len);
}

static void add_string(struct report *report, const char *s)
{
	const struct cell cell = { .text = { s, strlen(s) } };

	add_field(report, COLUMN_TEXT, &cell);
}

static void add_cell(struct report *report, enum column_kind kind, const struct cell *cell)
{
	struct buffer *b = &report->line;

	if (cell->null)
		return;
	switch (kind) {
	case COLUMN_TEXT:
	case COLUMN_LIST:
	case COLUMN_PAIRS:
		add_field(report, kind, cell);
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

/* The cells of the columns in @fields; the others stay empty, so that all lines have as many. */
static void add_cells(struct report *report, const struct cell *cells, bool all, uint64_t fields)
{
	const struct report_options *opts = &report->opts;

	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		enum column_kind kind = opts->layout.columns[i].kind;

		if (kind == COLUMN_RATE)
			continue;
		buffer_char(&report->line, ',');
		if (all || (report_has_field(fields, i) && kind != COLUMN_HISTOGRAM))
			add_cell(report, kind, &cells[i]);
	}
	buffer_char(&report->line, '\n');
}

int csv_start(struct report *report)
{
	const struct report_options *opts = &report->opts;
	struct buffer *b = &report->line;

	buffer_reset(b);
	buffer_string(b, opts->layout.streaming ? "type,ts" : "interval");
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (opts->layout.columns[i].kind == COLUMN_RATE)
			continue;
		buffer_char(b, ',');
		add_string(report, opts->layout.columns[i].key);
	}
	buffer_char(b, '\n');
	return report_write(report, b);
}

int csv_interval(struct report *report, const struct report_interval *interval, size_t shown)
{
	struct buffer *b = &report->line;
	int err = 0;

	for (size_t i = 0; i < shown && !err; i++) {
		buffer_reset(b);
		buffer_number(b, interval->number);
		add_cells(report, report->rows.rows[i], true, 0);
		err = report_write(report, b);
	}
	return err;
}

int csv_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
	      uint64_t fields)
{
	struct buffer *b = &report->line;

	buffer_reset(b);
	add_string(report, type);
	buffer_char(b, ',');
	buffer_seconds(b, ts_ns);
	add_cells(report, cells, false, fields);
	return report_write(report, b);
}
