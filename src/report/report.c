/* SPDX-License-Identifier: MIT */
/* A report made and written, and every record sent to its format. See report.h. */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "internal.h"

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

uint64_t drops_total(const struct drops *drops)
{
	uint64_t maps = add_saturated(drops->map_full, drops->buffer);

	return add_saturated(add_saturated(maps, drops->unread),
			     add_saturated(drops->unmatched, drops->missed));
}

static size_t find_source(const struct report_options *opts, size_t column)
{
	const struct column *c = &opts->layout.columns[column];

	if (c->kind != COLUMN_RATE || !c->of)
		return column;
	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (strcmp(opts->layout.columns[i].key, c->of) == 0 &&
		    opts->layout.columns[i].kind == COLUMN_COUNT)
			return i;
	}
	return column;
}

/* Keep the active columns only, so that nobody below need know of others. */
static void keep_active(struct report *report)
{
	struct report_options *opts = &report->opts;
	size_t count = 0;

	for (size_t i = 0; i < opts->layout.ncolumns; i++) {
		if (opts->layout.active && !(opts->layout.active >> i & 1))
			continue;
		if (i == opts->sort)
			opts->sort = count;
		report->columns[count] = opts->layout.columns[i];
		report->at[count++] = i;
	}
	opts->layout.columns = report->columns;
	opts->layout.ncolumns = count;
}

int report_new(struct report **reportp, const struct report_options *opts, struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		return error_nomem(err);
	report->opts = *opts;
	report->columns = calloc(opts->layout.ncolumns + 1, sizeof(*report->columns));
	report->at = calloc(opts->layout.ncolumns + 1, sizeof(*report->at));
	report->source = calloc(opts->layout.ncolumns + 1, sizeof(*report->source));
	report->incoming = calloc(opts->layout.ncolumns + 1, sizeof(*report->incoming));
	report->sums = calloc(opts->layout.ncolumns + 1, sizeof(*report->sums));
	report->totals = calloc(opts->layout.ncolumns + 1, sizeof(*report->totals));
	if (!report->columns || !report->at || !report->source || !report->incoming ||
	    !report->sums || !report->totals) {
		report_free(report);
		return error_nomem(err);
	}
	keep_active(report);
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++)
		report->source[i] = find_source(&report->opts, i);
	/* Without it wide characters count as one column: crooked, not wrong. */
	report->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	*reportp = report;
	return 0;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	if (report->sums)
		rows_forget(report);
	screen_free(report);
	if (report->utf8)
		freelocale(report->utf8);
	buffer_free(&report->line);
	buffer_free(&report->scratch);
	free(report->rows.rows);
	arena_free(&report->rows.memory);
	free(report->incoming);
	free(report->columns);
	free(report->at);
	free(report->source);
	free(report->sums);
	free(report->totals);
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
		err = opts->layout.streaming && !opts->layout.no_heading ? stream_start(report) : 0;
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

int report_print(struct report *report, const struct report_interval *interval)
{
	const struct report_options *opts = &report->opts;
	size_t shown = report->rows.count;

	rows_sort(report);
	if (opts->top && shown > opts->top)
		shown = opts->top;
	switch (opts->format) {
	case REPORT_TABLE:
		return table_interval(report, interval, shown);
	case REPORT_JSON:
		return json_interval(report, interval, shown);
	case REPORT_CSV:
		return csv_interval(report, interval, shown);
	}
	return -EINVAL;
}

int report_interval(struct report *report, const struct report_interval *interval)
{
	enum { MANY = 4096 };
	bool many;
	int err;

	if (report->opts.screen)
		return flush_after(report, screen_interval(report, interval));
	err = report_print(report, interval);
	many = report->rows.seen >= MANY;
	rows_forget(report);
	err = flush_after(report, err);
	/* One burst of processes would otherwise cost memory for the rest of the run. */
	if (many)
		malloc_trim(0);
	return err;
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

int report_distribution(struct report *report, const char *of, const struct spread *spread)
{
	return report->opts.format == REPORT_JSON ? json_distribution(report, of, spread) : 0;
}

int report_end(struct report *report, const struct report_sum *sums, size_t nsums,
	       const struct drops *drops, uint64_t ts_ns, uint64_t span_ns)
{
	int err = 0;

	if (report->opts.format == REPORT_JSON)
		err = json_end(report, sums, nsums, drops, ts_ns, span_ns);
	return flush_after(report, err);
}
