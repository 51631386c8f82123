/* SPDX-License-Identifier: MIT */
/*
 * libbcc prints its failures to stderr, in several lines and not always to the point, and returns a
 * bare number. What is wrong is said by who calls it: between hush_begin() and hush_end() nothing
 * goes to stderr.
 */
#ifndef MUTE_STDERR_H
#define MUTE_STDERR_H

#include <stdio.h>

/** hush_begin() - takes no descriptor, so it works when there are none left. Return: for
 * hush_end(). */
FILE *hush_begin(void);

/** hush_end() - put stderr back; errno stays. */
void hush_end(FILE *before);

#endif
