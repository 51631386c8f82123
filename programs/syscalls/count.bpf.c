/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count system calls, how many fail, and how long they take.
 *
 * Counts by system call alone are in a per-CPU array. A CPU only adds to its own copy, so there is
 * no lock, no contended cache line, and no insertion that could fail. The array only grows; the
 * tool takes differences. Any other key, and latency, takes a hash table (ROWS, see
 * lib/rows.bpf.h).
 */
#ifndef LATENCY
#define LATENCY 0
#endif
#ifndef ROWS
#define ROWS 0
#endif
#define IN_FLIGHT_ENTRIES LATENCY
#define SEES_ENTRIES (LATENCY || COUNT_EXIT_ENTRIES)
#define SEES_EXECS LATENCY
#define SEES_ARGUMENTS 0

#include "syscalls/exits.bpf.h"

#if LATENCY
#include "syscalls/both_ends.bpf.h"
#endif
#if ROWS
#include "lib/rows.bpf.h"
#endif

/*
 * Adding needs no lock: the kernel never runs a tracepoint's program twice at a time on one CPU (it
 * counts what it skips for that, and the tool reports it), and no interrupt makes system calls.
 * @duration_ns: 0: not known
 */
#if ROWS
static inline void count(int slot, int error, u64 duration_ns)
{
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
	if (LATENCY && duration_ns)
		row_time(to, duration_ns);
}
#else
/* By call; the counters only grow. */
BPF_PERCPU_ARRAY(counts, struct syscall_count, SYSCALL_SLOTS);

static inline void count(int slot, int error, u64 duration_ns)
{
	struct syscall_count *c = counts.lookup(&slot);

	if (c) {
		c->calls++;
		c->errors += error != 0;
	}
}
#endif

#if COUNT_EXIT_ENTRIES
/* Return: whether the call that begins ends its thread and has been counted. */
static inline int count_exit(s64 number)
{
	int slot = slot_of_exit(number);

	if (slot >= 0)
		count(slot, 0, 0);
	return slot >= 0;
}
#else
#define count_exit(number) 0
#endif

#if LATENCY
static inline int entered(void *ctx, s64 number, const u64 *args)
{
	int slot;

	if (count_exit(number))
		return 0;
	slot = slot_to_remember(number);
	if (slot >= 0)
		started_begin(slot);
	return 0;
}
#elif COUNT_EXIT_ENTRIES
static inline int entered(void *ctx, s64 number, const u64 *args)
{
	count_exit(number);
	return 0;
}
#endif

#if LATENCY
static inline void executes(u32 old_tid, const char *filename)
{
	started_move(old_tid);
}

/* Return: how long the call lasted; 0: not known. */
static inline u64 duration_of(call_start *start)
{
	u64 began = started_end(start);

	return began ? duration_since(began) : 0;
}
#endif

static inline void finish(int slot, s64 result, u64 duration_ns)
{
	int error = error_of(result);

	if (SUCCESS_COUNTS || result_is_wanted(error))
		count(slot, error, duration_ns);
}

#if LATENCY
static inline int returned(void *ctx, struct syscall_regs *regs, s64 number, s64 result)
{
	call_start *start;
	u64 duration_ns;
	int slot = slot_to_end(regs, number, result, &start);

	if (slot < 0)
		return 0;
	duration_ns = duration_of(start);
	if (!is_wanted_at_end(slot))
		return 0;
	if (is_new_thread(slot, result, start))
		return 0;
	if (HOLD_COMMAND && still_held(slot))
		return 0;
	finish(slot, result, duration_ns);
	return 0;
}
#else
/* The slot is needed before the filter is asked. */
#define SLOT_FIRST (SELECT || HOLD_COMMAND)

/* What decides for most calls comes first. */
static inline int returned(void *ctx, struct syscall_regs *regs, s64 number, s64 result)
{
	int slot;

	if (SELECT && is_unselected_number(number))
		return 0;
	if (SLOT_FIRST)
		slot = slot_returned(regs, number, result);
	if (HOLD_COMMAND)
		hold_ends(slot);
	if (SELECT && !is_selected(slot))
		return 0;
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	if (!SLOT_FIRST)
		slot = slot_returned(regs, number, result);
	if (result == 0 && is_child_of(slot))
		return 0;
	if (HOLD_COMMAND && still_held(slot))
		return 0;
	finish(slot, result, 0);
	return 0;
}
#endif

#if COUNT_EXITS
static inline void count_end(struct task_struct *task)
{
	int slot = slot_of_end(task);

	if (LATENCY)
		slot = started_slot(started_get(), slot);
	if (!is_exit(slot))
		return;
	if (SELECT && !is_selected(slot))
		return;
	if (!FILTERS_TASKS || filter_passes())
		count(slot, 0, 0);
}
#endif

static inline int ends(void *ctx, struct task_struct *task)
{
	if (COUNT_EXITS && SUCCESS_COUNTS)
		count_end(task);
	if (LATENCY)
		started_forget();
	return 0;
}

#include "syscalls/hooks.bpf.h"
