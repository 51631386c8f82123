/* SPDX-License-Identifier: MIT */
/* bcc-openat --stream: each open as it returns, from the perf buffers to lines of the report. */
#ifndef OPENAT_STREAM_H
#define OPENAT_STREAM_H

#include "openat_options.h"
#include "tool.h"

enum {
	OPENAT_STREAM_TICK_NS = 50000000, /* how often it is read at least */
};

struct openat_stream;

/** openat_stream_new() - after the program is loaded. */
int openat_stream_new(struct openat_stream **streamp, struct run *run, struct error *err);

/** openat_stream_free() - NULL is fine. */
void openat_stream_free(struct openat_stream *stream);

/** openat_stream_fds() - see struct tool. */
size_t openat_stream_fds(const struct openat_stream *stream, const int **fds);

/** openat_stream_read(), openat_stream_finish() - print what there is; the last, after detaching.
 */
int openat_stream_read(struct openat_stream *stream);
int openat_stream_finish(struct openat_stream *stream);

/** openat_stream_sums() - opens and failures so far. */
void openat_stream_sums(const struct openat_stream *stream, uint64_t *opens, uint64_t *failed);

/** openat_count_waiting() - opens that are in progress now. Return: 0 or negative errno: *@count
 * may be too small. */
int openat_count_waiting(const struct run *run, uint64_t *count);

#endif
