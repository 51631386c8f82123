/* SPDX-License-Identifier: MIT */
/*
 * A report as comma-separated values: RFC 4180, but lines end in LF alone, as Unix tools expect.
 * There are no totals, because whoever adds up a column would count them twice.
 */
#include "csv_value.h"
#include "internal.h"
#include "writer.h"

static int write_heading(struct report *report, const struct report_start *start)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = &report->line;

	(void)start;
	buffer_reset(b);
	buffer_string(b, layout->streaming ? "type,ts" : "interval");
	for (size_t i = 0; i < layout->ncolumns; i++) {
		if (layout->columns[i].kind == COLUMN_RATE)
			continue;
		buffer_char(b, ',');
		csv_add_string(b, layout->columns[i].key);
	}
	buffer_char(b, '\n');
	return report_write(report, b);
}

static int write_rows(struct report *report, const struct rows *rows, size_t shown,
		      const struct report_interval *interval)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = &report->line;
	int err = 0;

	for (size_t row = 0; row < shown && !err; row++) {
		buffer_reset(b);
		buffer_number(b, interval->number);
		for (size_t i = 0; i < layout->ncolumns; i++) {
			enum column_kind kind = layout->columns[i].kind;

			if (kind == COLUMN_RATE)
				continue;
			buffer_char(b, ',');
			csv_add_cell(b, kind, &rows->list[row][i]);
		}
		buffer_char(b, '\n');
		err = report_write(report, b);
	}
	return err;
}

/* Fields that an event does not have stay empty, so that all lines have the same number. */
static int write_event(struct report *report, const struct event_record *event)
{
	const struct report_layout *layout = &report->opts.layout;
	struct buffer *b = &report->line;

	buffer_reset(b);
	csv_add_string(b, event->type);
	buffer_char(b, ',');
	buffer_seconds(b, event->ts_ns);
	for (size_t i = 0; i < layout->ncolumns; i++) {
		enum column_kind kind = layout->columns[i].kind;

		if (kind == COLUMN_RATE)
			continue;
		buffer_char(b, ',');
		if (report_has_field(event->fields, i) && kind != COLUMN_HISTOGRAM)
			csv_add_cell(b, kind, &event->cells[i]);
	}
	buffer_char(b, '\n');
	return report_write(report, b);
}

const struct report_writer csv_writer = {
	.name = "csv",
	.start = write_heading,
	.interval = write_rows,
	.event = write_event,
};
