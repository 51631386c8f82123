/* SPDX-License-Identifier: MIT */
/*
 * A stream that writes into memory, as open_memstream(3), whose failures stick: with that one a
 * text for which there was no memory in between goes on without its middle, and nothing tells.
 */
#ifndef MEMSTREAM_H
#define MEMSTREAM_H

#include <stdio.h>

/**
 * text_stream() - open one
 * @textp: the text, NUL-terminated, after each fflush() and fclose(); from the heap, for the caller
 * to free after fclose()
 * @lenp:  its length
 * Return: NULL without memory. Once a write has failed, ferror() says so and fclose() fails.
 */
FILE *text_stream(char **textp, size_t *lenp);

#endif
