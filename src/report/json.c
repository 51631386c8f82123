/* SPDX-License-Identifier: MIT */
/*
 * A report as newline-delimited JSON.
 *
 * Records are put together by hand, because jansson's numbers hold neither the nine decimals of a
 * time nor an unsigned 64-bit count. Strings, the hard part, are jansson's.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "escape.h"
#include "internal.h"

/* Whether JSON shows these bytes as they are. */
static bool is_plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static void add_encoded(struct report *report, const char *bytes, size_t len)
{
	struct buffer *b = &report->line, *valid = &report->scratch;
	json_t *string;
	char *to, *out;
	size_t room;

	buffer_reset(valid);
	to = buffer_reserve(valid, ESCAPE_MAX(len));
	if (!to) {
		b->err = valid->err;
		return;
	}
	valid->len = escape_utf8(to, ESCAPE_MAX(len), bytes, len);
	string = json_stringn_nocheck(valid->data, valid->len);
	room = 6 * valid->len + 2; /* every byte as \u001f, and the quotes */
	buffer_reset(valid);
	to = string ? buffer_reserve(valid, room) : NULL;
	if (to)
		room = json_dumpb(string, to, room, JSON_ENCODE_ANY);
	json_decref(string);
	out = to ? buffer_reserve(b, 6 * room) : NULL;
	if (out)
		b->len += escape_json(out, to, room);
	else
		b->err = -ENOMEM;
}

static void add_text(struct report *report, const char *bytes, size_t len)
{
	struct buffer *b = &report->line;

	/* jansson allocates three times for each string; nearly all of them need nothing done. */
	if (!is_plain(bytes, len)) {
		add_encoded(report, bytes, len);
		return;
	}
	buffer_char(b, '"');
	buffer_add(b, bytes, len);
	buffer_char(b, '"');
}

static void add_string(struct report *report, const char *s)
{
	add_text(report, s, strlen(s));
}

static void add_key(struct report *report, const char *key)
{
	buffer_char(&report->line, ',');
	add_string(report, key);
	buffer_char(&report->line, ':');
}

static void add_number(struct report *report, const char *key, uint64_t n)
{
	add_key(report, key);
	buffer_number(&report->line, n);
}

static void add_seconds(struct report *report, const char *key, uint64_t ns)
{
	add_key(report, key);
	buffer_seconds(&report->line, ns);
}

static void begin_record(struct report *report, const char *type)
{
	buffer_reset(&report->line);
	buffer_string(&report->line, "{\"type\":");
	add_string(report, type);
}

static int end_record(struct report *report)
{
	buffer_add(&report->line, "}\n", 2);
	return report_write(report, &report->line);
}

static void add_list(struct report *report, const struct cell *cell)
{
	struct buffer *b = &report->line;

	buffer_char(b, '[');
	for (size_t i = 0; i < cell->list.count; i++) {
		const struct cell *item = &cell->list.cells[i];

		if (i)
			buffer_char(b, ',');
		if (item->null)
			buffer_string(b, "null");
		else
			add_text(report, item->text.bytes, item->text.len);
	}
	buffer_char(b, ']');
}

static void add_pairs(struct report *report, const struct cell *cell)
{
	struct buffer *b = &report->line;

	buffer_char(b, '{');
	for (size_t i = 0; i < cell->pairs.count; i++) {
		const struct pair *pair = &cell->pairs.pairs[i];

		if (i)
			buffer_char(b, ',');
		add_string(report, pair->name);
		buffer_char(b, ':');
		if (pair->value.null)
			buffer_string(b, "null");
		else if (pair->text)
			add_text(report, pair->value.text.bytes, pair->value.text.len);
		else if (pair->is_unsigned)
			buffer_number(b, pair->value.number);
		else
			buffer_integer(b, pair->value.integer);
	}
	buffer_char(b, '}');
}

static void add_cell(struct report *report, const struct column *column, const struct cell *cell)
{
	struct buffer *b = &report->line;

	if (column->kind == COLUMN_RATE)
		return;
	add_key(report, column->key);
	if (cell->null) {
		buffer_string(b, "null");
		return;
	}
	switch (column->kind) {
	case COLUMN_TEXT:
		add_text(report, cell->text.bytes, cell->text.len);
		break;
	case COLUMN_LIST:
		add_list(report, cell);
		break;
	case COLUMN_SIGNED:
		buffer_integer(b, cell->integer);
		break;
	case COLUMN_BOOL:
		buffer_string(b, cell->number ? "true" : "false");
		break;
	case COLUMN_PERCENT:
		buffer_fraction(b, cell->number);
		break;
	case COLUMN_PAIRS:
		add_pairs(report, cell);
		break;
	case COLUMN_HISTOGRAM:
		histogram_json(b, cell->packed);
		break;
	default:
		buffer_number(b, cell->number);
	}
}

static void add_filters(struct report *report, const struct report_start *start)
{
	struct buffer *b = &report->line;

	add_key(report, "filters");
	buffer_char(b, '{');
	for (size_t i = 0; i < start->nfilters; i++) {
		if (i)
			buffer_char(b, ',');
		add_string(report, start->filters[i][0]);
		buffer_char(b, ':');
		add_string(report, start->filters[i][1]);
	}
	buffer_char(b, '}');
}

int json_start(struct report *report, const struct report_start *start)
{
	struct buffer *b = &report->line;

	begin_record(report, "start");
	add_seconds(report, "ts", start->ts_ns);
	add_key(report, "tool");
	add_string(report, start->tool);
	add_key(report, "version");
	add_string(report, start->version);
	add_key(report, "kernel");
	add_string(report, start->kernel);
	add_key(report, "hooks");
	buffer_char(b, '[');
	for (size_t i = 0; i < start->nhooks; i++) {
		if (i)
			buffer_char(b, ',');
		add_string(report, start->hooks[i]);
	}
	buffer_char(b, ']');
	add_filters(report, start);
	return end_record(report);
}

static int write_row(struct report *report, uint64_t interval, const struct cell *cells)
{
	begin_record(report, "row");
	add_number(report, "interval", interval);
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++)
		add_cell(report, &report->opts.layout.columns[i], &cells[i]);
	return end_record(report);
}

int json_interval(struct report *report, const struct report_interval *interval, size_t shown)
{
	const struct report_options *opts = &report->opts;

	for (size_t i = 0; i < shown; i++) {
		int err = write_row(report, interval->number, report->rows.rows[i]);

		if (err)
			return err;
	}
	begin_record(report, "total");
	add_number(report, "interval", interval->number);
	add_seconds(report, "ts", interval->ts_ns);
	add_seconds(report, "seconds", interval->span_ns);
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (opts->layout.columns[i].kind == COLUMN_COUNT)
			add_number(report, opts->layout.columns[i].key, report->sums[i]);
	}
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (report_has_field(report->totalled, i))
			add_cell(report, &opts->layout.columns[i], &report->totals[i]);
	}
	add_number(report, "rows", report->rows.seen);
	add_number(report, "shown", shown);
	add_number(report, "dropped", drops_total(&interval->drops));
	add_number(report, "untimed", interval->drops.untimed);
	return end_record(report);
}

int json_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
	       uint64_t fields)
{
	begin_record(report, type);
	add_seconds(report, "ts", ts_ns);
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++) {
		const struct column *c = &report->opts.layout.columns[i];

		if (report_has_field(fields, i) && c->kind != COLUMN_HISTOGRAM)
			add_cell(report, c, &cells[i]);
	}
	return end_record(report);
}

/* With one digit behind the point. */
static void add_mean(struct report *report, const struct spread *spread)
{
	char text[32];

	add_key(report, "mean");
	snprintf(text, sizeof(text), "%.1f", spread_mean(spread));
	buffer_string(&report->line, text);
}

static void add_octaves(struct report *report, const struct spread *spread)
{
	uint64_t octaves[SPREAD_OCTAVES];
	size_t count = spread_octaves(spread, octaves);
	struct buffer *b = &report->line;
	const char *before = "";

	add_key(report, "histogram");
	buffer_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		if (!octaves[i])
			continue;
		buffer_string(b, before);
		buffer_char(b, '[');
		buffer_number(b, spread_octave_from(i));
		buffer_char(b, ',');
		buffer_number(b, spread_octave_to(i));
		buffer_char(b, ',');
		buffer_number(b, octaves[i]);
		buffer_char(b, ']');
		before = ",";
	}
	buffer_char(b, ']');
}

int json_distribution(struct report *report, const char *of, const struct spread *spread)
{
	begin_record(report, "distribution");
	add_key(report, "of");
	add_string(report, of);
	add_number(report, "count", spread->count);
	add_mean(report, spread);
	add_number(report, "p50", spread_quantile(spread, 1, 2));
	add_number(report, "p99", spread_quantile(spread, 99, 100));
	add_number(report, "max", spread->max);
	add_octaves(report, spread);
	return end_record(report);
}

int json_end(struct report *report, const struct report_sum *sums, size_t nsums,
	     const struct drops *drops, uint64_t ts_ns, uint64_t span_ns)
{
	struct buffer *b = &report->line;

	begin_record(report, "end");
	add_seconds(report, "ts", ts_ns);
	for (size_t i = 0; i < nsums; i++) {
		add_key(report, sums[i].key);
		if (sums[i].null)
			buffer_string(b, "null");
		else
			buffer_number(b, sums[i].value);
	}
	add_key(report, "dropped");
	buffer_string(b, "{\"map_full\":");
	buffer_number(b, drops->map_full);
	add_number(report, "buffer", drops->buffer);
	add_number(report, "unmatched", drops->unmatched);
	add_number(report, "missed", drops->missed);
	add_number(report, "unread", drops->unread);
	buffer_char(b, '}');
	add_number(report, "untimed", drops->untimed);
	add_seconds(report, "seconds", span_ns);
	return end_record(report);
}
