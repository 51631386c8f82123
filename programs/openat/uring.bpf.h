/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens that are requests to an io_uring. They pass no system call: they are seen when they are
 * submitted and when they complete, which is where they count. Who opens is whoever completes the
 * request: the thread that submitted it, or a worker of the same process.
 *
 * A request that is not valid completes without having been submitted. One that asks not to be told
 * of its success (IOSQE_CQE_SKIP_SUCCESS, 5.17+) completes only when it fails: it is counted when
 * it is submitted.
 *
 * Contract: seen.bpf.h supplies decide(). The tool says which argument of the tracepoints is what,
 * since that has changed with nearly every kernel.
 */

/* 1: a completion tells which request it is of (5.19+). 0: an open counts when it is submitted. */
#ifndef URING_REQUESTS
#define URING_REQUESTS 0
#endif
/* The bit of a request's flags that marks a failed one that asked not to be told of success. */
#ifndef URING_FAILED_SILENT
#define URING_FAILED_SILENT 0
#endif
/* The argument that points to the completion (6.16+); before, an argument is the result. */
#ifndef URING_COMPLETE_CQE
#define URING_COMPLETE_CQE 0
#endif

/* 1: a request can ask for a slot of the ring in place of a descriptor (5.15+). */
#ifndef URING_SLOTS
#define URING_SLOTS 0
#endif

#define IORING_OP_OPENAT_ 18
#define IORING_OP_OPENAT2_ 28
#define CQE_SKIP_SUCCESS 64

static inline int uring_slot(u8 opcode)
{
	switch (opcode) {
	case IORING_OP_OPENAT_:
		return OPEN_URING_OPENAT;
	case IORING_OP_OPENAT2_:
		return OPEN_URING_OPENAT2;
	default:
		return -1;
	}
}

#if URING_REQUESTS
/* Opens that have been submitted, by the address of their request. */
BPF_TABLE("hash", u64, struct open_request, requests, 16384);
/* Those that do not tell of their success stay until there are too many. */
BPF_TABLE("lru_hash", u64, u8, silent, 32768);

/* What an open asked for is where struct io_kiocb begins. */
#define KIOCB(request) ((struct io_kiocb *)(request))
#define IO_OPEN(request) ((struct io_open *)(request))

#if NEED_PATH
/* Their paths, from when they were submitted. */
BPF_TABLE("lru_hash", u64, struct open_text_long, uring_texts, 512);
#if FULL_PATH && !FULL_PATH_IF_UNSURE
/* Where their paths started from when they were submitted. */
BPF_TABLE("lru_hash", u64, struct place, uring_from, 512);
#endif

/* The kernel's own copy of the path, which the request loses when it completes. */
static inline void keep_text(u64 request, int marks)
{
	int which = BUFFER_SUBMIT;
	struct open_buffer *buffer = open_buffers.lookup(&which);
	struct filename *filename = READ_COPY(IO_OPEN(request), filename);

	if (!buffer)
		return;
	text_read_kernel(buffer, filename ? READ_COPY(filename, name) : 0);
#if FULL_PATH && !FULL_PATH_IF_UNSURE
	buffer->event.ret = -1;
	buffer->event.dirfd = READ_COPY(IO_OPEN(request), dfd);
	if (READ_COPY(IO_OPEN(request), resolve) & RESOLVE_IN_ROOT_)
		buffer->event.text.marks |= OPEN_IN_ROOT;
	buffer->begin = 0;
	read_begin(buffer);
	uring_from.update(&request, &buffer->here);
	add_names_if_any(buffer);
#endif
	uring_texts.update(&request, (struct open_text_long *)&buffer->event.text);
	buffer->event.text.marks |= marks;
}

#if FULL_PATH && !FULL_PATH_IF_UNSURE
static inline void take_from(u64 request, struct open_buffer *buffer)
{
	struct place *from = uring_from.lookup(&request);

	buffer->from.mount = buffer->from.dentry = 0;
	if (!from)
		return;
	buffer->from = *from;
	uring_from.delete(&request);
}
#endif

static inline void take_text(u64 request)
{
	int which = BUFFER_COMPLETE;
	struct open_buffer *buffer = open_buffers.lookup(&which);
	struct open_text_long *kept = uring_texts.lookup(&request);

	if (!buffer)
		return;
	text_clear(&buffer->event.text);
	if (!kept)
		return;
	bpf_probe_read_kernel(&buffer->event.text, sizeof(*kept), kept);
	uring_texts.delete(&request);
#if FULL_PATH && !FULL_PATH_IF_UNSURE
	take_from(request, buffer);
#endif
}

#if URING_SLOTS
/* Of io_open.file_slot; otherwise it is the slot and 1, and 0 asks for a descriptor. */
#define ANY_SLOT 0xffffffffu

/* "Direct descriptors": the result is the slot, or 0 if the request has named one. */
static inline s64 take_slot(u64 request, s64 result)
{
	u32 asked = READ_COPY(IO_OPEN(request), file_slot);
	int which = BUFFER_COMPLETE;
	struct open_buffer *buffer = open_buffers.lookup(&which);

	if (!buffer || !asked || error_of(result))
		return result;
	buffer->event.text.marks |= OPEN_RING_SLOT;
	return asked == ANY_SLOT ? result : asked - 1;
}
#else
#define take_slot(request, result) (result)
#endif
#endif

static inline void describe_request(struct open_call *call, u64 request)
{
	call->dirfd = READ_COPY(IO_OPEN(request), dfd);
	/* The kernel adds O_LARGEFILE, whether it was asked for or not. */
	call->flags = READ_COPY(IO_OPEN(request), flags) & ~LARGE_FILE_FLAG;
	call->mode = READ_COPY(IO_OPEN(request), mode);
}

static inline void finish(void *ctx, u64 request, int slot, s64 result, u64 duration_ns,
			  u16 counted_at_submit, int which)
{
	struct open_call call = {
		.ret = result, .slot = slot, .path = 1, .counted_at_submit = counted_at_submit
	};

	if (!SUCCESS_COUNTS && !result_is_wanted(error_of(result)))
		return;
	if (NEED_ARGS)
		describe_request(&call, request);
	decide(ctx, &call, duration_ns, which);
}

/* Success will not be told, so the open counts now. */
static inline void submit_silent(void *ctx, u64 request, int slot)
{
	u8 yes = 1;

	if (silent.update(&request, &yes)) {
		drop_count(DROP_MAP_FULL);
		return;
	}
	if (NEED_PATH)
		keep_text(request, OPEN_NO_RESULT);
	finish(ctx, request, slot, 0, 0, 0, BUFFER_SUBMIT);
}

int raw_tracepoint__uring_submit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 request = ctx->args[URING_SUBMIT_REQ];
	int slot = uring_slot(READ_COPY(KIOCB(request), opcode));
	struct open_request now = { .time_ns = bpf_ktime_get_ns() };

	if (slot < 0 || !is_counting())
		return 0;
	if (!filter_passes())
		now.flags = REQUEST_OTHER;
	if (READ_COPY(KIOCB(request), flags) & CQE_SKIP_SUCCESS) {
		if (!now.flags)
			submit_silent(ctx, request, slot);
		return 0;
	}
	/* Without room it counts as one that completes without having been submitted. */
	if (requests.update(&request, &now) || now.flags)
		return 0;
	drop_count(DROP_ENTERED);
	if (NEED_PATH)
		keep_text(request, 0);
	return 0;
}

/*
 * Has it been counted when it was submitted? There may be another request where one was that
 * succeeded; the kernel marks those that fail.
 */
static inline u16 failed_silent(u64 request)
{
	u16 counted = silent.lookup(&request) != 0;

	silent.delete(&request);
	if (URING_FAILED_SILENT)
		return counted && (READ_COPY(KIOCB(request), flags) & URING_FAILED_SILENT);
	return 0;
}

#if URING_COMPLETE_CQE
struct completion {
	u64 user_data;
	s32 res;
};
#define COMPLETION_RESULT(ctx) READ_COPY((struct completion *)(ctx)->args[URING_COMPLETE_CQE], res)
#else
#define COMPLETION_RESULT(ctx) (ctx)->args[URING_COMPLETE_RES]
#endif

/* A request has been done: an open among them has its result. */
int raw_tracepoint__uring_complete(struct bpf_raw_tracepoint_args *ctx)
{
	u64 request = ctx->args[URING_COMPLETE_REQ], duration_ns = 0;
	int slot = request ? uring_slot(READ_COPY(KIOCB(request), opcode)) : -1;
	struct open_request *asked;
	u16 counted;
	s32 result;

	if (slot < 0 || !is_counting())
		return 0;
	result = COMPLETION_RESULT(ctx);
	counted = failed_silent(request);
	asked = requests.lookup(&request);
	if (asked) {
		u64 flags = asked->flags;

		duration_ns = duration_since(asked->time_ns);
		requests.delete(&request);
		if (flags)
			return 0;
		drop_count(DROP_RETURNED);
	} else if (!counted && !filter_passes()) {
		return 0;
	}
#if NEED_PATH
	take_text(request);
	result = take_slot(request, result);
#endif
	if (!counted || error_of(result))
		finish(ctx, request, slot, result, duration_ns, counted, BUFFER_COMPLETE);
	return 0;
}
#else
/* Is every open wanted, whatever it asks for and however it ends? */
#define ALL_WANTED (SUCCESS_COUNTS && !FILTERS_FLAGS && !PATH_GLOB)

#if NEED_PATH
static inline void clear_path(int which)
{
	struct open_buffer *buffer = open_buffers.lookup(&which);

	if (!buffer)
		return;
	text_clear(&buffer->event.text);
	buffer->event.text.marks = OPEN_NO_ARGS;
}
#endif

int raw_tracepoint__uring_submit(struct bpf_raw_tracepoint_args *ctx)
{
	struct open_call call = { .slot = uring_slot(ctx->args[URING_OPCODE_ARG]),
				  .dirfd = AT_FDCWD_ };

	if (call.slot < 0 || !filter_passes() || !is_counting())
		return 0;
	/* It may be one of those that are asked for. */
	if (!ALL_WANTED) {
		drop_count(DROP_UNREAD);
		return 0;
	}
	if (NEED_PATH)
		clear_path(BUFFER_COMPLETE);
	decide(ctx, &call, 0, BUFFER_COMPLETE);
	return 0;
}
#endif
