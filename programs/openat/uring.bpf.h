/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens that are requests to an io_uring. Nothing of them passes a system call: they are seen when they are submitted and
 * when they complete, which is where they count. Who opens is whoever completes the request: the thread that submitted
 * it, or a worker of the same process.
 *
 *   URING_REQUESTS   a completion tells which request it is of (5.19+). Without, an open counts when it is submitted, and
 *                    nothing is known of its end
 *   URING_OPCODE_ARG, URING_SUBMIT_REQ, URING_COMPLETE_REQ, URING_COMPLETE_RES or URING_COMPLETE_CQE
 *                    which argument of the tracepoints is what
 *
 * A request that is not valid completes without having been submitted. One that asks not to be told of its success
 * (IOSQE_CQE_SKIP_SUCCESS) completes only when it fails: it is counted when it is submitted.
 */
#define IORING_OP_OPENAT_ 18
#define IORING_OP_OPENAT2_ 28
#define CQE_SKIP_SUCCESS 64
#define CQE_RES 8
#ifdef __x86_64__
#define O_LARGEFILE_ 0100000
#else
#define O_LARGEFILE_ 0400000
#endif

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

#ifdef URING_REQUESTS
BPF_TABLE("hash", u64, struct open_request, requests, 16384);
/* Those that do not tell of their success stay until there are too many. */
BPF_TABLE("lru_hash", u64, u8, silent, 32768);

#ifdef NEED_PATH
BPF_TABLE("lru_hash", u64, struct open_text_long, uring_texts, 512);

/* The kernel's own copy of the path, which the request loses when it completes. */
static inline void keep_text(u64 request, int marks)
{
	int which = BUFFER_SUBMIT;
	struct open_buffer *buffer = open_buffers.lookup(&which);
	u64 name = PROBE_READ_(u64, request, IO_OPEN_FILENAME);

	if (!buffer)
		return;
	text_read_kernel(buffer, name ? PROBE_READ_(u64, name, FILENAME_NAME) : 0);
#ifdef FULL_PATH
	add_dir(buffer, PROBE_READ_(u32, request, IO_OPEN_DFD), -1);
#endif
	uring_texts.update(&request, (struct open_text_long *)&buffer->event.text);
	buffer->event.text.marks |= marks;
}

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
}
#else
#define keep_text(request, marks)
#define take_text(request)
#endif

static inline void describe_request(struct open_call *call, u64 request)
{
	call->dirfd = PROBE_READ_(u32, request, IO_OPEN_DFD);
	/* The kernel adds O_LARGEFILE, whether it was asked for or not. */
	call->flags = PROBE_READ_(u64, request, IO_OPEN_FLAGS) & ~O_LARGEFILE_;
	call->mode = PROBE_READ_(u64, request, IO_OPEN_MODE);
}

static inline void finish(void *ctx, u64 request, int slot, s64 result, u64 duration_ns, u16 again, int which)
{
	struct open_call call = { .ret = result, .slot = slot, .path = 1, .again = again };

	if (!result_is_wanted(error_of(result)))
		return;
#ifdef NEED_ARGS
	describe_request(&call, request);
#endif
	decide(ctx, &call, duration_ns, which);
}

/* Success will not be told, so it counts now. */
static inline void submit_silent(void *ctx, u64 request, int slot)
{
	u8 yes = 1;

	if (silent.update(&request, &yes)) {
		drop_count(DROP_MAP_FULL);
		return;
	}
	keep_text(request, OPEN_NO_RESULT);
	finish(ctx, request, slot, 0, 0, 0, BUFFER_SUBMIT);
}

int raw_tracepoint__uring_submit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 request = ctx->args[URING_SUBMIT_REQ];
	int slot = uring_slot(PROBE_READ_(u8, request, IO_KIOCB_OPCODE));
	struct open_request now = { .time_ns = bpf_ktime_get_ns() };

	if (slot < 0 || !is_counting())
		return 0;
	if (!filter_passes())
		now.flags = REQUEST_OTHER;
	if (PROBE_READ_(u32, request, IO_KIOCB_FLAGS) & CQE_SKIP_SUCCESS) {
		if (!now.flags)
			submit_silent(ctx, request, slot);
		return 0;
	}
	/* When there is no room it counts as one that completes without having been submitted. */
	if (requests.update(&request, &now) || now.flags)
		return 0;
	drop_count(DROP_ENTERED);
	keep_text(request, 0);
	return 0;
}

/*
 * Is it one that counted when it was submitted? Another may be where one was that succeeded; the kernel marks those that
 * fail.
 */
static inline u16 failed_silent(u64 request)
{
	u16 counted = silent.lookup(&request) != 0;

	silent.delete(&request);
#ifdef URING_FAILED_SILENT
	return counted && (PROBE_READ_(u64, request, IO_KIOCB_FLAGS) & URING_FAILED_SILENT);
#else
	return 0;
#endif
}

int raw_tracepoint__uring_complete(struct bpf_raw_tracepoint_args *ctx)
{
	u64 request = ctx->args[URING_COMPLETE_REQ], duration_ns = 0;
	int slot = request ? uring_slot(PROBE_READ_(u8, request, IO_KIOCB_OPCODE)) : -1;
	struct open_request *asked;
	u16 again;
	s32 result;

	if (slot < 0 || !is_counting())
		return 0;
#ifdef URING_COMPLETE_CQE
	result = PROBE_READ_(s32, ctx->args[URING_COMPLETE_CQE], CQE_RES);
#else
	result = ctx->args[URING_COMPLETE_RES];
#endif
	again = failed_silent(request);
	asked = requests.lookup(&request);
	if (asked) {
		u64 flags = asked->flags;

		duration_ns = bpf_ktime_get_ns() - asked->time_ns ?: 1;
		requests.delete(&request);
		if (flags)
			return 0;
		drop_count(DROP_RETURNED);
	} else if (!again && !filter_passes()) {
		return 0;
	}
	take_text(request);
	if (!again || error_of(result))
		finish(ctx, request, slot, result, duration_ns, again, BUFFER_COMPLETE);
	return 0;
}
#else
int raw_tracepoint__uring_submit(struct bpf_raw_tracepoint_args *ctx)
{
	struct open_call call = { .slot = uring_slot(ctx->args[URING_OPCODE_ARG]), .dirfd = AT_FDCWD_ };
	int which = BUFFER_COMPLETE;

	if (call.slot < 0 || !filter_passes() || !is_counting())
		return 0;
#if defined(FAILED_ONLY) || defined(FILTER_ERRNO) || defined(FILTER_FLAGS) || defined(PATH_GLOB)
	/* It may be one of those that are asked for. */
	drop_count(DROP_UNREAD);
#else
#ifdef NEED_PATH
	struct open_buffer *buffer = open_buffers.lookup(&which);

	if (!buffer)
		return 0;
	text_clear(&buffer->event.text);
	buffer->event.text.marks = OPEN_NO_ARGS;
#endif
	decide(ctx, &call, 0, which);
#endif
	return 0;
}
#endif
