/* SPDX-License-Identifier: MIT */
/* A report as newline-delimited JSON: one object a line, whose first member is its type. */
#include <stdio.h>

#include "internal.h"
#include "json_value.h"
#include "log_histogram.h"
#include "writer.h"

static struct buffer *begin_record(struct report *report, const char *type)
{
	struct buffer *b = &report->line;

	buffer_reset(b);
	buffer_string(b, "{\"type\":");
	json_add_string(b, type);
	return b;
}

static int end_record(struct report *report)
{
	buffer_string(&report->line, "}\n");
	return report_write(report, &report->line);
}

static void add_list(struct buffer *b, const char *key, const char *const *texts, size_t count)
{
	json_add_key(b, key);
	buffer_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_char(b, ',');
		json_add_string(b, texts[i]);
	}
	buffer_char(b, ']');
}

static void add_filters(struct buffer *b, const struct report_start *start)
{
	json_add_key(b, "filters");
	buffer_char(b, '{');
	for (size_t i = 0; i < start->nfilters; i++) {
		if (i)
			buffer_char(b, ',');
		json_add_string(b, start->filters[i][0]);
		buffer_char(b, ':');
		json_add_string(b, start->filters[i][1]);
	}
	buffer_char(b, '}');
}

static int write_start(struct report *report, const struct report_start *start)
{
	struct buffer *b = begin_record(report, "start");

	json_add_seconds(b, "ts", start->ts_ns);
	json_add_key(b, "tool");
	json_add_string(b, start->tool);
	json_add_key(b, "version");
	json_add_string(b, start->version);
	json_add_key(b, "kernel");
	json_add_string(b, start->kernel);
	add_list(b, "hooks", start->hooks, start->nhooks);
	add_filters(b, start);
	if (start->nwithout)
		add_list(b, "without", start->without, start->nwithout);
	return end_record(report);
}

static int write_row(struct report *report, uint64_t interval, const struct cell *cells)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = begin_record(report, "row");

	json_add_number(b, "interval", interval);
	for (size_t i = 0; i < layout->ncolumns; i++)
		json_add_cell(b, &layout->columns[i], &cells[i]);
	return end_record(report);
}

static int write_total(struct report *report, const struct rows *rows, size_t shown,
		       const struct report_interval *interval)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = begin_record(report, "total");

	json_add_number(b, "interval", interval->number);
	json_add_seconds(b, "ts", interval->ts_ns);
	json_add_seconds(b, "seconds", interval->span_ns);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (layout->columns[i].kind == COLUMN_COUNT)
			json_add_number(b, layout->columns[i].key, rows->sums[i]);
	}
	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (report_has_field(rows->totalled, i))
			json_add_cell(b, &layout->columns[i], &rows->totals[i]);
	}
	json_add_number(b, "rows", rows->seen);
	json_add_number(b, "shown", shown);
	json_add_number(b, "dropped", drops_total(&interval->drops));
	json_add_number(b, "untimed", interval->drops.untimed);
	return end_record(report);
}

static int write_interval(struct report *report, const struct rows *rows, size_t shown,
			  const struct report_interval *interval)
{
	for (size_t i = 0; i < shown; i++) {
		int err = write_row(report, interval->number, rows->list[i]);

		if (err)
			return err;
	}
	return write_total(report, rows, shown, interval);
}

static int write_event(struct report *report, const struct event_record *event)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = begin_record(report, event->type);

	json_add_seconds(b, "ts", event->ts_ns);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		const struct column *c = &layout->columns[i];

		if (report_has_field(event->fields, i) && c->kind != COLUMN_HISTOGRAM)
			json_add_cell(b, c, &event->cells[i]);
	}
	return end_record(report);
}

/* With one decimal. */
static void add_mean(struct buffer *b, double mean)
{
	char text[32];

	json_add_key(b, "mean");
	snprintf(text, sizeof(text), "%.1f", mean);
	buffer_string(b, text);
}

static void add_octaves(struct buffer *b, const struct distribution *spread)
{
	uint64_t octaves[DISTRIBUTION_OCTAVES];
	size_t count = distribution_octaves(spread, octaves);
	const char *before = "[";

	json_add_key(b, "histogram");
	buffer_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		if (!octaves[i])
			continue;
		buffer_string(b, before);
		buffer_number(b, distribution_octave_from(i));
		buffer_char(b, ',');
		buffer_number(b, distribution_octave_to(i));
		buffer_char(b, ',');
		buffer_number(b, octaves[i]);
		buffer_char(b, ']');
		before = ",[";
	}
	buffer_char(b, ']');
}

static int write_distribution(struct report *report, const struct distribution *spread, double mean,
			      const struct distribution_nouns *nouns)
{
	struct buffer *b = begin_record(report, "distribution");

	json_add_key(b, "of");
	json_add_string(b, nouns->one);
	json_add_number(b, "count", spread->count);
	add_mean(b, mean);
	json_add_number(b, "p50", distribution_quantile(spread, 1, 2));
	json_add_number(b, "p99", distribution_quantile(spread, 99, 100));
	json_add_number(b, "max", spread->max);
	add_octaves(b, spread);
	return end_record(report);
}

static void add_drops(struct buffer *b, const struct drops *drops)
{
	struct drop_cause causes[DROP_CAUSES];

	drops_by_cause(drops, causes);
	json_add_key(b, "dropped");
	buffer_char(b, '{');
	for (size_t i = 0; i < DROP_CAUSES; i++) {
		if (i)
			buffer_char(b, ',');
		json_add_string(b, causes[i].key);
		buffer_char(b, ':');
		buffer_number(b, causes[i].count);
	}
	buffer_char(b, '}');
}

static int write_end(struct report *report, const struct end_record *end)
{
	struct buffer *b = begin_record(report, "end");

	json_add_seconds(b, "ts", end->ts_ns);
	for (size_t i = 0; i < end->ncounters; i++) {
		json_add_key(b, end->counters[i].key);
		if (end->counters[i].null)
			buffer_string(b, "null");
		else
			buffer_number(b, end->counters[i].value);
	}
	add_drops(b, end->drops);
	json_add_number(b, "untimed", end->drops->untimed);
	json_add_seconds(b, "seconds", end->span_ns);
	return end_record(report);
}

const struct report_writer json_writer = {
	.name = "json",
	.start = write_start,
	.interval = write_interval,
	.event = write_event,
	.distribution = write_distribution,
	.end = write_end,
};
