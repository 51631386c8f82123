/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hooks at which system calls are seen, raw tracepoints or classic ones. A raw tracepoint has
 * the registers; a classic one has number and arguments in its record.
 *
 * Contract: the program supplies
 *   returned(ctx, regs, number, result)  a call returns; @regs is 0 where they cannot be found
 * with SEES_ENTRIES also
 *   entered(ctx, number, args)       a call begins; SEES_ARGUMENTS: with its arguments
 * with SEES_EXECS
 *   executes(old_tid, filename)      a program is executed; SEES_ARGUMENTS: with its path
 * and with HOOK_EXITS
 *   ends(ctx, task)                  a thread ends; @task is 0 without COUNT_EXITS
 */
#include "syscalls/calls.h"

/* 1: the classic tracepoints. */
#ifndef HOOK_TRACEPOINT
#define HOOK_TRACEPOINT 0
#endif
/* 1: executions are seen by the classic tracepoint. */
#ifndef EXEC_TRACEPOINT
#define EXEC_TRACEPOINT 0
#endif
/* 1: the end of threads is seen; by the classic tracepoint, where the raw one can miss some. */
#ifndef HOOK_EXITS
#define HOOK_EXITS 0
#endif
#ifndef EXIT_TRACEPOINT
#define EXIT_TRACEPOINT 0
#endif

/* 1: the registers of a call that returns can be found, and its arguments are known to be there. */
#ifndef ARGS_AT_RETURN
#define ARGS_AT_RETURN 0
#endif

#if HOOK_TRACEPOINT
/* Every call returns here. */
int tracepoint__sys_exit(struct sys_exit *ctx)
{
	struct syscall_regs *regs = 0;

	if (ARGS_AT_RETURN || (EXEC_KEEPS_NUMBER && COMPAT && HAVE_TASK_PT_REGS))
		regs = SYSCALL_REGS(bpf_task_pt_regs(CURRENT_TASK()));
	return returned(ctx, regs, READ_RECORD(ctx, id), READ_RECORD(ctx, ret));
}
#else
/* Every call returns here. */
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct syscall_regs *regs = SYSCALL_REGS(ctx->args[0]);

	return returned(ctx, regs, CALL_NUMBER(regs), ctx->args[1]);
}
#endif

#if SEES_ENTRIES && HOOK_TRACEPOINT
/* Every call begins here. */
int tracepoint__sys_enter(struct sys_enter *ctx)
{
	u64 args[CALL_ARGS];

#if SEES_ARGUMENTS
#pragma unroll
	for (int i = 0; i < CALL_ARGS; i++)
		args[i] = READ_RECORD(ctx, args[i]);
#endif
	return entered(ctx, READ_RECORD(ctx, id), args);
}
#elif SEES_ENTRIES
/* Every call begins here. */
int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	struct syscall_regs *regs = SYSCALL_REGS(ctx->args[0]);
	u64 args[CALL_ARGS];

	if (SEES_ARGUMENTS)
		read_registers(regs, args);
	return entered(ctx, CALL_NUMBER(regs), args);
}
#endif

#if SEES_EXECS && EXEC_TRACEPOINT
/* The file name lies in the record; the low half of `filename` is its offset. */
int tracepoint__sched_process_exec(struct sched_process_exec *ctx)
{
	const char *filename = 0;

	if (SEES_ARGUMENTS)
		filename = (const char *)ctx + (READ_RECORD(ctx, filename) & 0xffff);
	executes(READ_RECORD(ctx, old_pid), filename);
	return 0;
}
#elif SEES_EXECS
/* A program has been executed; its thread can have another id now. */
int raw_tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	const char *filename = 0;

	if (SEES_ARGUMENTS)
		filename = READ((struct linux_binprm *)ctx->args[2], filename);
	executes(ctx->args[1], filename);
	return 0;
}
#endif

#if HOOK_EXITS && EXIT_TRACEPOINT
/* A thread ends: calls like exit_group never return, and are counted here. */
int tracepoint__sched_process_exit(void *ctx)
{
	struct task_struct *task = 0;

	if (COUNT_EXITS)
		task = CURRENT_TASK();
	return ends(ctx, task);
}
#elif HOOK_EXITS
/* A thread ends: calls like exit_group never return, and are counted here. */
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return ends(ctx, (struct task_struct *)ctx->args[0]);
}
#endif
