/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens by kprobes on the calls' own functions: a kretprobe at the return, a kprobe at the entry.
 *
 * Contract: seen.bpf.h supplies returned() and entered(). A kretprobe has a bounded number of slots
 * for calls that have not returned; since 6.7 the kernel tells how many it missed, before a kprobe
 * counts entries (COUNT_ENTERED).
 */
#include <linux/ptrace.h>

/* A call that opens begins. */
int kprobe__open(struct pt_regs *ctx)
{
	struct syscall_regs *regs = 0;

	if (ENTRY_ONLY || NEED_GIVEN)
		regs = current_regs();
	if (NEED_GIVEN)
		given_begin(slot_of(regs), regs);
	return entered(slot_entered(regs));
}

/* A call that opens returns. */
int kretprobe__open(struct pt_regs *ctx)
{
	struct syscall_regs *regs = current_regs();

	return returned(ctx, regs, slot_of(regs), (s32)PT_REGS_RC(ctx));
}
