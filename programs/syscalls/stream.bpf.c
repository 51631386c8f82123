/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Send a record of each system call as it returns: who, what, with which arguments, the result, how
 * long.
 *
 * Arguments are kept from the beginning, as registers change. Text they point to is read at the
 * return, when the kernel has read it and it is in memory. An exec that succeeds takes that memory
 * away: its path is the kernel's own copy, from sched_process_exec. One that fails can have done so
 * too, and something else may be there: its path is the one that it began with. What else a call is
 * given or fills is read by call_memory.bpf.h.
 */
#define IN_FLIGHT_ENTRIES 1
#define IN_FLIGHT_ARGS 1
#define SEES_ENTRIES 1
#define SEES_EXECS 1
#define SEES_ARGUMENTS 1
#ifndef ARGS_AT_RETURN
#define ARGS_AT_RETURN 0
#endif

#include "syscalls/both_ends.bpf.h"
#include "syscalls/calls.h"

/* The records, see calls.h. */
BPF_PERF_OUTPUT(events);
/* Which memory to read for each call; the tool fills it. */
BPF_ARRAY(parts, struct call_parts, SYSCALL_SLOTS);

/* An event is larger than a program's stack: one for each CPU, in a map. */
struct call_buffer {
	struct call_event event;
	char memory[CALL_MEMORY_MAX + CALL_BYTES_MAX];
	u64 used;     /* bytes of it; in memory, so that the verifier need not follow each value */
	u64 began_ns; /* when the call began; 0: that was not seen */
};
/* The event that is being made. */
BPF_PERCPU_ARRAY(buffers, struct call_buffer, 1);

struct exec_path {
	char bytes[CALL_TEXT_MAX + 1];
};
/* By thread: the path of an execve, which the new program's memory has no more. */
BPF_TABLE("lru_hash", u32, struct exec_path, exec_paths, EXECS_MAX);
/* Where such a path is read to, on its way there. */
BPF_PERCPU_ARRAY(exec_buffers, struct exec_path, 1);

#include "syscalls/call_memory.bpf.h"

/* An exec begins. */
static inline void keep_exec_path(int slot, const u64 *args)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct call_parts *of_call = parts.lookup(&slot);
	int first = 0;
	struct exec_path *path = exec_buffers.lookup(&first);

	if (of_call && of_call->part[0].arg && path &&
	    bpf_probe_read_user_str(path->bytes, sizeof(path->bytes),
				    (void *)arg_number(args, of_call->part[0].arg)) >= 0)
		exec_paths.update(&tid, path);
	else
		exec_paths.delete(&tid);
}

#if COUNT_EXIT_ENTRIES
static inline void send_exit(void *ctx, int slot, call_start *start);
#else
#define send_exit(ctx, slot, start)
#endif

static inline int entered(void *ctx, s64 number, const u64 *args)
{
	int slot = slot_to_remember(number);
	call_start *start;

	if (slot < 0)
		return 0;
	start = started_begin(slot);
	if (!start) {
		send_exit(ctx, slot, start);
		return 0;
	}
#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		start->with_args.args[i] = args[i];
	if (is_execve(slot))
		keep_exec_path(slot, args);
	if (READ_STRINGS && is_execve(slot))
		keep_strings(slot, args, CALL_START(start)->time_ns);
	if (READ_GIVEN)
		keep_given(slot, args, CALL_START(start)->time_ns);
	send_exit(ctx, slot, start);
	return 0;
}

/* Bytes to send of what a read of a string returned. */
static inline s64 text_bytes(s64 n)
{
	if (n < 0)
		n = 0;
	/* Longer than there is room for: sent without the NUL, so that it is seen to be cut. */
	if (n > CALL_TEXT_MAX)
		n = CALL_TEXT_MAX;
	return n;
}

/* One part behind what is there. Return: its bytes. */
static inline u64 read_part(struct call_buffer *buffer, u64 size, struct call_part *part, int i)
{
	u64 address = buffer_arg(buffer, part->arg);

	if (part->kind == PART_TEXT)
		return text_bytes(string_size(bpf_probe_read_user_str(
			buffer->memory + size, CALL_TEXT_MAX + 1, (void *)address)));
	/* Only the path of an exec comes before its argv. */
	if (READ_STRINGS && i == 1 && part->kind == PART_STRINGS)
		return read_strings(buffer, size, address);
	if (READ_BYTES)
		return read_bytes(buffer, size, part, i);
	return 0;
}

static inline void add_part(struct call_buffer *buffer, struct call_parts *of_call, int i)
{
	struct call_part *part = &of_call->part[i];
	u64 size = buffer->used, n = 0;

	CLAMP_FOR_VERIFIER(size, CALL_MEMORY_MAX);
	if (part->arg)
		n = read_part(buffer, size, part, i);
	buffer->event.part_arg[i] = part->arg;
	buffer->event.part_kind[i] = part->kind;
	buffer->event.part_size[i] = n;
	buffer->used = size + n;
	HIDE_MEMORY_FROM_CLANG();
}

/* The path of an exec, which is its first part. */
static inline void add_exec_path(struct call_buffer *buffer, struct call_parts *of_call,
				 struct exec_path *path)
{
	u32 tid = bpf_get_current_pid_tgid();
	s64 n = 0;

	if (path && of_call->part[0].arg)
		n = bpf_probe_read_kernel_str(buffer->memory, CALL_TEXT_MAX + 1, path->bytes);
	n = text_bytes(n);
	buffer->event.part_arg[0] = of_call->part[0].arg;
	buffer->event.part_kind[0] = of_call->part[0].kind;
	buffer->event.part_size[0] = n;
	buffer->used = n;
	HIDE_MEMORY_FROM_CLANG();
	exec_paths.delete(&tid);
}

static inline void add_parts(struct call_buffer *buffer, int slot, s64 result)
{
	struct call_parts *of_call = parts.lookup(&slot);
	struct exec_path *path = 0;
	u32 tid = bpf_get_current_pid_tgid();

	if (!of_call)
		return;
	if (is_execve(slot))
		path = exec_paths.lookup(&tid);
	if (path || (is_execve(slot) && !result))
		add_exec_path(buffer, of_call, path);
	else
		add_part(buffer, of_call, 0);
	add_part(buffer, of_call, 1);
	add_part(buffer, of_call, 2);
	add_part(buffer, of_call, 3);
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
	u64 ids = current_ids(), size;

	if (!buffer)
		return;
	buffer->event.time_ns = bpf_ktime_get_ns();
	buffer->event.ret = result;
	buffer->event.pid = ids >> 32;
	buffer->event.tid = ids;
	buffer->event.uid = bpf_get_current_uid_gid();
	buffer->event.call = slot;
	bpf_get_current_comm(buffer->event.comm, CALL_COMM);
#pragma unroll
	for (int i = 0; i < CALL_PARTS; i++) {
		buffer->event.part_arg[i] = buffer->event.part_kind[i] = 0;
		buffer->event.part_size[i] = 0;
	}
	buffer->used = buffer->began_ns = 0;
	if (start)
		buffer->began_ns = CALL_START(start)->time_ns;
	fill_start(&buffer->event, start);
	if (ARGS_AT_RETURN && regs && !buffer->event.flags && keeps_registers(slot, result))
		fill_late(&buffer->event, regs);
	if (buffer->event.flags && !(flags & CALL_NO_RETURN))
		add_parts(buffer, slot, result);
	buffer->event.flags |= flags;
	size = buffer->used;
	CLAMP_FOR_VERIFIER(size, CALL_MEMORY_MAX + CALL_BYTES_MAX);
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
	if (READ_STRINGS)
		strings_move(old_tid);
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

#if COUNT_EXIT_ENTRIES
/* A call that slot_to_remember() lets through begins: is it one that ends its thread? */
static inline void send_exit(void *ctx, int slot, call_start *start)
{
	if (!SUCCESS_COUNTS || !is_exit(slot))
		return;
	if (SELECT && !is_selected(slot))
		return;
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
