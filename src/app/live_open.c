/* SPDX-License-Identifier: MIT */
/* Views of rows, and files, as a live view asks for them. See live_view.h and subview.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "live_report.h"
#include "live_view.h"
#include "session.h"

/* Is it one of the report's columns? */
static bool has_column(const struct session *s, const char *key)
{
	const struct report_layout *layout = &s->options.report.layout;
	size_t i = report_column(layout, key);

	return i < layout->ncolumns && (layout->active >> i & 1);
}

/* Return: false when the value is too long. */
static bool add_filter(struct subview_request *request, uint32_t which, enum subview_value kind,
		       const struct cell *cell)
{
	char *value = request->filters[request->nfilters].value;

	if (kind == SUBVIEW_NUMBER) {
		snprintf(value, SUBVIEW_VALUE_MAX, "%" PRIu64, cell->number);
	} else {
		if (cell->text.len >= SUBVIEW_VALUE_MAX)
			return false;
		memcpy(value, cell->text.bytes, cell->text.len);
		value[cell->text.len] = '\0';
	}
	request->filters[request->nfilters++].which = which;
	return true;
}

/* A filter for each key of the row. Return: false when there is none for it. */
static bool add_filters(const struct session *s, struct subview_request *request)
{
	const struct tool_subviews *views = s->tool->subviews;

	for (uint32_t i = 0; i < SUBVIEW_FILTERS_MAX && views->filters[i].column; i++) {
		const struct subview_filter *f = &views->filters[i];
		const struct cell *cell = report_cursor_cell(s->report, f->column);

		if (!cell || (f->unless && has_column(s, f->unless)))
			continue;
		if (!add_filter(request, i, f->kind, cell))
			return false;
	}
	return request->nfilters;
}

static uint32_t next_step(const struct session *s)
{
	const struct subview_step *step = s->tool->subviews->steps;

	while ((step->present && !has_column(s, step->present)) ||
	       (step->absent && has_column(s, step->absent)))
		step++;
	return step->by;
}

/* From view to view: "1234 nginx > openat". */
static void add_title(struct session *s, struct subview_request *request, const char *title,
		      size_t len)
{
	struct buffer b = { 0 };

	if (s->guest) {
		buffer_string(&b, s->guest->request->title);
		buffer_string(&b, " > ");
	}
	buffer_add(&b, title, len);
	if (b.len >= sizeof(request->title))
		b.len = sizeof(request->title) - 1;
	if (b.len)
		memcpy(request->title, b.data, b.len);
	buffer_free(&b);
}

/* The screen is the view's from now on. */
static bool open_view(struct live_view *view, struct subview_request *request, bool again)
{
	struct session *s = view->session;
	struct report *report = s->report;

	if (!s->subviews.opener.pid) {
		report_say(report, "no rows can be opened from here");
		return true;
	}
	request->nown = (uint32_t)s->nown;
	memcpy(request->own, s->own, sizeof(request->own));
	/* One that follows another leaves that one's last frame until it is there. */
	if (!again) {
		report_say(report, "opening ...");
		report_repaint(report);
		report_say(report, "");
	}
	if (subview_request(&s->subviews, request) < 0) {
		report_say(report, "rows cannot be opened any more");
		return true;
	}
	view->is_open = true;
	view->sources[LIVE_KEYS].fd = -1;
	report_hide(report, true);
	return false;
}

bool live_open_row(struct live_view *view)
{
	struct session *s = view->session;
	struct subview_request request = { .kind = SUBVIEW_OPEN };
	struct buffer title = { 0 };

	if (!report_cursor_title(s->report, &title))
		return false;
	if (!s->tool->subviews || !add_filters(s, &request)) {
		report_say(s->report, "there is no view of this row");
		buffer_free(&title);
		return true;
	}
	request.by = next_step(s);
	add_title(s, &request, title.data, title.len);
	buffer_free(&title);
	return open_view(view, &request, false);
}

/* By something that the rows are not counted by already. Return: @ntoggle: there is nothing more */
static unsigned next_toggle(const struct session *s, unsigned from)
{
	const struct tool_subviews *views = s->tool->subviews;

	while (from < views->ntoggle) {
		const struct subview_by *by = &views->bys[from];

		if (!has_column(s, by->column) || (by->unless && has_column(s, by->unless)))
			break;
		from++;
	}
	return from;
}

bool live_open_toggle(struct live_view *view)
{
	struct session *s = view->session;
	const struct tool_subviews *views = s->tool->subviews;
	struct subview_request request = { .kind = SUBVIEW_OPEN, .toggles = true };
	bool again = view->toggle >= 0;
	char title[64];

	if (s->guest && s->guest->request->toggles)
		return live_leave(view, GUEST_AGAIN);
	if (!views)
		return false;
	request.by = next_toggle(s, (unsigned)(view->toggle + 1));
	view->toggle = (int)request.by;
	if (request.by >= views->ntoggle) {
		view->toggle = -1;
		return true;
	}
	snprintf(title, sizeof(title), "by %s", views->bys[request.by].words);
	add_title(s, &request, title, strlen(title));
	return open_view(view, &request, again);
}

bool live_write(struct live_view *view)
{
	struct session *s = view->session;
	struct buffer text = { 0 };
	int r = report_compose_all(s->report, &text);

	if (r == 0 && s->subviews.opener.pid)
		r = subview_write(&s->subviews, text.data, text.len);
	else if (r == 0)
		r = -EPERM;
	buffer_free(&text);
	if (r < 0)
		report_say(s->report, r == -ENODATA ? "there is nothing to write yet"
						    : "the report cannot be written");
	return true;
}

int live_on_answer(void *context)
{
	struct live_view *view = context;
	struct session *s = view->session;
	struct subview_answer answer;

	if (subview_answer(&s->subviews, &answer) < 0) {
		view->sources[LIVE_ANSWER].fd = -1;
		subview_stop(&s->subviews);
		answer = (struct subview_answer){ .kind = SUBVIEW_OPEN,
						  .message = "rows cannot be opened any more" };
	}
	report_say(s->report, answer.message);
	if (answer.kind == SUBVIEW_OPEN) {
		view->is_open = false;
		report_hide(s->report, false);
		if (answer.again)
			live_open_toggle(view);
		else
			view->toggle = -1;
	}
	return view->is_open ? 0 : report_repaint(s->report);
}
