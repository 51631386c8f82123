/* SPDX-License-Identifier: MIT */
/*
 * Standard output as a stream that loses nothing, also when it does not block. Whether it blocks is
 * a property of the open file, which other processes may share: a shell's other child, or a program
 * that reads in an event loop. One of them has set it for all, so it is not ours to change. One of
 * them can also set it at any time: a COMMAND whose standard error is the same pipe.
 */
#ifndef STDOUT_STREAM_H
#define STDOUT_STREAM_H

#include <stdio.h>

/**
 * stdout_stream_open() - a stream to standard output that waits until it can write
 *
 * On a terminal that blocks it is stdout itself, which has a descriptor.
 *
 * Return: a stream that lives as long as the process; NULL without memory.
 */
FILE *stdout_stream_open(void);

/**
 * output_write() - write a whole text to standard output, and flush it
 * @text: need not end with a NUL
 * @len:  its length in bytes
 *
 * Return: 0, or the negative errno of the failed write.
 */
int output_write(const char *text, size_t len);

#endif
