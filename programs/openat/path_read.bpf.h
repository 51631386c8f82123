/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of an open, read into a buffer with what else is known of the open.
 *
 * The verifier walks a loop over a path once for each different state that it comes to the loop in.
 * So what is known of an open is put into the buffer (call_put()) before the loops and read back
 * behind them (call_take()): what comes from a map may be anything, which is one state.
 */
#include "lib/verifier.bpf.h"
#include "openat/call.bpf.h"

/* 1: the program may read which file it was; FULL_PATH_IF_UNSURE: only where the given path can
 * have been rewritten. */
#ifndef FULL_PATH
#define FULL_PATH 0
#endif
#ifndef FULL_PATH_IF_UNSURE
#define FULL_PATH_IF_UNSURE 0
#endif
#ifndef PATH_GLOB
#define PATH_GLOB 0
#endif
#ifndef PATH_ID
#define PATH_ID 0
#endif

/* A file's name with its NUL. */
#define NAME_SIZE 256

enum {
	BUFFER_CALLS,
	BUFFER_SUBMIT, /* to an io_uring; such programs can come in between others */
	BUFFER_COMPLETE,
	BUFFERS,
};

/* 1: also of a file whose own path is known something wants the path that was given. */
#define WANT_GIVEN (PATH_GLOB || !PATH_ID || FULL_PATH_IF_UNSURE)

#if NEED_PATH
/* A path is larger than a program's stack: room on each CPU, and more for io_uring's hooks. */
struct open_buffer {
	struct open_event event;
	char bytes[OPEN_TEXT_MAX * 2];
	u64 begin;               /* struct path, whose names are read */
	struct place here, root; /* on the way outwards, see add_names() */
	struct place from;       /* where the path of an io_uring's request started from */
#if PATH_GLOB && FULL_PATH
	char names[OPEN_DIR_MAX + NAME_SIZE]; /* the outermost first, see path_match */
#endif
};

/* One for each of these, on each CPU. */
BPF_PERCPU_ARRAY(open_buffers, struct open_buffer, BUFFERS);

#if FULL_PATH
#define TEXT_MAX OPEN_TEXT_MAX
#else
#define TEXT_MAX OPEN_PATH_MAX
#endif

static inline void call_put(struct open_buffer *buffer, const struct open_call *call,
			    u64 duration_ns)
{
	buffer->event.ret = call->ret;
	buffer->event.flags = call->flags;
	buffer->event.mode = call->mode;
	buffer->event.dirfd = call->dirfd;
	buffer->event.call = call->slot;
	buffer->event.counted_at_submit = call->counted_at_submit;
	buffer->event.duration_ns = duration_ns;
}

static inline void call_take(const struct open_buffer *buffer, struct open_call *call)
{
	call->ret = buffer->event.ret;
	call->flags = buffer->event.flags;
	call->mode = buffer->event.mode;
	call->dirfd = buffer->event.dirfd;
	call->slot = buffer->event.call;
	call->counted_at_submit = buffer->event.counted_at_submit;
}

static inline void text_clear(struct open_text *text)
{
	text->path_size = text->dir_size = text->marks = text->zero = 0;
}

/* What a read of a string of at most OPEN_PATH_MAX + 1 bytes returned. */
static inline void text_note(struct open_text *text, s64 n)
{
	n = n < 0 ? 0 : string_size(n);
	if (n > OPEN_PATH_MAX) {
		n = OPEN_PATH_MAX;
		text->marks |= OPEN_PATH_CUT;
	}
	text->path_size = n;
}

static inline void text_read_user(struct open_buffer *buffer, u64 path)
{
	if (path)
		text_note(&buffer->event.text,
			  bpf_probe_read_user_str(buffer->bytes, OPEN_PATH_MAX + 1, (void *)path));
}

static inline void text_read_kernel(struct open_buffer *buffer, const char *path)
{
	text_clear(&buffer->event.text);
	if (path)
		text_note(&buffer->event.text,
			  bpf_probe_read_kernel_str(buffer->bytes, OPEN_PATH_MAX + 1, path));
}

/* Bytes of path and directory together. */
static inline u64 text_size(const struct open_text *text)
{
	u64 size = (u64)text->path_size + text->dir_size;

	CLAMP_FOR_VERIFIER(size, TEXT_MAX);
	return size;
}

#if FULL_PATH
#include "openat/path_directory.bpf.h"
#endif
#if PATH_GLOB
#include "openat/path_match.bpf.h"
#endif
#if PATH_ID
#include "openat/path_hash.bpf.h"
#endif
#else
struct open_buffer;
#endif
