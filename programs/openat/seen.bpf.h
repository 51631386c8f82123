/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every hook hands an open to: entered() when a call begins, returned() when it returns. A
 * hook finds slot, registers and result; the rest is here, and alike for all.
 *
 * Contract: the program supplies opened(), which records an open; is_counting(): is there a place
 * to record it in? With ENTRY_ONLY also begun_one(), which records an open that begins.
 */
#include "lib/in_flight.bpf.h"
#include "openat/given.bpf.h"

/* 1: nothing but the beginning of opens is seen. */
#ifndef ENTRY_ONLY
#define ENTRY_ONLY 0
#endif
/* 1: calls can return unseen, so both ends are counted; the difference is reported. */
#ifndef COUNT_ENTERED
#define COUNT_ENTERED 0
#endif
#ifndef HAVE_TASK_PT_REGS
#define HAVE_TASK_PT_REGS 0
#endif

static inline int entered(int slot)
{
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	if (!is_counting())
		return 0;
	if (ENTRY_ONLY)
		begun_one(slot);
	if (COUNT_ENTERED)
		drop_count(DROP_ENTERED);
	if (NEED_TIME)
		in_flight_begin();
	return 0;
}

#if NEED_PATH
static inline int path_is_unread(const struct open_buffer *buffer, const struct open_call *call)
{
	if (buffer->event.text.marks & OPEN_RESOLVED)
		return 0;
	return (!buffer->event.text.path_size && call->path &&
		error_of(buffer->event.ret) != EFAULT_) ||
	       (buffer->event.text.marks & OPEN_PATH_CUT);
}

/* Does --path want it? What cannot be decided is counted. */
static inline int path_is_wanted(struct open_buffer *buffer, const struct open_call *call)
{
	if (path_is_unread(buffer, call)) {
		drop_count(DROP_UNREAD);
		return 0;
	}
	if (path_matches(buffer))
		return 1;
	if (buffer->event.text.marks & OPEN_DIR_LOST)
		drop_count(DROP_UNREAD);
	return 0;
}

/* The file that was opened, in `begin`. */
static inline void find_file(struct open_buffer *buffer)
{
#if FULL_PATH
	buffer->begin = opened_path(buffer);
	/* Or clang makes two programs, with a file and without. */
	HIDE_MEMORY_FROM_CLANG();
#endif
}

static inline int is_resolved(const struct open_buffer *buffer)
{
	return buffer->event.text.marks & OPEN_RESOLVED;
}

/* A path that can have been rewritten. Return: whether it is known what was asked for */
static inline int resolve_unsure(struct open_buffer *buffer, const struct open_call *call)
{
#if FULL_PATH_IF_UNSURE
	if (has_descriptor(buffer)) {
		buffer->event.text.marks |= OPEN_UNSURE;
		find_file(buffer);
	}
#endif
	/* One that was not in memory when the call began cannot be compared. */
	return is_resolved(buffer) || call->given.path <= GIVEN_UNREAD;
}

/* The path of a system call. Return: 0: it is not known which */
static inline int read_given(struct open_buffer *buffer, const struct open_call *call)
{
	if (WANT_GIVEN || !is_resolved(buffer))
		text_read_user(buffer, call->path);
	HIDE_MEMORY_FROM_CLANG();
	if (buffer->event.text.path_size && !is_resolved(buffer) &&
	    given_hash(buffer) != call->given.path && !resolve_unsure(buffer, call))
		return 0;
	return starts_as_given(buffer, &call->given);
}

static inline void forget_path(struct open_buffer *buffer)
{
	u16 marks = buffer->event.text.marks & OPEN_RING_SLOT;

	drop_count(DROP_UNREAD);
	text_clear(&buffer->event.text);
	buffer->event.text.marks = marks;
}

static inline void add_file_names(struct open_buffer *buffer)
{
#if FULL_PATH
	read_begin(buffer);
	add_names_if_any(buffer);
#endif
}

/* The path, and the names of the file. Return: 0: it is not known, which has been counted */
static inline int read_path(struct open_buffer *buffer, const struct open_call *call)
{
	text_clear(&buffer->event.text);
	buffer->event.text.marks = call->marks;
	if (FULL_PATH && !FULL_PATH_IF_UNSURE)
		find_file(buffer);
	if (FULL_PATH_IF_UNSURE)
		buffer->begin = 0;
	if (!read_given(buffer, call)) {
		forget_path(buffer);
		return 0;
	}
	add_file_names(buffer);
	return 1;
}

/* The same for a request that is complete, whose given path is in the buffer. */
static inline int read_completed(struct open_buffer *buffer)
{
#if FULL_PATH && !FULL_PATH_IF_UNSURE
	find_file(buffer);
	if (!is_resolved(buffer) && has_moved(buffer, &buffer->from)) {
		forget_path(buffer);
		return 0;
	}
	add_file_names(buffer);
#endif
	return 1;
}

/* Return: 0: it is not known, which has been counted */
static inline int find_path(struct open_buffer *buffer, const struct open_call *call, int which)
{
	if (which == BUFFER_CALLS)
		return read_path(buffer, call);
	if (which == BUFFER_COMPLETE)
		return read_completed(buffer);
	return 1;
}

/* With the path; @which: the buffer for it */
static inline void decide(void *ctx, struct open_call *call, u64 duration_ns, int which)
{
	/* For clang, what a helper has the address of can be another number from then on. */
	int index = which;
	struct open_buffer *buffer;

	if (FILTERS_FLAGS && !flags_are_wanted(call->flags))
		return;
	buffer = open_buffers.lookup(&index);
	if (!buffer)
		return;
	call_put(buffer, call, duration_ns);
	if (!find_path(buffer, call, which) && PATH_GLOB)
		return;
	if (PATH_GLOB && !path_is_wanted(buffer, call))
		return;
	if (FULL_PATH && PATH_GLOB && PATH_ID)
		drop_given(buffer);
	call_take(buffer, call);
	opened(ctx, call, buffer, buffer->event.duration_ns, which);
}
#else
static inline void decide(void *ctx, struct open_call *call, u64 duration_ns, int which)
{
	if (FILTERS_FLAGS && !flags_are_wanted(call->flags))
		return;
	opened(ctx, call, 0, duration_ns, which);
}
#endif

/* What is known of a call without its path decides first. */
static inline int returned(void *ctx, struct syscall_regs *regs, int slot, s64 result)
{
	struct open_call call = { .regs = regs, .ret = result, .slot = slot };
	u64 duration_ns = 0;

	if (NEED_TIME)
		duration_ns = in_flight_end();
#if NEED_GIVEN
	given_end(&call.given);
#endif
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	if (!is_counting())
		return 0;
	if (COUNT_ENTERED)
		drop_count(DROP_RETURNED);
	if (!SUCCESS_COUNTS && !result_is_wanted(error_of(result)))
		return 0;
	if (NEED_ARGS)
		describe(&call);
	decide(ctx, &call, duration_ns, BUFFER_CALLS);
	return 0;
}

/* The registers a task entered the kernel with lie at the very top of its kernel stack. */
#if HAVE_TASK_PT_REGS
#define TASK_REGS() SYSCALL_REGS(bpf_task_pt_regs(CURRENT_TASK()))
#else
#define TASK_REGS()                                                                                \
	SYSCALL_REGS(READ_COPY((struct task_struct *)bpf_get_current_task(), stack) + STACK_REGS)
#endif

/* Nothing, where nothing of them is wanted. */
static inline struct syscall_regs *current_regs(void)
{
	if (NEED_CALL || NEED_ARGS)
		return TASK_REGS();
	return 0;
}

/* Of a call whose function is known to be one of those that open. */
static inline int slot_of(struct syscall_regs *regs)
{
	if (NEED_CALL)
		return open_slot(READ_REG(regs, number));
	return 0;
}

/* At the entry only counting by call takes the slot. */
static inline int slot_entered(struct syscall_regs *regs)
{
	if (ENTRY_ONLY)
		return slot_of(regs);
	return 0;
}
