/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens by trampolines at the calls' own functions: fexit at the return, fentry at the entry. One
 * function serves all calls, since the registers have the call's number.
 *
 * Contract: seen.bpf.h supplies returned() and entered(). Since Linux 5.5, and only where the
 * kernel is not preemptible: a program that is preempted makes the kernel skip it for others on its
 * CPU.
 */

/* 1: the kernel's BTF can lack the type of the argument (open_by_handle_at of 5.10). */
#ifndef REGS_OF_TASK
#define REGS_OF_TASK 0
#endif

/* A call that opens returns. */
int fexit__open(u64 *ctx)
{
	struct syscall_regs *regs = SYSCALL_REGS(ctx[0]);

	if (REGS_OF_TASK)
		regs = current_regs();
	return returned(ctx, regs, slot_of(regs), ctx[1]);
}

/* A call that opens begins. */
int fentry__open(u64 *ctx)
{
#if NEED_GIVEN
	struct syscall_regs *regs = SYSCALL_REGS(ctx[0]);

	if (REGS_OF_TASK)
		regs = current_regs();
	given_begin(slot_of(regs), regs);
#endif
	return entered(slot_entered(SYSCALL_REGS(ctx[0])));
}
