/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens by the calls' own classic tracepoints, syscalls:sys_exit_openat and the like. One function
 * serves all calls, since their records are alike. 32-bit calls do not pass these tracepoints.
 *
 * Contract: seen.bpf.h supplies returned() and entered(), the tool the layout of the records.
 */

/* A call that opens returns. */
int tracepoint__exit_open(struct open_record *ctx)
{
	return returned(ctx, current_regs(), READ_RECORD(ctx, syscall_nr), READ_RECORD(ctx, ret));
}

/* A call that opens begins. */
int tracepoint__enter_open(struct open_record *ctx)
{
	if (NEED_GIVEN)
		given_begin(READ_RECORD(ctx, syscall_nr), current_regs());
	return entered(READ_RECORD(ctx, syscall_nr));
}
