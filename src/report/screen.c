/* SPDX-License-Identifier: MIT */
/* The picture on a repainted screen: what is kept of an interval, to be sorted and painted again.
 * See report.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SWAP(a, b)                                                                                 \
	do {                                                                                       \
		__typeof__(a) swapped_ = (a);                                                      \
		(a) = (b);                                                                         \
		(b) = swapped_;                                                                    \
	} while (0)

/* A picture and the rows being gathered change places: whoever prints rows knows only those of the
 * report. */
static void exchange(struct report *report, struct picture *picture)
{
	SWAP(report->sums, picture->sums);
	SWAP(report->totals, picture->totals);
	SWAP(report->totalled, picture->totalled);
	SWAP(report->rows, picture->rows);
}

static void forget(struct report *report, struct picture *picture)
{
	if (!picture->sums)
		return;
	exchange(report, picture);
	rows_forget(report);
	exchange(report, picture);
	picture->there = false;
}

void screen_free(struct report *report)
{
	struct picture *const pictures[] = { &report->shown, &report->newest };

	for (size_t i = 0; i < 2; i++) {
		forget(report, pictures[i]);
		free(pictures[i]->sums);
		free(pictures[i]->totals);
		free(pictures[i]->rows.rows);
		arena_free(&pictures[i]->rows.memory);
	}
}

int screen_interval(struct report *report, const struct report_interval *interval)
{
	struct picture *picture = report->paused ? &report->newest : &report->shown;

	if (!picture->sums)
		picture->sums = calloc(report->opts.layout.ncolumns + 1, sizeof(*picture->sums));
	if (!picture->totals)
		picture->totals =
			calloc(report->opts.layout.ncolumns + 1, sizeof(*picture->totals));
	if (!picture->sums || !picture->totals)
		return -ENOMEM;
	exchange(report, picture);
	rows_forget(report);
	picture->interval = *interval;
	picture->there = true;
	return report->paused ? 0 : report_repaint(report);
}

/* Before the first interval there is only the line about keys. */
static int paint_nothing(struct report *report)
{
	const struct buffer nothing = { 0 };
	size_t height, width;

	if (!report->keys)
		return 0;
	table_screen(report, &height, &width);
	return table_paint(report, &nothing, height, width);
}

int report_repaint(struct report *report)
{
	int err;

	if (!report->opts.screen)
		return 0;
	if (!report->shown.there)
		return paint_nothing(report);
	exchange(report, &report->shown);
	err = report_print(report, &report->shown.interval);
	exchange(report, &report->shown);
	return err;
}

void report_sort_next(struct report *report)
{
	struct report_options *opts = &report->opts;

	for (size_t i = 1; i <= opts->layout.ncolumns; i++) {
		size_t next = (opts->sort + i) % opts->layout.ncolumns;

		if (table_is_shown(opts, next) && report_can_sort(&opts->layout.columns[next])) {
			opts->sort = next;
			return;
		}
	}
}

void report_reverse(struct report *report)
{
	report->opts.ascending = !report->opts.ascending;
}

void report_pause(struct report *report, bool paused)
{
	report->paused = paused;
	if (paused || !report->newest.there)
		return;
	SWAP(report->shown, report->newest);
	forget(report, &report->newest);
}

bool report_is_paused(const struct report *report)
{
	return report->paused;
}

void report_show_keys(struct report *report, bool keys)
{
	report->keys = keys;
}

void screen_status(struct report *report, struct buffer *b, size_t width)
{
	const struct report_options *opts = &report->opts;
	struct buffer *text = &report->scratch;
	size_t len = 0;

	buffer_reset(text);
	if (report->paused)
		buffer_string(text, "paused, ");
	buffer_string(text, "sorted by ");
	buffer_string(text, opts->layout.columns[opts->sort].key);
	if (opts->ascending)
		buffer_string(text, " reversed");
	buffer_string(text, "  [q] quit [space] ");
	buffer_string(text, report->paused ? "resume" : "pause");
	buffer_string(text, " [s] sort [r] reverse");
	if (text->err) {
		b->err = text->err;
		return;
	}
	/* One column less: a full line would need to be treated as one. */
	text_width(report, text->data, text->len, width ? width - 1 : 0, &len);
	buffer_string(b, "\033[2m");
	buffer_add(b, text->data, len);
	buffer_string(b, "\033[m");
}
