/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens by the raw tracepoints sys_exit and sys_enter, which every system call passes. The number
 * tells which of them open.
 *
 * Contract: seen.bpf.h supplies returned() and entered(). The verifier knows the registers' type.
 */

/* Every call returns here; only those that open count. */
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct syscall_regs *regs = SYSCALL_REGS(ctx->args[0]);
	s32 number = CALL_NUMBER(regs);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : returned(ctx, regs, slot, ctx->args[1]);
}

/* Every call begins here; only those that open count. */
int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	s32 number = CALL_NUMBER(SYSCALL_REGS(ctx->args[0]));
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	if (NEED_GIVEN && slot >= 0)
		given_begin(slot, SYSCALL_REGS(ctx->args[0]));
	return slot < 0 ? 0 : entered(slot);
}
