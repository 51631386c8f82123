/* SPDX-License-Identifier: MIT */
/* Standard output as a stream that loses nothing. */
#ifndef STDOUT_STREAM_H
#define STDOUT_STREAM_H

#include <stdio.h>

/**
 * output_stream() - standard output, or where that does not block a stream to it that waits for
 * room Whether it blocks is a property of the open file: who shares it (a shell's other child, a
 * program that reads in an event loop) has set that for all, and it is not ours to take back.
 * Return: NULL without memory. It lives as long as the process.
 */
FILE *output_stream(void);

#endif
