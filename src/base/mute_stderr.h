/* SPDX-License-Identifier: MIT */
/*
 * Mute what a library prints to stderr. libbcc describes its failures there, in several lines and
 * not always to the point, and returns a bare number. The caller reports the failure better, so it
 * puts the call between hush_begin() and hush_end().
 */
#ifndef MUTE_STDERR_H
#define MUTE_STDERR_H

#include <stdio.h>

/**
 * hush_begin() - make stderr a stream that drops everything
 *
 * It opens no descriptor, so it works when none is left. Without memory stderr stays as it is, and
 * the library prints.
 *
 * Return: the argument for hush_end().
 */
FILE *hush_begin(void);

/** hush_end() - put stderr back, and leave errno alone. */
void hush_end(FILE *before);

#endif
