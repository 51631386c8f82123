/* SPDX-License-Identifier: MIT */
/*
 * A report from its making to its last record: every record goes to the writer of the report's
 * format, or to the screen. See report.h.
 */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "screen.h"
#include "writer.h"

/* The column that the values of @column come from. */
static size_t find_source(const struct report_options *opts, size_t column)
{
	const struct column *c = &opts->layout.columns[column];
	size_t source;

	if (c->kind != COLUMN_RATE || !c->of)
		return column;
	source = report_column(&opts->layout, c->of);
	if (source < opts->layout.ncolumns && opts->layout.columns[source].kind == COLUMN_COUNT)
		return source;
	return column;
}

/* Keep the active columns only, so that no writer needs to know of the others. */
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

/* All arrays have one element more, because an allocation of nothing may return NULL. */
static int make_arrays(struct report *report, size_t ncolumns)
{
	report->columns = calloc(ncolumns + 1, sizeof(*report->columns));
	report->at = calloc(ncolumns + 1, sizeof(*report->at));
	report->source = calloc(ncolumns + 1, sizeof(*report->source));
	report->incoming = calloc(ncolumns + 1, sizeof(*report->incoming));
	if (!report->columns || !report->at || !report->source || !report->incoming)
		return -ENOMEM;
	return rows_init(&report->rows, ncolumns);
}

int report_new(struct report **reportp, const struct report_options *opts, struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		return error_nomem(err);
	report->opts = *opts;
	if (make_arrays(report, opts->layout.ncolumns) < 0) {
		report_free(report);
		return error_nomem(err);
	}
	keep_active(report);
	for (size_t i = 0; i < report->opts.layout.ncolumns; i++)
		report->source[i] = find_source(&report->opts, i);
	report->writer = report_writer_for(&report->opts);
	/* Without this locale wide characters count as one column: crooked, not wrong. */
	report->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	*reportp = report;
	return 0;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	screen_free(report);
	if (report->utf8)
		freelocale(report->utf8);
	buffer_free(&report->line);
	buffer_free(&report->scratch);
	rows_free(&report->rows);
	free(report->incoming);
	free(report->columns);
	free(report->at);
	free(report->source);
	free(report);
}

bool report_is_text(const struct report *report)
{
	return report->opts.format == REPORT_TABLE;
}

bool report_is_screen(const struct report *report)
{
	return report->opts.screen;
}

int report_text(struct report *report, const char *text, size_t len)
{
	buffer_reset(&report->line);
	buffer_add(&report->line, text, len);
	return report_write(report, &report->line);
}

/* Flush after a failure too, so that the records before it arrive. */
static int flush_after(struct report *report, int err)
{
	int flushed = report_flush(report);

	return err ? err : flushed;
}

int report_start(struct report *report, const struct report_start *start)
{
	return flush_after(report, report->writer->start ? report->writer->start(report, start)
							 : report->failed);
}

int report_interval(struct report *report, const struct report_interval *interval)
{
	enum { MANY = 4096 };
	bool many;
	int err;

	if (report->opts.screen)
		return flush_after(report, screen_interval(report, interval));
	err = report_print(report, &report->rows, interval);
	many = report->rows.seen >= MANY;
	rows_forget(&report->rows, report->opts.layout.ncolumns);
	err = flush_after(report, err);
	/* One burst of processes would otherwise cost memory for the rest of the run. */
	if (many)
		malloc_trim(0);
	return err;
}

int report_event(struct report *report, const char *type, uint64_t ts_ns, const struct cell *cells,
		 uint64_t fields, const char *detail, size_t detail_len)
{
	const struct event_record event = { type, ts_ns, cells, fields, detail, detail_len };

	return report->writer->event ? report->writer->event(report, &event) : report->failed;
}

int report_distribution(struct report *report, const struct distribution *spread, double mean,
			const struct distribution_nouns *nouns)
{
	return report->writer->distribution
		       ? report->writer->distribution(report, spread, mean, nouns)
		       : report->failed;
}

int report_end(struct report *report, const struct report_end_counter *counters, size_t ncounters,
	       const struct drops *drops, uint64_t ts_ns, uint64_t span_ns)
{
	const struct end_record end = { counters, ncounters, drops, ts_ns, span_ns };

	return flush_after(report, report->writer->end ? report->writer->end(report, &end)
						       : report->failed);
}
