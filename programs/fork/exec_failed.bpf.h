/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that could not be executed. At the return of an exec that failed the registers still
 * hold its arguments. Path and arguments are read one by one, from memory that another thread can
 * have changed. An exec can also fail when that memory is gone already; then the kernel ends the
 * task.
 *
 * Contract: exec.bpf.h supplies the buffers, the tool the numbers of the calls in each ABI.
 */
#include "lib/syscall.bpf.h"

#define FAILED_ARGS 32

/* 1: the file of an exec is known that fails when the old program's memory is gone. */
#ifndef LATE_NAMES
#define LATE_NAMES 0
#endif

static inline u64 user_pointer(u64 array, u32 i, int compat)
{
	u64 pointer = 0;
	u32 narrow = 0;

	if (!compat) {
		bpf_probe_read_user(&pointer, sizeof(pointer), (void *)(array + i * 8));
		return pointer;
	}
	bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(array + i * 4));
	return narrow;
}

/* Append the arguments behind the path. Return: their size; *@whole: were they all? */
static inline u64 read_arguments(struct exec_buffer *buffer, u64 path, u64 array, int compat,
				 int *whole)
{
	u64 at = path;

	for (u32 i = 0; i < FAILED_ARGS; i++) {
		u64 pointer = user_pointer(array, i, compat);
		s64 n;

		if (!pointer) {
			*whole = 1;
			break;
		}
		HIDE_FROM_CLANG(at);
		if (at >= FORK_PATH + ARGS_MAX)
			break;
		n = bpf_probe_read_user_str(buffer->data + at, ARG_LONGEST, (void *)pointer);
		if (n < 0)
			break;
		n = string_size(n);
		at += n;
		if (n == ARG_LONGEST)
			break;
	}
	return at - path;
}

#if LATE_NAMES
/* The name of the file that was to be executed, without directories. Return: its size */
static inline s64 read_file_name(struct exec_buffer *buffer)
{
	struct mm_struct *mm = READ_CURRENT(CURRENT_TASK(), mm);
	struct dentry *dentry = READ_COPY(READ_COPY(mm, exe_file), dentry);

	return bpf_probe_read_kernel_str(buffer->data, FORK_PATH, READ_COPY(dentry, name));
}
#else
#define read_file_name(buffer) 0
#endif

static inline void fill_failed_head(struct fork_head *head)
{
	head->time_ns = bpf_ktime_get_ns();
	head->type = FORK_EXEC;
	head->host_pid = bpf_get_current_pid_tgid() >> 32;
	head->host_tid = bpf_get_current_pid_tgid();
	head->host_ppid = READ_CURRENT(READ_CURRENT(CURRENT_TASK(), real_parent), tgid);
	head->pid = current_ids() >> 32;
	head->tid = current_ids();
	head->ppid = head->host_ppid;
	if (PIDNS)
		head->ppid = current_ppid();
	head->uid = bpf_get_current_uid_gid();
	head->euid = current_euid();
	bpf_get_current_comm(head->comm, FORK_COMM);
}

static inline void submit_failed(void *ctx, u64 path_pointer, u64 args_pointer, s32 ret, int compat)
{
	int first = 0, whole = 0, is_gone = is_memory_gone();
	struct exec_buffer *buffer = exec_buffers.lookup(&first);
	u64 path, size;
	s64 n;

	if (!buffer)
		return;
	fill_failed_head(&buffer->event.head);
	bpf_get_current_comm(buffer->event.old_comm, FORK_COMM);
	if (is_gone) {
		args_pointer = 0;
		fill_old_comm(&buffer->event);
		n = read_file_name(buffer);
	} else {
		n = string_size(
			bpf_probe_read_user_str(buffer->data, FORK_PATH, (void *)path_pointer));
	}
	path = n < 0 ? 0 : n;
	CLAMP_FOR_VERIFIER(path, FORK_PATH);
	size = read_arguments(buffer, path, args_pointer, compat, &whole);
	buffer->event.path_size = path;
	buffer->event.args_read = size;
	buffer->event.args_size = whole && !is_gone ? size : size + 1;
	buffer->event.ret = ret;
	size += path;
	CLAMP_FOR_VERIFIER(size, FORK_PATH + ARGS_MAX + ARG_LONGEST);
	submit(ctx, buffer, sizeof(buffer->event) + size, FORK_EXEC);
}

static inline int is_exec_of(s32 number, int compat)
{
	return compat ? number == EXECVE_COMPAT || number == EXECVEAT_COMPAT
		      : number == EXECVE || number == EXECVEAT;
}

/* Every call returns here; an execve that failed is sent. */
int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct syscall_regs *regs = SYSCALL_REGS(ctx->args[0]);
	s64 ret = ctx->args[1];
	int compat, is_exec;
	s32 number;

	if (ret >= 0)
		return 0;
	number = CALL_NUMBER(regs);
	compat = is_compat();
	/* Where the number stays that of the old program, which is gone, see arch.h. */
	if (EXEC_KEEPS_NUMBER && COMPAT && is_exec_of(number, !compat) && is_memory_gone())
		compat = !compat;
	is_exec = is_exec_of(number, compat);
	if (!is_exec)
		return 0;
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	if (!compat && number == EXECVE)
		submit_failed(ctx, READ(regs, arg1), READ(regs, arg2), ret, 0);
	else if (!compat)
		submit_failed(ctx, READ(regs, arg2), READ(regs, arg3), ret, 0);
	else if (number == EXECVE_COMPAT)
		submit_failed(ctx, READ(regs, compat1), READ(regs, compat2), ret, 1);
	else
		submit_failed(ctx, READ(regs, compat2), READ(regs, compat3), ret, 1);
	return 0;
}
