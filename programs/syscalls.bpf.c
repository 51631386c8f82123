/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count every system call and how many fail.
 *
 * One hook sees all calls as they return: sys_exit, with the number and the result. Two calls never
 * return, exit and exit_group; they are seen at sched_process_exit instead, where the registers of the
 * dying task still hold the number of the call it died in. A task killed by a signal has another number
 * there, or none.
 *
 * The table is a per-CPU array: a CPU only ever adds to its own copy, so there is no lock, no contended
 * cache line and no insertion that could fail. It only grows; the tool takes differences.
 */
#include "filter.bpf.h"
#include "syscalls.h"
#include "task.bpf.h"

BPF_PERCPU_ARRAY(counts, struct syscall_count, SYSCALL_SLOTS);

#define MAX_ERRNO 4095
#define ENOSYS_ 38
#define X32_BIT 0x40000000

static inline int current_abi(u64 number)
{
#ifdef TASK_COMPAT_STATUS
	if (CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT)
		return ABI_COMPAT;
#endif
#ifdef __x86_64__
	if (number & X32_BIT)
		return ABI_X32;
#endif
	return ABI_NATIVE;
}

/* rt_sigreturn leaves -1 where the number was, and what it returns is whatever the interrupted code had there. */
static inline int slot_of(s64 number)
{
	int abi;

	if (number == -1)
		return SYSCALL_NONE;
	if (number < 0)
		return SYSCALL_OTHER;
	abi = current_abi(number);
	number &= ~X32_BIT;
	if (number >= SYSCALL_OTHER)
		number = SYSCALL_OTHER;
	return abi * ABI_CALLS + number;
}

/*
 * The addition needs no lock: the kernel never runs a tracepoint's program twice at a time on one CPU (what
 * it skips for that reason is reported), and no interrupt makes system calls.
 */
static inline void count(int slot, int failed)
{
	struct syscall_count *c = counts.lookup(&slot);

	if (c) {
		c->calls++;
		c->errors += failed;
	}
}

/* fork and its kin return twice, and 0 only in the child, which has not made the call. */
static inline int is_child_of(int slot)
{
	switch (slot) {
	FORK_SLOTS
		return 1;
	default:
		return 0;
	}
}

/* What a command's process does to wait until it is let go is not the command's: that begins with its execve. */
static inline int still_held(int slot)
{
#ifdef HOLD_COMMAND
	struct follow *follow = follow_has(current_ids() >> 32);

	if (!follow || follow->state != FOLLOW_HELD)
		return 0;
	switch (slot) {
	EXECVE_SLOTS
		follow->state = FOLLOW_LIVE;
		return 0;
	default:
		return 1;
	}
#else
	return 0;
#endif
}

static inline int returned(s64 number, s64 result)
{
	int slot;

	if (!filter_passes())
		return 0;
	slot = slot_of(number);
	/* A call numbered -1 that does not exist, rather than rt_sigreturn. */
	if (slot == SYSCALL_NONE && result == -ENOSYS_)
		slot = SYSCALL_OTHER;
	if ((result == 0 && is_child_of(slot)) || still_held(slot))
		return 0;
	count(slot, (u64)result >= (u64)-MAX_ERRNO);
	return 0;
}

#ifdef HOOK_TRACEPOINT
/* The classic tracepoint: number and result at the offsets its format file gives. */
struct sys_exit_args {
	char before_id[SYS_EXIT_ID];
	s64 id;
	s64 ret;
};
_Static_assert(SYS_EXIT_RET == SYS_EXIT_ID + 8, "the layout assumed above");

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

#ifdef COUNT_EXITS
/* The registers a task entered the kernel with lie at the very top of its kernel stack. */
static inline s64 entry_number(u64 task)
{
#ifdef HAVE_TASK_PT_REGS
	return CALL_NUMBER(bpf_task_pt_regs((void *)task));
#else
	u64 stack = LOAD_U64(task, TASK_STACK);

	return PROBE_READ_(s32, stack, STACK_REGS + REGS_SYSCALL);
#endif
}

static inline int ends(u64 task)
{
	s64 number = entry_number(task);

	switch (current_abi(number)) {
	case ABI_COMPAT:
		switch (number) {
		EXIT_CALLS_COMPAT
			break;
		default:
			return 0;
		}
		break;
	default:
		switch (number & ~X32_BIT) {
		EXIT_CALLS
			break;
		default:
			return 0;
		}
	}
	if (filter_passes())
		count(slot_of(number), 0);
	return 0;
}

#ifdef EXIT_TRACEPOINT
int tracepoint__sched_process_exit(void *ctx)
{
	return ends(CURRENT_TASK());
}
#else
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return ends(ctx->args[0]);
}
#endif
#endif
