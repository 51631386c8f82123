/* SPDX-License-Identifier: GPL-2.0-only */
/* Send a record of each open as it returns: who, which file, what for, the result, how long. */
#ifndef NEED_TIME
#define NEED_TIME 0
#endif
#define IN_FLIGHT_TIMES NEED_TIME

#include "openat/call.bpf.h"
#include "openat/path_read.bpf.h"

/* The records, see records.h. */
BPF_PERF_OUTPUT(events);

#define is_counting() 1

static inline void opened(void *ctx, struct open_call *call, struct open_buffer *buffer,
			  u64 duration_ns, int which)
{
	struct open_event *event = &buffer->event;
	u64 ids = current_ids(), size = text_size(&event->text);

	/* There is a record of it. */
	if (SUCCESS_COUNTS && call->counted_at_submit)
		return;
	/* call_put() has filled the rest. */
	event->time_ns = bpf_ktime_get_ns();
	event->pid = ids >> 32;
	event->tid = ids;
	event->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(event->comm, OPEN_COMM);
	CLAMP_FOR_VERIFIER(size, OPEN_TEXT_MAX);
	if (events.perf_submit(ctx, buffer, sizeof(*event) + size))
		drop_count(DROP_BUFFER);
}

#include "openat/hooks.bpf.h"
