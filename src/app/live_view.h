/* SPDX-License-Identifier: MIT */
/*
 * The live view: a report that repaints a terminal, and the person in front of it. What keys mean,
 * and when the frame is painted between two intervals.
 */
#ifndef LIVE_VIEW_H
#define LIVE_VIEW_H

#include <stdbool.h>

#include "error.h"
#include "event_loop.h"
#include "options.h"
#include "report.h"

enum {
	LIVE_KEYS,
	LIVE_CHANGE,
	LIVE_SOURCES,
};

/**
 * struct live_view
 * @report:  one with @screen, borrowed; NULL: there is no live view
 * @sources: for the loop, which has to call nothing else
 */
struct live_view {
	struct report *report;
	struct loop_source sources[LIVE_SOURCES];
};

#define LIVE_VIEW_INIT                                                                             \
	{                                                                                          \
		.sources = { { .fd = -1 }, { .fd = -1 } }                                          \
	}

/** live_is_wanted() - does the report repaint a terminal? Only tables with intervals do, without a
 * COMMAND. */
bool live_is_wanted(const struct options *options);

/**
 * live_begin() - take the terminal
 * @view:   from LIVE_VIEW_INIT; must not move until live_end()
 * @report: one that was made with @screen
 * Return: 0 or negative errno.
 */
int live_begin(struct live_view *view, struct report *report, struct error *err);

/**
 * live_tick() - before a report: look whether keys can be read now
 * The kernel sends no signal when a shell's `fg` brings the tool to the foreground.
 */
void live_tick(struct live_view *view);

/** live_end() - give the terminal back; the last report is then printed below what was there. */
void live_end(struct live_view *view);

#endif
