/* SPDX-License-Identifier: MIT */
/* Which format a report is written in, and the rows of an interval handed to it. See writer.h. */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "internal.h"
#include "writer.h"

/* Of formats that a tool composes itself. */
static const struct report_writer trace_writer = { .name = "trace" };
static const struct report_writer svg_writer = { .name = "svg" };
static const struct report_writer folded_writer = { .name = "folded" };

/* Rows and events share a format's name, but as a table they have little in common. */
static const struct {
	const struct report_writer *rows;
	const struct report_writer *events;
} writers[] = {
	[REPORT_TABLE] = { &table_writer, &event_lines_writer },
	[REPORT_JSON] = { &json_writer, &json_writer },
	[REPORT_CSV] = { &csv_writer, &csv_writer },
	[REPORT_TRACE] = { &trace_writer, &trace_writer },
	[REPORT_SVG] = { &svg_writer, &svg_writer },
	[REPORT_FOLDED] = { &folded_writer, &folded_writer },
};

const char *report_format_name(enum report_format format)
{
	return writers[format].rows->name;
}

int report_format_parse(const char *name, unsigned formats, enum report_format *out)
{
	for (size_t i = 0; i < array_size(writers); i++) {
		if (formats >> i & 1 && strcmp(name, writers[i].rows->name) == 0) {
			*out = (enum report_format)i;
			return 0;
		}
	}
	return -EINVAL;
}

const struct report_writer *report_writer_for(const struct report_options *opts)
{
	return opts->layout.streaming ? writers[opts->format].events : writers[opts->format].rows;
}

int report_print(struct report *report, struct rows *rows, const struct report_interval *interval)
{
	size_t shown = rows->count, top = report->opts.top;

	rows_sort(rows, report);
	if (top && shown > top)
		shown = top;
	return report->writer->interval ? report->writer->interval(report, rows, shown, interval)
					: report->failed;
}
