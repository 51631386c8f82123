/* SPDX-License-Identifier: MIT */
/*
 * Mute what a library prints to stderr. libbcc describes its failures there, in several lines and
 * not always to the point, and returns a bare number. The caller reports the failure better, so it
 * puts the call between mute_stderr_begin() and mute_stderr_end().
 */
#ifndef MUTE_STDERR_H
#define MUTE_STDERR_H

#include <stdio.h>

/**
 * mute_stderr_begin() - make stderr a stream that drops everything
 *
 * It opens no descriptor, so it works when none is left. Without memory stderr stays as it is, and
 * the library prints.
 *
 * Return: the argument for mute_stderr_end().
 */
FILE *mute_stderr_begin(void);

/** mute_stderr_end() - put stderr back, and leave errno alone. */
void mute_stderr_end(FILE *before);

#endif
