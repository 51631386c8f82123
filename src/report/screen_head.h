/* SPDX-License-Identifier: MIT */
/* The two lines above a live report: what is watched, and how much happens now and lately. */
#ifndef SCREEN_HEAD_H
#define SCREEN_HEAD_H

#include "buffer.h"
#include "report.h"

struct rows;

enum {
	HEAD_LINES = 2,
	HEAD_HISTORY = 60,      /* intervals whose rates are drawn */
	HEAD_HEIGHT_LEAST = 12, /* a lower screen has no room for it */
};

/**
 * struct head_history - rates of the latest intervals, per second
 * @next: where the next one goes
 * @unseen: the latest so many have passed in a pause
 * @what: what they count, in place of a column; NULL: the first column that is summed up
 */
struct head_history {
	double rates[HEAD_HISTORY];
	size_t count, next, unseen;
	const char *what;
};

/** head_note() - an interval is over: remember its rate */
void head_note(struct report *report, const struct rows *rows,
	       const struct report_interval *interval);

/** head_note_rate() - the same for a text, which has no columns; @what: static */
void head_note_rate(struct report *report, const char *what, uint64_t count, uint64_t span_ns);

/** head_add() - add the lines, each cut to @width columns; failures of memory are in @b */
void head_add(struct report *report, struct buffer *b, const struct report_interval *interval,
	      size_t width);

#endif
