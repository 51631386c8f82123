/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count system calls, how many fail, and how long they take.
 *
 * Counts by system call alone are in a per-CPU array: a CPU only ever adds to its own copy, so there is no lock,
 * no contended cache line and no insertion that could fail. It only grows; the tool takes differences. Any other
 * key, and latency, is a hash table, see rows.bpf.h (ROWS).
 *
 * With LATENCY a second hook notes when each call begins.
 */
#include "lib/syscall.bpf.h"
#ifdef LATENCY
#include "lib/in_flight.bpf.h"
#endif

#ifdef ROWS
#include "lib/rows.bpf.h"
#else
BPF_PERCPU_ARRAY(counts, struct syscall_count, SYSCALL_SLOTS);
#endif

/*
 * The addition needs no lock: the kernel never runs a tracepoint's program twice at a time on one CPU (what
 * it skips for that reason is reported), and no interrupt makes system calls. @duration_ns: 0 when not known.
 */
static inline void count(int slot, int error, u64 duration_ns)
{
#ifdef ROWS
	struct row_key key = {};
	row *to;

	row_key_fill(&key, slot, error);
	to = row_get(&key);
	if (!to)
		return;
	ROW_COUNT(to)->calls++;
	ROW_COUNT(to)->errors += error != 0;
	if (is_execve(slot) && !error)
		row_name(ROW_COUNT(to));
#ifdef LATENCY
	if (duration_ns)
		row_time(ROW_PLAIN(to), duration_ns);
#endif
#else
	struct syscall_count *c = counts.lookup(&slot);

	if (c) {
		c->calls++;
		c->errors += error != 0;
	}
#endif
}

#ifdef LATENCY
static inline int entered(s64 number)
{
	int slot;

	if (is_unselected_number(number))
		return 0;
	slot = slot_entered(number);
	if (is_selected(slot) && filter_passes() && !still_held(slot))
		started_begin(slot);
	return 0;
}

/* 0 when not known; a clock that has not moved on counts as 1. */
static inline u64 duration_of(call_start *start)
{
	u64 began = started_end(start);

	return began ? bpf_ktime_get_ns() - began ?: 1 : 0;
}
#endif

/* Where something that is asked first needs it; a filter that changes ends the call, which the slot is taken from. */
#if defined(SELECT) || defined(HOLD_COMMAND) || (defined(LATENCY) && defined(FILTER_CHANGES))
#define SLOT_FIRST
#endif

static inline int slot_at_return(s64 number, s64 result)
{
	int slot = slot_returned(number, result);

#ifdef LATENCY
	slot = started_slot(slot, result);
#endif
	return slot;
}

static inline int returned(s64 number, s64 result)
{
	u64 duration_ns = 0;
	int slot, error;

	/* What decides for most calls first. */
	if (is_unselected_number(number))
		return 0;
#ifdef SLOT_FIRST
	slot = slot_at_return(number, result);
	hold_ends(slot);
	if (!is_selected(slot))
		return 0;
#endif
#if defined(LATENCY) && defined(FILTER_CHANGES)
	/* What the filter asks for may be different by now: what began then is over in any case. */
	duration_ns = duration_of(started_get());
#endif
	if (!filter_passes())
		return 0;
#ifndef SLOT_FIRST
	slot = slot_at_return(number, result);
#endif
	if ((result == 0 && is_child_of(slot)) || still_held(slot))
		return 0;
#if defined(LATENCY) && !defined(FILTER_CHANGES)
	duration_ns = duration_of(started_get());
#endif
	error = error_of(result);
	if (result_is_wanted(error))
		count(slot, error, duration_ns);
	return 0;
}

#ifdef HOOK_TRACEPOINT
int tracepoint__sys_exit(struct sys_exit_args *args)
{
	return returned((s32)args->id, args->ret);
}
#else
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return returned(CALL_NUMBER(ctx->args[0]), ctx->args[1]);
}
#endif

#ifdef LATENCY
#ifdef HOOK_TRACEPOINT
int tracepoint__sys_enter(void *ctx)
{
	return entered(LOAD_U32(ctx, SYS_ENTER_ID));
}
#else
int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	return entered(CALL_NUMBER(ctx->args[0]));
}
#endif
#endif

#ifdef LATENCY
#ifdef HOOK_TRACEPOINT
int tracepoint__sched_process_exec(void *ctx)
{
	started_move(LOAD_U32(ctx, EXEC_OLD_PID));
	return 0;
}
#else
int raw_tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	started_move(ctx->args[1]);
	return 0;
}
#endif
#endif

#ifdef HOOK_EXITS
static inline int ends(u64 task)
{
#ifdef LATENCY
	started_forget();
#endif
#if defined(COUNT_EXITS) && !defined(FAILED_ONLY) && !defined(FILTER_ERRNO)
	int slot = slot_of_end(task);

	if (slot >= 0 && is_selected(slot) && filter_passes())
		count(slot, 0, 0);
#endif
	return 0;
}

#ifdef EXIT_TRACEPOINT
int tracepoint__sched_process_exit(void *ctx)
{
#ifdef COUNT_EXITS
	return ends(CURRENT_TASK());
#else
	return ends(0);
#endif
}
#else
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return ends(ctx->args[0]);
}
#endif
#endif
