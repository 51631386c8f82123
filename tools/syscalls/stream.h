/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --stream: each call as it returns, from the perf buffers to lines of the report. */
#ifndef SYSCALLS_STREAM_H
#define SYSCALLS_STREAM_H

#include "syscalls_options.h"
#include "tool.h"

enum {
	SYSCALLS_STREAM_TICK_NS = 50000000, /* how often it is read at least */
};

struct syscalls_stream;

/** syscalls_stream_new() - after the program is loaded. */
int syscalls_stream_new(struct syscalls_stream **streamp, struct run *run, struct error *err);

/** syscalls_stream_free() - NULL is fine. */
void syscalls_stream_free(struct syscalls_stream *stream);

/** syscalls_stream_fds() - see struct tool. */
size_t syscalls_stream_fds(const struct syscalls_stream *stream, const int **fds);

/** syscalls_stream_read(), syscalls_stream_finish() - print what there is; the last, after
 * detaching. */
int syscalls_stream_read(struct syscalls_stream *stream);
int syscalls_stream_finish(struct syscalls_stream *stream);

/** syscalls_stream_sums() - calls and errors so far. */
void syscalls_stream_sums(const struct syscalls_stream *stream, uint64_t *calls, uint64_t *errors);

#endif
