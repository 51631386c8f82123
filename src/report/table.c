/* SPDX-License-Identifier: MIT */
/*
 * A report of rows as a table for people: see table.h for the lines, writer.h for the format.
 *
 * libsmartcols aligns the columns. It gets text that is already escaped, so its own escaping is
 * off. It measures text in the locale of the thread, which is a UTF-8 one meanwhile.
 */
#define _GNU_SOURCE
#include "table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "bars.h"
#include "cleanup.h"
#include "distribution.h"
#include "internal.h"
#include "packed_histogram.h"
#include "text.h"
#include "writer.h"

#define NOWHERE SIZE_MAX

/* The lines of one interval, while they are composed. */
struct table {
	struct report *report;
	const struct rows *rows;
	size_t shown;
	const struct report_interval *interval;
	bool heat;
};

bool table_is_key(enum column_kind kind)
{
	return kind == COLUMN_ID || kind == COLUMN_SIGNED || kind == COLUMN_BOOL ||
	       text_is_left(kind);
}

bool table_shows(const struct report *report, size_t i)
{
	return text_is_shown(&report->opts.layout, i) && !report_has_field(report->view.skipped, i);
}

/*
 * Where the word TOTAL goes: into the first column if that is text, otherwise into the last text
 * column, which follows the numbers that identify a row.
 */
static size_t total_column(const struct report *report)
{
	const struct report_layout *layout = &report->opts.layout;
	size_t text = NOWHERE, key = NOWHERE;
	bool first = true;

	for (size_t i = 0; i < layout->ncolumns; i++) {
		enum column_kind kind = layout->columns[i].kind;

		if (!table_shows(report, i))
			continue;
		if (text_is_left(kind) && first)
			return i;
		if (text_is_left(kind))
			text = i;
		else if (table_is_key(kind) && key == NOWHERE)
			key = i;
		first = false;
	}
	return text != NOWHERE ? text : key;
}

/* A cell of the total row into the scratch buffer. */
static void add_total_cell(const struct table *t, size_t i)
{
	const struct report_layout *layout = &t->report->opts.layout;
	struct buffer *b = &t->report->scratch;
	enum column_kind kind = layout->columns[i].kind;

	if (i == total_column(t->report))
		buffer_string(b, "TOTAL");
	else if (kind == COLUMN_COUNT)
		buffer_number(b, t->rows->sums[i]);
	else if (kind == COLUMN_RATE)
		text_rate(b, t->rows->sums[t->report->source[i]], t->interval->span_ns);
	else if (report_has_field(t->rows->totalled, i))
		text_cell(b, kind, &t->rows->totals[i]);
}

/* A cell of a row into the scratch buffer. */
static void add_row_cell(const struct table *t, size_t i, const struct cell *row)
{
	struct buffer *b = &t->report->scratch;
	const struct cell *cell = &row[t->report->source[i]];
	enum column_kind kind = t->report->opts.layout.columns[i].kind;

	if (kind == COLUMN_RATE && !cell->null)
		text_rate(b, cell->number, t->interval->span_ns);
	else
		text_cell(b, kind, cell);
}

/*
 * The scratch buffer as text that libsmartcols measures correctly. A character that the C library
 * does not know would count as no columns and shift everything to its right.
 */
static struct buffer *measurable_cell(struct report *report)
{
	struct buffer *b = &report->scratch, *spelled = &report->line;
	bool ascii = true;

	for (size_t i = 0; i < b->len && ascii; i++)
		ascii = (unsigned char)b->data[i] < 0x80;
	if (ascii)
		return b;
	buffer_reset(spelled);
	text_spell_unknown(report, spelled, b->data, b->len);
	return spelled;
}

static int set_data(const struct table *t, struct libscols_line *line, size_t at)
{
	struct buffer *b = measurable_cell(t->report);

	buffer_char(b, '\0');
	return b->err || scols_line_set_data(line, at, b->data) != 0 ? -ENOMEM : 0;
}

/* The cell of a heat line. */
static int add_heat(const struct table *t, struct libscols_line *line, const struct cell *row,
		    size_t at)
{
	buffer_reset(&t->report->scratch);
	if (row)
		heat_add(t->report, &t->report->scratch, row);
	return set_data(t, line, at);
}

/* Add a line to the table; @row NULL: the total. */
static int add_line(const struct table *t, struct libscols_table *tb, const struct cell *row)
{
	const struct report_layout *layout = &t->report->opts.layout;
	struct libscols_line *line = scols_table_new_line(tb, NULL);
	size_t heat = t->heat ? heat_place(t->report) : NOWHERE, at = 0;

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (i == heat && add_heat(t, line, row, at++) < 0)
			return -ENOMEM;
		if (!table_shows(t->report, i))
			continue;
		buffer_reset(&t->report->scratch);
		if (row)
			add_row_cell(t, i, row);
		else
			add_total_cell(t, i);
		if (set_data(t, line, at++) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_heads(struct libscols_table *tb, const struct table *t)
{
	const struct report *report = t->report;
	const struct report_layout *layout = &report->opts.layout;
	size_t heat = t->heat ? heat_place(report) : NOWHERE;

	for (size_t i = 0; i < layout->ncolumns; i++) {
		const struct column *c = &layout->columns[i];
		int flags = text_is_right(c->kind) ? SCOLS_FL_RIGHT : 0;

		if (i == heat && !scols_table_new_column(tb, HEAT_HEADING, 0, 0))
			return -ENOMEM;

		if (table_shows(report, i) && !scols_table_new_column(tb, c->head, 0, flags))
			return -ENOMEM;
	}
	return 0;
}

static int fill_table(const struct table *t, struct libscols_table *tb)
{
	int err;

	scols_table_enable_noencoding(tb, 1);
	scols_table_set_termforce(tb, SCOLS_TERMFORCE_NEVER);
	if (scols_table_set_column_separator(tb, TABLE_GAP) != 0)
		return -ENOMEM;
	err = add_heads(tb, t);
	for (size_t i = 0; i < t->shown && !err; i++)
		err = add_line(t, tb, t->rows->list[t->report->view.first + i]);
	return err ? err : add_line(t, tb, NULL);
}

/* Heading, rows and total, aligned, as one string on the heap. */
static int align_table(const struct table *t, char **out)
{
	struct libscols_table *tb = scols_new_table();
	locale_t before = (locale_t)0;
	int err;

	*out = NULL;
	if (!tb)
		return -ENOMEM;
	err = fill_table(t, tb);
	if (!err) {
		if (t->report->utf8)
			before = uselocale(t->report->utf8);
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
	char text[DROPS_TEXT_MAX];

	if (!drops_total(drops))
		return;
	buffer_string(b, drops_text(drops, text, sizeof(text)));
	buffer_char(b, '\n');
}

static void add_untimed(struct buffer *b, uint64_t untimed)
{
	if (!untimed)
		return;
	buffer_string(b, "without a time: ");
	buffer_number(b, untimed);
	buffer_string(b, " (" DROPS_CURE ")\n");
}

size_t table_notes(const struct report_interval *interval)
{
	return (drops_total(&interval->drops) != 0) + (interval->drops.untimed != 0);
}

static void add_hidden(struct buffer *b, const struct table *t)
{
	size_t first = t->report->view.first;

	if (t->shown >= t->rows->seen)
		return;
	buffer_string(b, first ? "(rows " : "(");
	buffer_number(b, first ? first + 1 : t->shown);
	if (first) {
		buffer_string(b, " to ");
		buffer_number(b, first + t->shown);
	}
	buffer_string(b, " of ");
	buffer_number(b, t->rows->seen);
	buffer_string(b, first ? ")\n" : " rows shown)\n");
}

void table_title(struct buffer *b, const struct report *report, const struct cell *row)
{
	const struct report_layout *layout = &report->opts.layout;
	const char *before = "";

	for (size_t i = 0; i < layout->ncolumns; i++) {
		enum column_kind kind = layout->columns[i].kind;

		if (!text_is_shown(layout, i) || !table_is_key(kind))
			continue;
		buffer_string(b, before);
		text_cell(b, kind, &row[i]);
		before = " ";
	}
}

static void add_histograms(struct buffer *b, const struct report *report, const struct cell *row)
{
	const struct report_layout *layout = &report->opts.layout;

	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (layout->columns[i].kind != COLUMN_HISTOGRAM || row[i].null ||
		    !row[i].packed->ncounts)
			continue;
		table_title(b, report, row);
		buffer_char(b, '\n');
		histogram_draw(b, row[i].packed, BARS_INDENT, BARS_WIDTH);
	}
}

int table_compose(struct report *report, struct buffer *b, const struct rows *rows, size_t shown,
		  const struct report_interval *interval)
{
	const struct table t = { report, rows, shown, interval, heat_is_shown(report) };
	cleanup_free char *aligned = NULL;
	int err = align_table(&t, &aligned);

	if (err)
		return err;
	if (report->opts.timestamp) {
		text_clock(report, b, interval->ts_ns);
		buffer_char(b, '\n');
	}
	buffer_string(b, aligned);
	if (b->len && b->data[b->len - 1] != '\n')
		buffer_char(b, '\n');
	add_hidden(b, &t);
	add_drops(b, &interval->drops);
	add_untimed(b, interval->drops.untimed);
	for (size_t i = 0; i < shown; i++)
		if (!report->view.left &&
		    (!report->view.keys || report->view.first + i == report->view.cursor))
			add_histograms(b, report, rows->list[report->view.first + i]);
	text_trim_lines(b);
	return b->err;
}

/* A blank line separates an interval from the next one. */
static int write_interval(struct report *report, const struct rows *rows, size_t shown,
			  const struct report_interval *interval)
{
	struct buffer lines = { 0 };
	int err = table_compose(report, &lines, rows, shown, interval);

	buffer_char(&lines, '\n');
	if (!err)
		err = report_write(report, &lines);
	buffer_free(&lines);
	return err;
}

static int write_distribution(struct report *report, const struct distribution *spread, double mean,
			      const struct distribution_nouns *nouns)
{
	buffer_reset(&report->line);
	distribution_lines(&report->line, spread, mean, nouns);
	return report_write(report, &report->line);
}

const struct report_writer table_writer = {
	.name = "table",
	.interval = write_interval,
	.distribution = write_distribution,
};
