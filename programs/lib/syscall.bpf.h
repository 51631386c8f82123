/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which system call is it, and is it one that counts?
 *
 * One hook sees all calls as they return: sys_exit, with the number and the result. Two calls never return,
 * exit and exit_group; they are seen at sched_process_exit instead, where the registers of the dying task still
 * hold the number of the call it died in. A task killed by a signal has another number there, or none.
 *
 *   SELECT            only calls in the map `selected`
 */
#include "lib/filter.bpf.h"
#include "lib/result.bpf.h"
#include "lib/syscalls.h"
#include "lib/task.bpf.h"

#define ENOSYS_ 38
#define X32_BIT 0x40000000

#ifdef HOOK_TRACEPOINT
/* The classic tracepoint: number and result at the offsets its format file gives. */
struct sys_exit_args {
	char before_id[SYS_EXIT_ID];
	s64 id;
	s64 ret;
};
_Static_assert(SYS_EXIT_RET == SYS_EXIT_ID + 8, "the layout assumed above");
#endif

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
		return current_abi(0) * ABI_CALLS + SYSCALL_NONE;
	if (number < 0)
		return SYSCALL_OTHER;
	abi = current_abi(number);
	number &= ~X32_BIT;
	if (number >= SYSCALL_OTHER)
		number = SYSCALL_OTHER;
	return abi * ABI_CALLS + number;
}

/* At its entry rt_sigreturn has its number, so that -1 is none. */
static inline int slot_entered(s64 number)
{
	return number == -1 ? SYSCALL_OTHER : slot_of(number);
}

static inline int slot_returned(s64 number, s64 result)
{
	int slot = slot_of(number);

	/* A call numbered -1 that does not exist, rather than rt_sigreturn. */
	return number == -1 && result == -ENOSYS_ ? SYSCALL_OTHER : slot;
}

#ifdef SELECT
BPF_ARRAY(selected, struct syscall_bits, 1);
#endif

/* Is the call with this number in the set for no ABI? Numbers without a slot of their own are not told here. */
static inline int is_unselected_number(u32 number)
{
#ifdef SELECT
	int first = 0;
	struct syscall_bits *set = selected.lookup(&first);
	u32 word = number / 64;

	/* A bound the compiler sees as well it would take for granted, and leave the verifier without. */
	asm volatile("" : "+r"(word));
	return number < SYSCALL_OTHER && set && !(set->numbers[word % SYSCALL_NUMBER_WORDS] >> number % 64 & 1);
#else
	return 0;
#endif
}

static inline int is_selected(u32 slot)
{
#ifdef SELECT
	int first = 0;
	struct syscall_bits *set = selected.lookup(&first);
	u32 word = slot / 64;

	/* As above: where only two calls can be meant, clang 19 leaves it out. */
	asm volatile("" : "+r"(word));
	return set && (set->bits[word % SYSCALL_WORDS] >> slot % 64 & 1);
#else
	return 1;
#endif
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

static inline int is_execve(int slot)
{
	switch (slot) {
	EXECVE_SLOTS
		return 1;
	default:
		return 0;
	}
}

/*
 * What a command's process does to wait until it is let go is not the command's: that begins with its execve.
 * Whether that call counts is another question, so this one is asked before any filter.
 */
static inline void hold_ends(int slot)
{
#ifdef HOLD_COMMAND
	struct follow *follow = is_execve(slot) ? follow_has(current_ids() >> 32) : 0;

	if (follow && follow->state == FOLLOW_HELD)
		follow->state = FOLLOW_LIVE;
#endif
}

static inline int still_held(int slot)
{
#ifdef HOLD_COMMAND
	struct follow *follow = is_execve(slot) ? 0 : follow_has(current_ids() >> 32);

	return follow && follow->state == FOLLOW_HELD;
#else
	return 0;
#endif
}

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

/* The call that a task which is ending made to end: its slot, or -1 when it was killed. */
static inline int slot_of_end(u64 task)
{
	s64 number = entry_number(task);

	switch (current_abi(number)) {
	case ABI_COMPAT:
		switch (number) {
		EXIT_CALLS_COMPAT
			return slot_of(number);
		}
		break;
	default:
		switch (number & ~X32_BIT) {
		EXIT_CALLS
			return slot_of(number);
		}
	}
	return -1;
}
#endif
