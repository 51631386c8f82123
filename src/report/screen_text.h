/* SPDX-License-Identifier: MIT */
/*
 * A text on a screen, in place of the rows of a table: a report of events that sums up instead of
 * printing them. It can be scrolled and paused.
 */
#ifndef SCREEN_TEXT_H
#define SCREEN_TEXT_H

#include "buffer.h"

struct report;

/**
 * struct screen_text
 * @shown:  what the terminal shows
 * @newest: while the report is paused: what it shows next
 */
struct screen_text {
	struct buffer shown;
	struct buffer newest;
};

/** screen_text_free() - release both. */
void screen_text_free(struct screen_text *text);

/** screen_text_paint() - paint it again. Return: as report_write_at_once(). */
int screen_text_paint(struct report *report);

/** screen_text_resume() - a pause has ended: the newest text is shown */
void screen_text_resume(struct report *report);

#endif
