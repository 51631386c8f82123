/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens by the classic tracepoints raw_syscalls:sys_exit and sys_enter, which every system call
 * passes. Their records have number and result.
 *
 * Contract: seen.bpf.h supplies returned() and entered(), the tool the layout of the records.
 */

/* Every call returns here; only those that open count. */
int tracepoint__sys_exit(struct sys_exit *ctx)
{
	s32 number = READ_RECORD(ctx, id);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	return slot < 0 ? 0 : returned(ctx, current_regs(), slot, READ_RECORD(ctx, ret));
}

/* Every call begins here; only those that open count. */
int tracepoint__sys_enter(struct sys_enter *ctx)
{
	s32 number = READ_RECORD(ctx, id);
	int slot;

	if (!may_open(number))
		return 0;
	slot = open_slot(number);
	if (NEED_GIVEN && slot >= 0)
		given_begin(slot, current_regs());
	return slot < 0 ? 0 : entered(slot);
}
