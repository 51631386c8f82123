/* SPDX-License-Identifier: MIT */
/* Rows gathered, sorted, cut and summed, and every record sent to its format. See report.h. */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "report_private.h"

int report_format_parse(const char *name, enum report_format *out)
{
	static const char *const names[] = {
		[REPORT_TABLE] = "table",
		[REPORT_JSON] = "json",
		[REPORT_CSV] = "csv",
	};

	for (size_t i = 0; i < array_size(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum report_format)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* A sum too large to hold stays the largest number, rather than a small and believable one. */
static uint64_t add_saturated(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

uint64_t drops_total(const struct drops *drops)
{
	uint64_t maps = add_saturated(drops->map_full, drops->buffer);

	return add_saturated(maps, add_saturated(drops->unmatched, drops->missed));
}

static size_t find_source(const struct report_options *opts, size_t column)
{
	const struct column *c = &opts->columns[column];

	if (c->kind != COLUMN_RATE || !c->of)
		return column;
	for (size_t i = 0; i < opts->ncolumns; i++) {
		if (strcmp(opts->columns[i].key, c->of) == 0 &&
		    opts->columns[i].kind == COLUMN_COUNT)
			return i;
	}
	return column;
}

/* Keep the active columns only, so that nobody below need know of others. */
static void keep_active(struct report *report)
{
	struct report_options *opts = &report->opts;
	size_t count = 0;

	for (size_t i = 0; i < opts->ncolumns; i++) {
		if (opts->active && !(opts->active >> i & 1))
			continue;
		if (i == opts->sort)
			opts->sort = count;
		report->columns[count] = opts->columns[i];
		report->at[count++] = i;
	}
	opts->columns = report->columns;
	opts->ncolumns = count;
}

int report_new(struct report **reportp, const struct report_options *opts, struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		return error_nomem(err);
	report->opts = *opts;
	report->columns = calloc(opts->ncolumns + 1, sizeof(*report->columns));
	report->at = calloc(opts->ncolumns + 1, sizeof(*report->at));
	report->source = calloc(opts->ncolumns + 1, sizeof(*report->source));
	report->sums = calloc(opts->ncolumns + 1, sizeof(*report->sums));
	if (!report->columns || !report->at || !report->source || !report->sums) {
		report_free(report);
		return error_nomem(err);
	}
	keep_active(report);
	for (size_t i = 0; i < report->opts.ncolumns; i++)
		report->source[i] = find_source(&report->opts, i);
	/* Without it wide characters count as one column: crooked, not wrong. */
	report->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	*reportp = report;
	return 0;
}

static void forget_rows(struct report *report)
{
	for (size_t i = 0; i < report->nrows; i++)
		free(report->rows[i]);
	report->nrows = 0;
	memset(report->sums, 0, report->opts.ncolumns * sizeof(*report->sums));
}

void report_free(struct report *report)
{
	if (!report)
		return;
	if (report->sums)
		forget_rows(report);
	if (report->utf8)
		freelocale(report->utf8);
	buffer_free(&report->line);
	buffer_free(&report->scratch);
	free(report->rows);
	free(report->columns);
	free(report->at);
	free(report->source);
	free(report->sums);
	free(report);
}

int report_write(struct report *report, const struct buffer *b)
{
	if (b->err)
		return b->err;
	errno = 0;
	if (!report->failed && b->len && fwrite(b->data, 1, b->len, report->opts.out) != b->len)
		report->failed = errno ? -errno : -EIO;
	return report->failed;
}

int report_write_at_once(struct report *report, const struct buffer *b)
{
	int fd = fileno(report->opts.out);
	size_t done = 0;
	int err;

	if (fd < 0)
		return report_write(report, b);
	err = b->err ? b->err : report_flush(report);
	while (!err && done < b->len) {
		ssize_t n = write(fd, b->data + done, b->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			err = report->failed = -errno;
	}
	return err;
}

bool report_is_text(const struct report *report)
{
	return report->opts.format == REPORT_TABLE;
}

int report_text(struct report *report, const char *text, size_t len)
{
	buffer_reset(&report->line);
	buffer_add(&report->line, text, len);
	return report_write(report, &report->line);
}

int report_flush(struct report *report)
{
	errno = 0;
	if (!report->failed && fflush(report->opts.out) != 0)
		report->failed = errno ? -errno : -EIO;
	return report->failed;
}

static int flush_after(struct report *report, int err)
{
	int flushed = report_flush(report);

	return err ? err : flushed;
}

int report_start(struct report *report, const struct report_start *start)
{
	const struct report_options *opts = &report->opts;
	int err = 0;

	switch (opts->format) {
	case REPORT_TABLE:
		err = opts->streaming && !opts->bare ? stream_start(report) : 0;
		break;
	case REPORT_JSON:
		err = json_start(report, start);
		break;
	case REPORT_CSV:
		err = csv_start(report);
		break;
	}
	return flush_after(report, err);
}

/* Bytes a copied cell needs behind the row; list items first, then all text. */
static size_t extra_size(enum column_kind kind, const struct cell *cell, size_t *items)
{
	size_t size = 0;

	*items = 0;
	if (cell->null)
		return 0;
	if (kind == COLUMN_TEXT)
		return cell->text.len;
	if (kind != COLUMN_LIST)
		return 0;
	*items = cell->list.count;
	for (size_t i = 0; i < cell->list.count; i++)
		size += cell->list.cells[i].null ? 0 : cell->list.cells[i].text.len;
	return size;
}

static void copy_text(struct cell *to, const struct cell *from, char **bytes)
{
	*to = *from;
	if (from->null)
		return;
	to->text.bytes = *bytes;
	if (from->text.len)
		memcpy(*bytes, from->text.bytes, from->text.len);
	*bytes += from->text.len;
}

static void copy_cell(enum column_kind kind, struct cell *to, const struct cell *from,
		      struct cell **items, char **bytes)
{
	if (kind == COLUMN_RATE) {
		to->null = true;
		return;
	}
	*to = *from;
	if (from->null)
		return;
	if (kind == COLUMN_TEXT)
		copy_text(to, from, bytes);
	if (kind != COLUMN_LIST)
		return;
	to->list.cells = *items;
	for (size_t i = 0; i < from->list.count; i++)
		copy_text((*items)++, &from->list.cells[i], bytes);
}

/* One allocation a row: an interval can have tens of thousands of them. */
static struct cell *copy_row(const struct report *report, const struct cell *cells)
{
	const struct report_options *opts = &report->opts;
	size_t items = 0, bytes = 0;
	struct cell *row, *item;
	char *text;

	for (size_t i = 0; i < opts->ncolumns; i++) {
		size_t n = 0;

		if (opts->columns[i].kind != COLUMN_RATE)
			bytes += extra_size(opts->columns[i].kind, &cells[report->at[i]], &n);
		items += n;
	}
	row = calloc(1, (opts->ncolumns + items) * sizeof(*row) + bytes + 1);
	if (!row)
		return NULL;
	item = row + opts->ncolumns;
	text = (char *)(item + items);
	for (size_t i = 0; i < opts->ncolumns; i++)
		copy_cell(opts->columns[i].kind, &row[i], &cells[report->at[i]], &item, &text);
	return row;
}

int report_row(struct report *report, const struct cell *cells)
{
	const struct report_options *opts = &report->opts;

	if (report->nrows == report->rows_size) {
		size_t size = report->rows_size ? 2 * report->rows_size : 64;
		struct cell **rows = reallocarray(report->rows, size, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		report->rows = rows;
		report->rows_size = size;
	}
	report->rows[report->nrows] = copy_row(report, cells);
	if (!report->rows[report->nrows])
		return -ENOMEM;
	report->nrows++;
	for (size_t i = 0; i < opts->ncolumns; i++) {
		const struct cell *cell = &cells[report->at[i]];

		if (opts->columns[i].kind == COLUMN_COUNT && !cell->null)
			report->sums[i] = add_saturated(report->sums[i], cell->number);
	}
	return 0;
}

static int compare_text(const struct cell *a, const struct cell *b)
{
	size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
	int order = len ? memcmp(a->text.bytes, b->text.bytes, len) : 0;

	return order ? order : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

static int compare_lists(const struct cell *a, const struct cell *b)
{
	size_t i = 0;

	for (; i < a->list.count && i < b->list.count; i++) {
		const struct cell *x = &a->list.cells[i], *y = &b->list.cells[i];
		int order = x->null || y->null ? x->null - y->null : compare_text(x, y);

		if (order)
			return order;
	}
	return (a->list.count > b->list.count) - (a->list.count < b->list.count);
}

/* Unknown values come last, whichever way the known ones are sorted; text always goes A to Z. */
static int compare_cells(enum column_kind kind, const struct cell *a, const struct cell *b,
			 bool ascending)
{
	int order;

	if (a->null || b->null)
		return a->null - b->null;
	if (kind == COLUMN_TEXT)
		return compare_text(a, b);
	if (kind == COLUMN_LIST)
		return compare_lists(a, b);
	if (kind == COLUMN_SIGNED)
		order = (a->integer > b->integer) - (a->integer < b->integer);
	else
		order = (a->number > b->number) - (a->number < b->number);
	return ascending ? order : -order;
}

static int compare_rows(const void *pa, const void *pb, void *arg)
{
	const struct cell *a = *(const struct cell *const *)pa;
	const struct cell *b = *(const struct cell *const *)pb;
	const struct report *report = arg;
	const struct report_options *opts = &report->opts;
	size_t key = report->source[opts->sort];
	int order;

	order = compare_cells(opts->columns[key].kind, &a[key], &b[key], opts->ascending);
	for (size_t i = 0; i < opts->ncolumns && !order; i++)
		order = compare_cells(opts->columns[i].kind, &a[i], &b[i], true);
	return order;
}

int report_interval(struct report *report, const struct report_interval *interval)
{
	const struct report_options *opts = &report->opts;
	size_t shown = report->nrows;
	int err = 0;

	if (report->nrows > 1)
		qsort_r(report->rows, report->nrows, sizeof(*report->rows), compare_rows, report);
	if (opts->top && shown > opts->top)
		shown = opts->top;
	switch (opts->format) {
	case REPORT_TABLE:
		err = table_interval(report, interval, shown);
		break;
	case REPORT_JSON:
		err = json_interval(report, interval, shown);
		break;
	case REPORT_CSV:
		err = csv_interval(report, interval, shown);
		break;
	}
	forget_rows(report);
	return flush_after(report, err);
}

int report_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
		 uint64_t fields, const char *detail, size_t detail_len)
{
	switch (report->opts.format) {
	case REPORT_TABLE:
		return stream_event(report, type, ts_ns, cells, fields, detail, detail_len);
	case REPORT_JSON:
		return json_event(report, type, ts_ns, cells, fields);
	case REPORT_CSV:
		return csv_event(report, type, ts_ns, cells, fields);
	}
	return -EINVAL;
}

int report_end(struct report *report, const struct report_sum *sums, size_t nsums,
	       const struct drops *drops, uint64_t ts_ns, uint64_t span_ns)
{
	int err = 0;

	if (report->opts.format == REPORT_JSON)
		err = json_end(report, sums, nsums, drops, ts_ns, span_ns);
	return flush_after(report, err);
}
