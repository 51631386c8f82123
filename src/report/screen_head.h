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

/** struct head_history - rates of the latest intervals, per second; @next: where the next one goes
 */
struct head_history {
	double rates[HEAD_HISTORY];
	size_t count, next;
};

/** head_note() - an interval is over: remember its rate */
void head_note(struct report *report, const struct rows *rows,
	       const struct report_interval *interval);

/** head_add() - add the lines, each cut to @width columns; failures of memory are in @b */
void head_add(struct report *report, struct buffer *b, const struct report_interval *interval,
	      size_t width);

#endif
