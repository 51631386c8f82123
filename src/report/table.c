/* SPDX-License-Identifier: MIT */
/*
 * A report as a table for people: the rows of an interval, aligned, appended or on a repainted
 * screen.
 *
 * libsmartcols aligns them. It gets text that is already escaped, so its own escaping is off; and
 * it measures in the locale of the thread, so it runs in a UTF-8 one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "internal.h"
#include "terminal.h"

#define NOWHERE SIZE_MAX
#define DRAWING_INDENT 2
#define DRAWING_WIDTH 40

/* Whether a column tells what a row is about. */
static bool is_key(enum column_kind kind)
{
	return kind == COLUMN_ID || kind == COLUMN_SIGNED || kind == COLUMN_BOOL ||
	       table_is_text(kind);
}

/*
 * Where the word TOTAL goes: in front when text is in front, otherwise in the last text column,
 * which numbers lead up to.
 */
static size_t total_column(const struct report_options *opts)
{
	size_t text = NOWHERE, key = NOWHERE;
	bool first = true;

	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		enum column_kind kind = opts->layout.columns[i].kind;

		if (!table_is_shown(opts, i))
			continue;
		if (table_is_text(kind) && first)
			return i;
		if (table_is_text(kind))
			text = i;
		else if (is_key(kind) && key == NOWHERE)
			key = i;
		first = false;
	}
	return text != NOWHERE ? text : key;
}

/* A cell of the total row into the scratch buffer. */
static void total_cell(struct report *report, size_t i, uint64_t span_ns)
{
	struct buffer *b = &report->scratch;
	enum column_kind kind = report->opts.layout.columns[i].kind;

	if (i == total_column(&report->opts))
		buffer_string(b, "TOTAL");
	else if (kind == COLUMN_COUNT)
		buffer_number(b, report->sums[i]);
	else if (kind == COLUMN_RATE)
		text_rate(b, report->sums[report->source[i]], span_ns);
	else if (report_has_field(report->totalled, i))
		table_cell(b, kind, &report->totals[i]);
}

static void row_cell(struct report *report, size_t i, const struct cell *row, uint64_t span_ns)
{
	struct buffer *b = &report->scratch;
	const struct cell *cell = &row[report->source[i]];
	enum column_kind kind = report->opts.layout.columns[i].kind;

	if (kind == COLUMN_RATE && !cell->null)
		text_rate(b, cell->number, span_ns);
	else
		table_cell(b, kind, cell);
}

/*
 * What is in the scratch buffer, as libsmartcols may have it: characters that are newer than the C
 * library, or nobody's, it takes for none, and all that is to the right of them would be out of its
 * place.
 */
static struct buffer *safe_cell(struct report *report)
{
	struct buffer *b = &report->scratch, *safe = &report->line;
	bool ascii = true;

	for (size_t i = 0; i < b->len && ascii; i++)
		ascii = (unsigned char)b->data[i] < 0x80;
	if (ascii)
		return b;
	buffer_reset(safe);
	text_spell_unknown(report, safe, b->data, b->len);
	return safe;
}

/* Add a line to the table; @row NULL: the total. */
static int add_line(struct report *report, struct libscols_table *tb, const struct cell *row,
		    uint64_t span_ns)
{
	const struct report_options *opts = &report->opts;
	struct libscols_line *line = scols_table_new_line(tb, NULL);
	struct buffer *b;
	size_t at = 0;

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (!table_is_shown(opts, i))
			continue;
		buffer_reset(&report->scratch);
		if (row)
			row_cell(report, i, row, span_ns);
		else
			total_cell(report, i, span_ns);
		b = safe_cell(report);
		buffer_char(b, '\0');
		if (b->err || scols_line_set_data(line, at++, b->data) != 0)
			return -ENOMEM;
	}
	return 0;
}

static int fill_table(struct report *report, struct libscols_table *tb, size_t shown,
		      uint64_t span_ns)
{
	const struct report_options *opts = &report->opts;
	int err = 0;

	scols_table_enable_noencoding(tb, 1);
	scols_table_set_termforce(tb, SCOLS_TERMFORCE_NEVER);
	if (scols_table_set_column_separator(tb, TABLE_GAP) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		const struct column *c = &opts->layout.columns[i];
		int flags = table_is_right(c->kind) ? SCOLS_FL_RIGHT : 0;

		if (table_is_shown(opts, i) && !scols_table_new_column(tb, c->head, 0, flags))
			return -ENOMEM;
	}
	for (size_t i = 0; i < shown && !err; i++)
		err = add_line(report, tb, report->rows.rows[i], span_ns);
	return err ? err : add_line(report, tb, NULL, span_ns);
}

/* Heading, rows and total, aligned, as one string on the heap. */
static int compose_table(struct report *report, size_t shown, uint64_t span_ns, char **out)
{
	struct libscols_table *tb = scols_new_table();
	locale_t before = (locale_t)0;
	int err;

	*out = NULL;
	if (!tb)
		return -ENOMEM;
	err = fill_table(report, tb, shown, span_ns);
	if (!err) {
		if (report->utf8)
			before = uselocale(report->utf8);
		if (scols_print_table_to_string(tb, out) != 0 || !*out)
			err = -ENOMEM;
		if (before)
			uselocale(before);
	}
	scols_unref_table(tb);
	return err;
}

static void add_drops(struct buffer *b, const struct drops *drops)
{
	const struct {
		const char *name;
		uint64_t count;
	} causes[] = {
		{ "map full", drops->map_full },   { "buffer full", drops->buffer },
		{ "unmatched", drops->unmatched }, { "missed", drops->missed },
		{ "unread", drops->unread },
	};
	const char *before = " (";

	buffer_string(b, "dropped: ");
	buffer_number(b, drops_total(drops));
	for (size_t i = 0; i < array_size(causes); i++) {
		if (!causes[i].count)
			continue;
		buffer_string(b, before);
		buffer_string(b, causes[i].name);
		buffer_char(b, ' ');
		buffer_number(b, causes[i].count);
		before = ", ";
	}
	buffer_string(b, ")\n");
}

/* What a row is about, in the words of the table. */
static void add_title(struct report *report, struct buffer *b, const struct cell *row)
{
	const char *before = "";

	for (size_t i = 0; i < report->opts.layout.ncolumns; i++) {
		enum column_kind kind = report->opts.layout.columns[i].kind;

		if (!table_is_shown(&report->opts, i) || !is_key(kind))
			continue;
		buffer_string(b, before);
		table_cell(b, kind, &row[i]);
		before = " ";
	}
	buffer_char(b, '\n');
}

static void add_drawings(struct report *report, struct buffer *b, const struct cell *row)
{
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++) {
		if (report->opts.layout.columns[i].kind != COLUMN_HISTOGRAM || row[i].null ||
		    !row[i].packed->ncounts)
			continue;
		add_title(report, b, row);
		histogram_draw(b, row[i].packed, DRAWING_INDENT, DRAWING_WIDTH);
	}
}

/* All lines of an interval into @b, not yet cut. */
static int compose_block(struct report *report, struct buffer *b,
			 const struct report_interval *interval, size_t shown)
{
	cleanup_free char *table = NULL;
	int err = compose_table(report, shown, interval->span_ns, &table);

	if (err)
		return err;
	if (report->opts.timestamp) {
		text_clock(report, b, interval->ts_ns);
		buffer_char(b, '\n');
	}
	buffer_string(b, table);
	if (b->len && b->data[b->len - 1] != '\n')
		buffer_char(b, '\n');
	if (shown < report->rows.seen) {
		buffer_char(b, '(');
		buffer_number(b, shown);
		buffer_string(b, " of ");
		buffer_number(b, report->rows.seen);
		buffer_string(b, " rows shown)\n");
	}
	if (drops_total(&interval->drops))
		add_drops(b, &interval->drops);
	if (interval->drops.untimed) {
		buffer_string(b, "without a time: ");
		buffer_number(b, interval->drops.untimed);
		buffer_char(b, '\n');
	}
	for (size_t i = 0; i < shown; i++)
		add_drawings(report, b, report->rows.rows[i]);
	return b->err;
}

/* The next line of @block at *@at, without its line end. Return: false after the last one. */
static bool next_line(const struct buffer *block, size_t *at, const char **line, size_t *len)
{
	const char *end;

	if (*at >= block->len)
		return false;
	*line = block->data + *at;
	end = memchr(*line, '\n', block->len - *at);
	*len = end ? (size_t)(end - *line) : block->len - *at;
	*at += *len + 1;
	*len = text_trimmed(*line, *len);
	return true;
}

void table_screen(const struct report *report, size_t *height, size_t *width)
{
	terminal_size(fileno(report->opts.out), height, width);
	/* The cursor rests below the last line: a line end on the bottom line would scroll. */
	if (*height > 1)
		--*height;
}

/* How many of @shown rows fit between the other lines of a frame. */
static size_t rows_that_fit(const struct report *report, const struct report_interval *interval,
			    size_t shown, size_t height)
{
	size_t others = 2u + report->opts.timestamp + (drops_total(&interval->drops) != 0) +
			(interval->drops.untimed != 0) + report->keys;
	size_t room = height > others ? height - others : 0;

	/* Half of the picture is for the drawings below the table. */
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++)
		if (report->opts.layout.columns[i].kind == COLUMN_HISTOGRAM)
			room /= 2;
	/* Hidden rows cost one more line, the one that says so. */
	if ((shown < report->rows.seen || shown > room) && room)
		room--;
	return shown < room ? shown : room;
}

/* Add a line of the frame. Behind a full one the cursor stays on its last character and would erase
 * it. */
static void end_line(struct buffer *frame, bool full)
{
	buffer_string(frame, full ? "\n" : "\033[K\n");
}

int table_paint(struct report *report, const struct buffer *block, size_t height, size_t width)
{
	struct buffer *frame = &report->line;
	/* Whatever has no room, that line has: it says whether the picture is paused. */
	size_t lines = report->keys && height > 1 ? height - 1 : height;
	size_t at = 0, len = 0;
	const char *line = NULL;

	buffer_reset(frame);
	buffer_string(frame, "\033[H");
	for (size_t i = 0; i < lines && next_line(block, &at, &line, &len); i++) {
		size_t wide = text_width(report, line, len, width, &len);

		buffer_add(frame, line, len);
		end_line(frame, wide == width);
	}
	if (lines < height) {
		screen_status(report, frame, width);
		end_line(frame, false);
	}
	buffer_string(frame, "\033[J");
	return report_write_at_once(report, frame);
}

static int append(struct report *report, const struct buffer *block)
{
	struct buffer *out = &report->line;
	size_t at = 0, len = 0;
	const char *line = NULL;

	buffer_reset(out);
	while (next_line(block, &at, &line, &len)) {
		buffer_add(out, line, len);
		buffer_char(out, '\n');
	}
	buffer_char(out, '\n');
	return report_write(report, out);
}

int table_interval(struct report *report, const struct report_interval *interval, size_t shown)
{
	struct buffer block = { 0 };
	size_t height = 0, width = 0;
	int err;

	if (report->opts.screen) {
		table_screen(report, &height, &width);
		shown = rows_that_fit(report, interval, shown, height);
	}
	err = compose_block(report, &block, interval, shown);
	if (!err && report->opts.screen)
		err = table_paint(report, &block, height, width);
	else if (!err)
		err = append(report, &block);
	buffer_free(&block);
	return err;
}
