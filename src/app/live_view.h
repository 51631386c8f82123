/* SPDX-License-Identifier: MIT */
/*
 * The live view: a report that repaints a terminal, and the person in front of it. What keys mean,
 * and when the frame is painted between two intervals. While a view of one row is open
 * (subview.h), that one has the screen and the keys.
 */
#ifndef LIVE_VIEW_H
#define LIVE_VIEW_H

#include <stdbool.h>

#include "error.h"
#include "event_loop.h"
#include "options.h"
#include "report.h"
#include "subview.h"

struct session;

enum {
	LIVE_KEYS,
	LIVE_CHANGE,
	LIVE_ANSWER,
	LIVE_SOURCES,
};

enum {
	LIVE_KEYS_MAX = 256, /* bytes that are read at once */
};

/**
 * struct live_view
 * @session:     one whose report has @screen, borrowed; NULL: there is no live view
 * @interval_ns: of the loop; keys change it
 * @sources:     for the loop, which has to call nothing else
 * @is_open:     a view of a row has the screen
 * @toggle:      which of the tool's keys it counts by, when these are shown in turn; -1: none
 * @keys:        that have been read; the last @nkeys of a sequence whose end is missing
 */
struct live_view {
	struct session *session;
	uint64_t *interval_ns;
	struct loop_source sources[LIVE_SOURCES];
	bool is_open;
	int toggle;
	char keys[LIVE_KEYS_MAX];
	size_t nkeys;
};

#define LIVE_VIEW_INIT                                                                             \
	{                                                                                          \
		.sources = { { .fd = -1 }, { .fd = -1 }, { .fd = -1 } }                            \
	}

/** live_is_wanted() - does the report repaint a terminal? Only tables with intervals do, without a
 * COMMAND. */
bool live_is_wanted(const struct options *options);

/**
 * live_begin() - take the terminal
 * @view:        from LIVE_VIEW_INIT; must not move until live_end()
 * @interval_ns: of the loop that will call back
 * Return: 0 or negative errno.
 */
int live_begin(struct live_view *view, struct session *session, uint64_t *interval_ns,
	       struct error *err);

/**
 * live_tick() - before a report: look whether keys can be read now
 * The kernel sends no signal when a shell's `fg` brings the tool to the foreground.
 */
void live_tick(struct live_view *view);

/**
 * live_end() - give the terminal back
 *
 * The last report is then printed below what was there; that of a guest is not printed.
 */
void live_end(struct live_view *view);

/* ---- between the files of the live view ---- */

/** live_press() - a key, as its byte. Return: whether the frame looks different now. */
bool live_press(struct live_view *view, char key);

/**
 * live_leave() - end the run, as Ctrl-C does; a guest ends alone
 * @status: how a guest is left
 * Return: as live_press().
 */
bool live_leave(struct live_view *view, enum guest_status status);

/** live_open_row() - open a view of the row under the cursor. Return: as live_press(). */
bool live_open_row(struct live_view *view);

/** live_open_toggle() - open a view by the next of the tool's keys. Return: as live_press(). */
bool live_open_toggle(struct live_view *view);

/** live_write() - write the report to a file. Return: as live_press(). */
bool live_write(struct live_view *view);

/** live_on_answer() - of the opener. Return: as for a loop's source. */
int live_on_answer(void *context);

#endif
