/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Send a record of each system call as it returns: who, what, with which arguments, the result, how
 * long.
 *
 * Arguments are kept from the beginning, as registers change. Text they point to is read at the
 * return, when the kernel has read it and it is in memory. An exec that succeeds takes that memory
 * away: its path is the kernel's own copy, from sched_process_exec. One that fails can have done so
 * too, and something else may be there: its path is the one that it began with.
 */
#define IN_FLIGHT_ENTRIES 1
#define IN_FLIGHT_ARGS 1
#define SEES_ENTRIES 1
#define SEES_ARGUMENTS 1
#ifndef ARGS_AT_RETURN
#define ARGS_AT_RETURN 0
#endif

#include "syscalls/both_ends.bpf.h"
#include "syscalls/calls.h"

BPF_PERF_OUTPUT(events);
BPF_ARRAY(texts, struct call_texts, SYSCALL_SLOTS);

/* An event is larger than a program's stack: one for each CPU, in a map. */
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

/* Argument @number, from 1. Written out: the verifier knows no bounds of an index on the way. */
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

/* An exec begins. */
static inline void keep_exec_path(int slot, const u64 *args)
{
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0, which = text_arg(slot, 0);
	struct exec_path *path = exec_buffers.lookup(&first);

	if (which && path &&
	    bpf_probe_read_user_str(path->bytes, sizeof(path->bytes),
				    (void *)arg_number(args, which)) > 0)
		exec_paths.update(&tid, path);
	else
		exec_paths.delete(&tid);
}

static inline int entered(s64 number, const u64 *args)
{
	int slot = slot_to_remember(number);
	call_start *start;

	if (slot < 0)
		return 0;
	start = started_begin(slot);
	if (!start)
		return 0;
#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		start->with_args.args[i] = args[i];
	if (is_execve(slot))
		keep_exec_path(slot, args);
	return 0;
}

/* Bytes to send of what a read of a string returned. */
static inline s64 text_bytes(struct call_buffer *buffer, s64 n)
{
	/* Without tracefs nothing says which argument the text is of. */
	if (n < 0 || !buffer->event.text_arg[0])
		n = 0;
	/* Longer than there is room for: sent without the NUL, so that it is seen to be cut. */
	if (n > CALL_TEXT_MAX)
		n = CALL_TEXT_MAX;
	return n;
}

/* One text behind what is there. Return: bytes there are then. */
static inline u64 add_text(struct call_buffer *buffer, int slot, int i, u64 size)
{
	int which = text_arg(slot, i);
	s64 n = 0;

	buffer->event.text_arg[i] = which;
	CLAMP_FOR_VERIFIER(size, CALL_TEXT_MAX);
	if (which)
		n = bpf_probe_read_user_str(buffer->text + size, CALL_TEXT_MAX + 1,
					    (void *)arg_number(buffer->event.args, which));
	buffer->event.text_arg[0] = text_arg(slot, 0);
	n = text_bytes(buffer, n);
	buffer->event.text_size[i] = n;
	return size + n;
}

static inline u64 add_exec_path(struct call_buffer *buffer, int slot, struct exec_path *path)
{
	u32 tid = bpf_get_current_pid_tgid();
	s64 n = 0;

	if (path)
		n = bpf_probe_read_kernel_str(buffer->text, CALL_TEXT_MAX + 1, path->bytes);
	buffer->event.text_arg[0] = text_arg(slot, 0);
	n = text_bytes(buffer, n);
	buffer->event.text_size[0] = n;
	exec_paths.delete(&tid);
	return n;
}

static inline u64 add_texts(struct call_buffer *buffer, int slot, s64 result)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct exec_path *path = 0;
	u64 size;

	if (is_execve(slot))
		path = exec_paths.lookup(&tid);
	if (path || (is_execve(slot) && !result))
		return add_exec_path(buffer, slot, path);
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
		event->args[i] = start->with_args.args[i];
}

/*
 * A call that seccomp refuses has no beginning, and one may have begun before tracing did. The
 * registers stay as they are while a call lasts, but for an exec that succeeds and rt_sigreturn.
 */
static inline int keeps_registers(int slot, s64 result)
{
	return !(is_execve(slot) && !result) && (u32)slot % ABI_CALLS != SYSCALL_NONE;
}

static inline void fill_late(struct call_event *event, struct syscall_regs *regs)
{
	event->flags = CALL_LATE_ARGS;
	read_registers(regs, event->args);
}

static inline void send(void *ctx, struct syscall_regs *regs, int slot, s64 result,
			call_start *start, int flags)
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
	if (ARGS_AT_RETURN && regs && !buffer->event.flags && keeps_registers(slot, result))
		fill_late(&buffer->event, regs);
	if (buffer->event.flags)
		size = add_texts(buffer, slot, result);
	buffer->event.flags |= flags;
	CLAMP_FOR_VERIFIER(size, CALL_TEXTS * CALL_TEXT_MAX);
	if (events.perf_submit(ctx, buffer, sizeof(buffer->event) + size))
		drop_count(DROP_BUFFER);
}

static inline int returned(void *ctx, struct syscall_regs *regs, s64 number, s64 result)
{
	call_start *start;
	int slot = slot_to_end(regs, number, result, &start);

	if (slot < 0)
		return 0;
	if (!is_wanted_at_end(slot)) {
		started_end(start);
		return 0;
	}
	if (is_new_thread(slot, result, start))
		return 0;
	if (HOLD_COMMAND && still_held(slot))
		return 0;
	if (result_is_wanted(error_of(result)))
		send(ctx, regs, slot, result, start, 0);
	else
		started_end(start);
	return 0;
}

static inline void executes(u32 old_tid, const char *filename)
{
	u32 tid = bpf_get_current_pid_tgid();
	int first = 0;
	struct exec_path *path = exec_buffers.lookup(&first);

	started_move(old_tid);
	if (path && bpf_probe_read_kernel_str(path->bytes, sizeof(path->bytes), filename) > 0)
		exec_paths.update(&tid, path);
}

#if COUNT_EXITS
static inline void send_end(void *ctx, struct task_struct *task)
{
	call_start *start = started_get();
	int slot = started_slot(start, slot_of_end(task));

	if (!is_exit(slot))
		return;
	if (SELECT && !is_selected(slot))
		return;
	if (!FILTERS_TASKS || filter_passes())
		send(ctx, 0, slot, 0, start, CALL_NO_RETURN);
}
#endif

static inline int ends(void *ctx, struct task_struct *task)
{
	if (COUNT_EXITS && SUCCESS_COUNTS)
		send_end(ctx, task);
	started_forget();
	return 0;
}

#include "syscalls/hooks.bpf.h"
