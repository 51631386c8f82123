/* SPDX-License-Identifier: MIT */
/*
 * A report that repaints a terminal. What is painted is a frame: the rows of an interval that is
 * over, kept so that it can be sorted and painted again. The public half is in live_report.h.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "live_report.h"

/**
 * screen_interval() - turn the rows gathered into a frame, and paint it unless the report is paused
 *
 * Nothing is gathered afterwards.
 *
 * Return: 0, -ENOMEM, or what report_write_at_once() returned.
 */
int screen_interval(struct report *report, const struct report_interval *interval);

/** screen_has_head() - is there room on a screen of @height lines for what stands above the rows?
 */
bool screen_has_head(const struct report *report, size_t height);

/** screen_now_ns() - the time of day, in ns since the epoch. */
uint64_t screen_now_ns(void);

/** screen_free() - release the frames. */
void screen_free(struct report *report);

#endif
