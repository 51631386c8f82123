/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of each system call as it returns: who, what, with which arguments, the result, how long.
 *
 * Arguments are kept from the beginning, as registers change. Text they point to is read at the return, when the
 * kernel has read it and it is in memory. An exec that succeeds takes that memory away: its path is the kernel's own
 * copy, at sched_process_exec.
 */
#define KEEP_ARGS
#include "lib/verifier.bpf.h"
#include "lib/syscall.bpf.h"
#include "syscalls/calls.h"
#include "lib/in_flight.bpf.h"

BPF_PERF_OUTPUT(events);
BPF_ARRAY(texts, struct call_texts, SYSCALL_SLOTS);

/* An event is larger than a program's stack: one per CPU, in a map. */
struct call_buffer {
	struct call_event event;
	char text[CALL_TEXTS * CALL_TEXT_MAX + 1];
};
BPF_PERCPU_ARRAY(buffers, struct call_buffer, 1);

struct exec_path {
	char bytes[CALL_TEXT_MAX + 1];
};
BPF_TABLE("lru_hash", u32, struct exec_path, exec_paths, EXECS_MAX);
BPF_PERCPU_ARRAY(exec_buffers, struct exec_path, 1);

static inline int text_arg(int slot, int i)
{
	struct call_texts *which = texts.lookup(&slot);

	return which ? which->arg[i] : 0;
}

/* Argument @number, from 1; written out, as the verifier knows the bounds of no array on the way. */
static inline u64 arg_number(const u64 *args, int number)
{
	switch (number) {
	case 1:
		return args[0];
	case 2:
		return args[1];
	case 3:
		return args[2];
	case 4:
		return args[3];
	case 5:
		return args[4];
	default:
		return args[5];
	}
}

static inline int entered(s64 number, const u64 *args)
{
	call_start *start;
	int slot;

	if (is_unselected_number(number))
		return 0;
	slot = slot_entered(number);
	if (!is_selected(slot) || !filter_passes() || still_held(slot))
		return 0;
	start = started_begin(slot);
	if (!start)
		return 0;
#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		start->args[i] = args[i];
	return 0;
}

/* One text behind what is there. Return: bytes there are then. */
static inline u64 add_text(struct call_buffer *buffer, int slot, int i, u64 size)
{
	int which = text_arg(slot, i);
	s64 n = 0;

	buffer->event.text_arg[i] = which;
	BOUND(size, CALL_TEXT_MAX);
	if (which)
		n = bpf_probe_read_user_str(buffer->text + size, CALL_TEXT_MAX + 1, (void *)arg_number(buffer->event.args, which));
	buffer->event.text_arg[0] = text_arg(slot, 0);
	/* Without tracefs nothing says which argument it is of. */
	if (n < 0 || !buffer->event.text_arg[0])
		n = 0;
	/* Longer than there is room for: without the NUL, so that it is seen to be cut. */
	if (n > CALL_TEXT_MAX)
		n = CALL_TEXT_MAX;
	buffer->event.text_size[i] = n;
	return size + n;
}

static inline u64 add_exec_path(struct call_buffer *buffer, int slot)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct exec_path *path = exec_paths.lookup(&tid);
	s64 n = 0;

	if (path)
		n = bpf_probe_read_kernel_str(buffer->text, CALL_TEXT_MAX + 1, path->bytes);
	buffer->event.text_arg[0] = text_arg(slot, 0);
	/* Without tracefs nothing says which argument it is of. */
	if (n < 0 || !buffer->event.text_arg[0])
		n = 0;
	/* Longer than there is room for: without the NUL, so that it is seen to be cut. */
	if (n > CALL_TEXT_MAX)
		n = CALL_TEXT_MAX;
	buffer->event.text_size[0] = n;
	exec_paths.delete(&tid);
	return n;
}

static inline u64 add_texts(struct call_buffer *buffer, int slot, s64 result)
{
	u64 size;

	if (is_execve(slot) && !result)
		return add_exec_path(buffer, slot);
	size = add_text(buffer, slot, 0, 0);
	return add_text(buffer, slot, 1, size);
}

static inline void fill_start(struct call_event *event, call_start *start)
{
	event->duration_ns = 0;
	event->flags = 0;
	if (!start)
		return;
	event->duration_ns = started_end(start);
	if (!event->duration_ns)
		return;
	event->duration_ns = event->time_ns - event->duration_ns;
	event->flags = CALL_HAS_ARGS;
#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		event->args[i] = start->args[i];
}

static inline void send(void *ctx, int slot, s64 result, call_start *start, int flags)
{
	int first = 0;
	struct call_buffer *buffer = buffers.lookup(&first);
	u64 ids = current_ids(), size = 0;

	if (!buffer)
		return;
	buffer->event.time_ns = bpf_ktime_get_ns();
	buffer->event.ret = result;
	buffer->event.pid = ids >> 32;
	buffer->event.tid = ids;
	buffer->event.uid = bpf_get_current_uid_gid();
	buffer->event.call = slot;
	bpf_get_current_comm(buffer->event.comm, CALL_COMM);
	buffer->event.text_arg[0] = buffer->event.text_arg[1] = 0;
	buffer->event.text_size[0] = buffer->event.text_size[1] = 0;
	fill_start(&buffer->event, start);
	if (buffer->event.flags & CALL_HAS_ARGS)
		size = add_texts(buffer, slot, result);
	buffer->event.flags |= flags;
	BOUND(size, CALL_TEXTS * CALL_TEXT_MAX);
	if (events.perf_submit(ctx, buffer, sizeof(buffer->event) + size))
		drop_count(DROP_BUFFER);
}

static inline int returned(void *ctx, s64 number, s64 result)
{
	call_start *start;
	int slot;

	if (is_unselected_number(number))
		return 0;
	slot = started_slot(slot_returned(number, result), result);
	hold_ends(slot);
	if (!is_selected(slot))
		return 0;
#ifdef FILTER_CHANGES
	start = started_get();
	if (!filter_passes()) {
		started_end(start);
		return 0;
	}
#else
	if (!filter_passes())
		return 0;
	start = started_get();
#endif
	if ((result == 0 && is_child_of(slot)) || still_held(slot))
		return 0;
	if (result_is_wanted(error_of(result)))
		send(ctx, slot, result, start, 0);
	else
		started_end(start);
	return 0;
}

#ifdef HOOK_TRACEPOINT
int tracepoint__sys_exit(struct sys_exit_args *args)
{
	return returned(args, (s32)args->id, args->ret);
}

int tracepoint__sys_enter(void *ctx)
{
	u64 args[CALL_ARGS];

#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		args[i] = LOAD_U64(ctx, SYS_ENTER_ARGS + i * 8);
	return entered(LOAD_U32(ctx, SYS_ENTER_ID), args);
}
#else
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return returned(ctx, CALL_NUMBER(ctx->args[0]), ctx->args[1]);
}

int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	u64 regs = ctx->args[0], args[CALL_ARGS];

#ifdef TASK_COMPAT_STATUS
	if (CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT) {
		args[0] = LOAD_U32(regs, REGS_COMPAT1);
		args[1] = LOAD_U32(regs, REGS_COMPAT2);
		args[2] = LOAD_U32(regs, REGS_COMPAT3);
		args[3] = LOAD_U32(regs, REGS_COMPAT4);
		args[4] = LOAD_U32(regs, REGS_COMPAT5);
		args[5] = LOAD_U32(regs, REGS_COMPAT6);
		return entered(CALL_NUMBER(regs), args);
	}
#endif
	args[0] = LOAD_U64(regs, REGS_ARG1);
	args[1] = LOAD_U64(regs, REGS_ARG2);
	args[2] = LOAD_U64(regs, REGS_ARG3);
	args[3] = LOAD_U64(regs, REGS_ARG4);
	args[4] = LOAD_U64(regs, REGS_ARG5);
	args[5] = LOAD_U64(regs, REGS_ARG6);
	return entered(CALL_NUMBER(regs), args);
}
#endif

static inline void executes(u32 old_tid, u64 filename)
{
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0;
	struct exec_path *path = exec_buffers.lookup(&first);

	started_move(old_tid);
	if (path && bpf_probe_read_kernel_str(path->bytes, sizeof(path->bytes), (void *)filename) > 0)
		exec_paths.update(&tid, path);
}

#ifdef HOOK_TRACEPOINT
/* The file name lies in the record: offset in the low half of its locator. */
int tracepoint__sched_process_exec(void *ctx)
{
	executes(LOAD_U32(ctx, EXEC_OLD_PID), (u64)ctx + (LOAD_U32(ctx, EXEC_FILENAME) & 0xffff));
	return 0;
}
#else
int raw_tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	executes(ctx->args[1], LOAD_U64(ctx->args[2], BINPRM_FILENAME));
	return 0;
}
#endif

#ifdef HOOK_EXITS
static inline int ends(void *ctx, u64 task)
{
#if defined(COUNT_EXITS) && !defined(FAILED_ONLY) && !defined(FILTER_ERRNO)
	int slot = slot_of_end(task);

	if (slot >= 0 && is_selected(slot) && filter_passes())
		send(ctx, slot, 0, started_get(), CALL_NO_RETURN);
#endif
	started_forget();
	return 0;
}

#ifdef EXIT_TRACEPOINT
int tracepoint__sched_process_exit(void *ctx)
{
#ifdef COUNT_EXITS
	return ends(ctx, CURRENT_TASK());
#else
	return ends(ctx, 0);
#endif
}
#else
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return ends(ctx, ctx->args[0]);
}
#endif
#endif
