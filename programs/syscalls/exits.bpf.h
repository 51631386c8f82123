/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which calls count, and which call a thread ended in.
 *
 * sys_exit sees all calls as they return, with number and result. exit and exit_group never return:
 * they are seen at sched_process_exit, where the registers of the dying task still hold the number.
 * A task that a signal killed has another number there, or none.
 */
#include "lib/filter.bpf.h"
#include "lib/result.bpf.h"
#include "lib/syscall.bpf.h"
#include "lib/verifier.bpf.h"

/* 1: only calls in the map `selected`. */
#ifndef SELECT
#define SELECT 0
#endif
/* 1: one of them is a call in which the number can change, see is_maker(). */
#ifndef SELECT_MAKERS
#define SELECT_MAKERS 0
#endif
/* 1: tracing is of a command, whose process waits until it may execute the program. */
#ifndef HOLD_COMMAND
#define HOLD_COMMAND 0
#endif
/* 1: the registers of a task that ends can be found. */
#ifndef COUNT_EXITS
#define COUNT_EXITS 0
#endif
/* 1: they cannot, so exit and exit_group count as they begin. */
#ifndef COUNT_EXIT_ENTRIES
#define COUNT_EXIT_ENTRIES 0
#endif
#ifndef HAVE_TASK_PT_REGS
#define HAVE_TASK_PT_REGS 0
#endif

#define ENOSYS_ 38

/* rt_sigreturn leaves -1 where the number was, and returns what the interrupted code had there. */
static inline int slot_of(s64 number)
{
	int abi;

	if (number == -1)
		return current_abi(0) * ABI_CALLS + SYSCALL_NONE;
	if (number < 0)
		return SYSCALL_OTHER;
	abi = current_abi(number);
	number &= ~X32_BIT;
	if (PRIVATE_CALLS && abi == ABI_COMPAT && number - PRIVATE_CALLS < PRIVATE_CALLS_COUNT &&
	    number >= PRIVATE_CALLS)
		number -= PRIVATE_CALLS - PRIVATE_SLOT;
	if (number >= SYSCALL_OTHER)
		number = SYSCALL_OTHER;
	return abi * ABI_CALLS + number;
}

/* At its entry rt_sigreturn has its number, so -1 is no call there. */
static inline int slot_entered(s64 number)
{
	return number == -1 ? SYSCALL_OTHER : slot_of(number);
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

#if EXEC_KEEPS_NUMBER && COMPAT
/*
 * Has an execve just replaced a program of the other ABI? The number is still that by which the old
 * program called, but means another call to the new one. All registers are 0 then, and with such
 * arguments none of these calls returns 0: fremovexattr, fcntl64, socket.
 */
static inline int has_replaced(struct syscall_regs *regs, s64 result)
{
	if (result < 0)
		return is_memory_gone();
	return result == 0 && regs && !READ(regs, arg1) && !READ(regs, arg2) && !READ(regs, arg3);
}
#endif

static inline int crosses_abis(struct syscall_regs *regs, int slot, s64 result)
{
#if EXEC_KEEPS_NUMBER && COMPAT
	return !is_execve(slot) && is_execve(slot ^ ABI_CALLS) && has_replaced(regs, result);
#else
	return 0;
#endif
}

static inline int slot_returned(struct syscall_regs *regs, s64 number, s64 result)
{
	int slot = slot_of(number);

	if (crosses_abis(regs, slot, result))
		return slot ^ ABI_CALLS;
	/* A call numbered -1 that does not exist, rather than rt_sigreturn. */
	return number == -1 && result == -ENOSYS_ ? SYSCALL_OTHER : slot;
}

#if SELECT
/* The calls of -e; the tool fills it. */
BPF_ARRAY(selected, struct syscall_bits, 1);

/* Is the call with this number selected in no ABI? Numbers without a slot are not told here. */
static inline int is_unselected_number(u32 number)
{
	int first = 0;
	struct syscall_bits *set = selected.lookup(&first);
	u32 word = number / 64;

	/* clang knows that `word` is small enough, and would leave out the mask. */
	HIDE_FROM_CLANG(word);
	return number < SYSCALL_OTHER && set &&
	       !(set->numbers[word % SYSCALL_NUMBER_WORDS] >> number % 64 & 1);
}

static inline int is_selected(u32 slot)
{
	int first = 0;
	struct syscall_bits *set = selected.lookup(&first);
	u32 word = slot / 64;

	/* As above: clang 19 leaves the mask out where only two calls can be meant. */
	HIDE_FROM_CLANG(word);
	return set && (set->bits[word % SYSCALL_WORDS] >> slot % 64 & 1);
}
#endif

/* fork and its kin return twice: with 0 in the child, which has not made the call. */
static inline int is_child_of(int slot)
{
	switch (slot) {
		FORK_SLOTS
		return 1;
	default:
		return 0;
	}
}

static inline int is_sigreturn(int slot)
{
	switch (slot) {
		SIGRETURN_SLOTS
		return 1;
	default:
		return 0;
	}
}

/*
 * Calls that make a process, a thread or a program. In these a process stops for who traces it with
 * ptrace(2), who may then give the call another number.
 */
static inline int is_maker(int slot)
{
	return is_child_of(slot) || is_execve(slot);
}

#if HOLD_COMMAND
/*
 * What a command's process does until it is let go is not the command's, which begins with its
 * execve. Whether that call counts is another question, so this one comes before any filter.
 */
static inline void hold_ends(int slot)
{
	struct follow *follow = is_execve(slot) ? follow_has(current_ids() >> 32) : 0;

	if (follow && follow->state == FOLLOW_HELD)
		follow->state = FOLLOW_LIVE;
}

static inline int still_held(int slot)
{
	struct follow *follow = is_execve(slot) ? 0 : follow_has(current_ids() >> 32);

	return follow && follow->state == FOLLOW_HELD;
}
#endif

#if COUNT_EXITS
/* The number that a task entered the kernel with; its registers are at the top of its stack. */
#if HAVE_TASK_PT_REGS
static inline s64 entry_number(struct task_struct *task)
{
	return CALL_NUMBER(SYSCALL_REGS(bpf_task_pt_regs(task)));
}
#else
static inline s64 entry_number(struct task_struct *task)
{
	return READ_COPY(SYSCALL_REGS(READ(task, stack) + STACK_REGS), number);
}
#endif

/* The call that a task which is ending made: one to end, unless it was killed. */
static inline int slot_of_end(struct task_struct *task)
{
	return slot_of(entry_number(task));
}
#endif

#if COUNT_EXITS || COUNT_EXIT_ENTRIES
static inline int is_exit(int slot)
{
	switch (slot) {
		EXIT_SLOTS
		return 1;
	default:
		return 0;
	}
}
#endif

#if COUNT_EXIT_ENTRIES
/* Can it be one in any ABI? Most calls are not, and the ABI takes longer to learn. */
static inline int may_exit(s64 number)
{
	number &= ~X32_BIT;
	return is_exit(number) || is_exit(ABI_COMPAT * ABI_CALLS + number);
}

/* The slot of a call that begins, ends its thread, and counts; -1: it is another one. */
static inline int slot_of_exit(s64 number)
{
	int slot;

	if (!SUCCESS_COUNTS || !may_exit(number))
		return -1;
	slot = slot_entered(number);
	if (!is_exit(slot))
		return -1;
	if (SELECT && !is_selected(slot))
		return -1;
	if (FILTERS_TASKS && !filter_passes())
		return -1;
	if (HOLD_COMMAND && still_held(slot))
		return -1;
	return slot;
}
#endif
