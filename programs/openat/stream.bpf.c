/* SPDX-License-Identifier: GPL-2.0-only */
/* A record of each open as it returns: who, which file, what for, the result, how long. */
#include <linux/ptrace.h>

#include "openat/call.bpf.h"
#include "openat/path_read.bpf.h"

BPF_PERF_OUTPUT(events);

#define is_counting() 1

static inline void opened(void *ctx, struct open_call *call, struct open_buffer *buffer, u64 duration_ns, int which)
{
	struct open_event *event = &buffer->event;
	u64 ids = current_ids(), size = text_size(&event->text);

#if !defined(FAILED_ONLY) && !defined(FILTER_ERRNO)
	/* There is a record of it. */
	if (call->again)
		return;
#endif
	/* The rest is there, see call_put(). */
	event->time_ns = bpf_ktime_get_ns();
	event->pid = ids >> 32;
	event->tid = ids;
	event->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(event->comm, OPEN_COMM);
	BOUND(size, OPEN_TEXT_MAX);
	if (events.perf_submit(ctx, buffer, sizeof(*event) + size))
		drop_count(DROP_BUFFER);
}

#include "openat/hooks.bpf.h"
#ifdef OPEN_URING
#include "openat/uring.bpf.h"
#endif
