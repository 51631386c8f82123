/* SPDX-License-Identifier: MIT */
/* Clicks on the screen. See live_report.h. */
#include "internal.h"
#include "live_report.h"

static size_t distance(const struct view *view, size_t i, size_t column)
{
	if (column < view->heads[i].from)
		return view->heads[i].from - column;
	return column > view->heads[i].to ? column - view->heads[i].to : 0;
}

/* The column whose heading is nearest: numbers end where their heading does, texts begin there. */
static size_t nearest(const struct report *report, size_t column)
{
	const struct view *view = &report->view;
	size_t best = report->opts.sort, least = SIZE_MAX;

	for (size_t i = 0; i < report->opts.layout.ncolumns && i < VIEW_COLUMNS; i++) {
		if (!view->heads[i].to || distance(view, i, column) >= least)
			continue;
		least = distance(view, i, column);
		best = i;
	}
	return best;
}

/* A rate has the order of its count. */
static void sort_by(struct report *report, size_t column)
{
	struct report_options *opts = &report->opts;

	column = report->source[column];
	if (!report_can_sort(&opts->layout.columns[column]))
		return;
	opts->ascending = opts->sort == column && !opts->ascending;
	opts->sort = column;
}

bool report_click(struct report *report, size_t line, size_t column)
{
	struct view *view = &report->view;
	size_t before = view->cursor, top = (size_t)view->top_line;
	bool again;

	if (report->opts.layout.streaming || view->top_line < 0 || line < top)
		return false;
	if (line == top) {
		sort_by(report, nearest(report, column));
		return false;
	}
	if (line - top > view->page || view->first + line - top > view->wanted)
		return false;
	again = view->first + line - top - 1 == before;
	view_put_cursor(report, view->first + line - top - 1);
	return again;
}
