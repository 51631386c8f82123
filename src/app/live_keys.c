/* SPDX-License-Identifier: MIT */
/* What each key of the live view does. See live_view.h. */
#include <signal.h>
#include <string.h>

#include "cleanup.h"
#include "live_report.h"
#include "live_view.h"
#include "number.h"
#include "session.h"

/* Keys of vi(1) and less(1), for those who do not have others. */
static bool scroll(struct live_view *view, char key)
{
	static const struct {
		char key;
		enum report_scroll how;
	} keys[] = { { 'k', SCROLL_UP },   { 'j', SCROLL_DOWN }, { 'b', PAGE_UP },
		     { 'f', PAGE_DOWN },   { 'g', SCROLL_TOP },  { 'G', SCROLL_BOTTOM },
		     { ',', SCROLL_LEFT }, { '.', SCROLL_RIGHT } };

	for (size_t i = 0; i < array_size(keys); i++) {
		if (keys[i].key == key) {
			report_scroll(view->session->report, keys[i].how);
			return true;
		}
	}
	return false;
}

/* What Ctrl-C does, a second time included. A guest ends alone. */
bool live_leave(struct live_view *view, enum guest_status status)
{
	view->session->guest_status = status;
	raise(SIGINT);
	return false;
}

/* The next longer or shorter of the usual periods. */
static bool change_interval(struct live_view *view, bool longer)
{
	static const uint64_t tenths[] = { 1, 2, 5, 10, 20, 50, 100, 300, 600 };
	uint64_t now = *view->interval_ns / (NS_PER_S / 10), next = now;

	for (size_t i = 0; i < array_size(tenths); i++) {
		if (longer && tenths[i] > now) {
			next = tenths[i];
			break;
		}
		if (!longer && tenths[i] < now)
			next = tenths[i];
	}
	if (next == now)
		return false;
	*view->interval_ns = view->session->options.interval_ns = next * (NS_PER_S / 10);
	session_title(view->session);
	return true;
}

/* All rows again, or out of a guest. */
static bool go_back(struct live_view *view)
{
	struct report *report = view->session->report;

	if (report_finds(report)) {
		report_type(report, '\033');
		return true;
	}
	return view->session->guest ? live_leave(view, GUEST_BACK) : false;
}

static bool press_key(struct live_view *view, char key)
{
	struct report *report = view->session->report;

	switch (key) {
	case 'q':
		return live_leave(view, GUEST_BACK);
	case '\033':
		return go_back(view);
	case '\n':
	case '\r':
		return live_open_row(view);
	case 't':
		return live_open_toggle(view);
	case 'w':
		return live_write(view);
	case '/':
		report_find(report);
		return true;
	case 'e':
		report_fold(report, !report_folds(report));
		return true;
	case ' ':
	case 'p':
		report_pause(report, !report_is_paused(report));
		return true;
	case 's':
	case '>':
	case '<':
		report_sort_next(report, key == '<');
		return true;
	case 'h':
	case '?':
		report_show_help(report, !report_shows_help(report));
		return true;
	case 'r':
		report_reverse(report);
		return true;
	case '+':
	case '-':
		return change_interval(view, key == '+');
	default:
		return scroll(view, key);
	}
}

/* A text has no rows to open, find or sort. */
static bool is_of_text(char key)
{
	return strchr("q pwh?kjbfgG\033", key) && key;
}

bool live_press(struct live_view *view, char key)
{
	struct report *report = view->session->report;

	if (view->session->options.report.layout.streaming && !is_of_text(key))
		return false;
	if (report_is_typing(report)) {
		report_type(report, key);
		return true;
	}
	report_say(report, "");
	/* Any key leaves the page of keys. */
	if (report_shows_help(report) && key != 'q') {
		report_show_help(report, false);
		return true;
	}
	return press_key(view, key);
}
