/* SPDX-License-Identifier: MIT */
/*
 * A FILE that writes into memory, as open_memstream(3) does, but whose failures stick. When memory
 * runs out, open_memstream(3) drops what it could not store and goes on with the next write, so the
 * text loses its middle and nothing tells.
 */
#ifndef MEMSTREAM_H
#define MEMSTREAM_H

#include <stdio.h>

/**
 * memstream_open() - open a stream
 * @textp: filled after each fflush() and fclose(): the NUL-terminated text, heap memory that the
 *         caller frees after fclose()
 * @lenp:  filled at the same times: its length in bytes
 *
 * After a write has failed, ferror() is true and fclose() fails.
 *
 * Return: the stream, or NULL without memory.
 */
FILE *memstream_open(char **textp, size_t *lenp);

#endif
