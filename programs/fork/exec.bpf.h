/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that are executed, with the arguments that are in the new program's memory.
 *
 * They are read once, at sched_process_exec: complete, whichever call and thread it was.
 *
 * Contract: fork.bpf.c supplies fill_head() and submit().
 */

/* 1: also send execs that fail, see exec_failed.bpf.h. */
#ifndef EXEC_FAILED
#define EXEC_FAILED 0
#endif
/* 1: the path is read behind the environment in the new program's memory, where its copy is. */
#ifndef PATH_BEHIND_ENVIRONMENT
#define PATH_BEHIND_ENVIRONMENT 0
#endif
/* Bytes of an argument of such an exec. */
#define ARG_LONGEST 4096

/* The name before an exec, kept at the rename just before: sched_process_exec comes too late. */
struct old_name {
	u64 comm[FORK_COMM / sizeof(u64)];
};
/* By thread, from the rename to the end of its exec. */
BPF_TABLE("lru_hash", u32, struct old_name, old_names, NAMES_MAX);

static inline int renamed(u32 task_tid)
{
	struct old_name old = {};
	u32 tid = bpf_get_current_pid_tgid();

	/* Another task's name can be set through /proc. */
	if (task_tid != tid)
		return 0;
	bpf_get_current_comm(old.comm, sizeof(old.comm));
	old_names.update(&tid, &old);
	return 0;
}

#if BIRTH_TRACEPOINT
/* The name changes within an exec, before the exec is told: keep the old one. */
int tracepoint__task_rename(struct task_rename *ctx)
{
	return renamed(READ_RECORD(ctx, pid));
}
#else
/* The name changes within an exec, before the exec is told: keep the old one. */
int raw_tracepoint__task_rename(struct bpf_raw_tracepoint_args *ctx)
{
	return renamed(READ((struct task_struct *)ctx->args[0], pid));
}
#endif

/* The event of an exec is larger than a program's stack: one for each CPU, in a map. */
struct exec_buffer {
	struct fork_exec event;
	char data[FORK_PATH + ARGS_MAX];
#if EXEC_FAILED
	char last_argument[ARG_LONGEST]; /* of an exec that fails each is read on its own */
#endif
};
_Static_assert(sizeof(struct exec_buffer) <= 32768, "as an element of a per-CPU map can be");
/* The event that is being made; too large for a program's stack. */
BPF_PERCPU_ARRAY(exec_buffers, struct exec_buffer, 1);

static inline void fill_old_comm(struct fork_exec *event)
{
	struct old_name *old = old_names.lookup(&event->head.host_tid);
	struct old_name *copy = (struct old_name *)event->old_comm;

	copy->comm[0] = old ? old->comm[0] : 0;
	copy->comm[1] = old ? old->comm[1] : 0;
	old_names.delete(&event->head.host_tid);
}

#if PATH_BEHIND_ENVIRONMENT
#define EXEC_FILENAME(bprm) 0

static inline s64 read_path(struct exec_buffer *buffer, struct task_struct *task,
			    const char *filename)
{
	u64 path = READ(READ(task, mm), env_end);

	return bpf_probe_read_user_str(buffer->data, FORK_PATH, (void *)path);
}
#else
#define EXEC_FILENAME(bprm) READ((struct linux_binprm *)(bprm), filename)

static inline s64 read_path(struct exec_buffer *buffer, struct task_struct *task,
			    const char *filename)
{
	return bpf_probe_read_kernel_str(buffer->data, FORK_PATH, filename);
}
#endif

static inline int executes(void *ctx, struct task_struct *task, const char *filename)
{
	int first = 0;
	struct exec_buffer *buffer = exec_buffers.lookup(&first);
	struct mm_struct *mm;
	u64 path, start, size;

	if (FILTERS_TASKS && !filter_passes())
		return 0;
	if (!buffer)
		return 0;
	fill_head(&buffer->event.head, task, FORK_EXEC);
	fill_old_comm(&buffer->event);
	path = read_path(buffer, task, filename);
	if ((s64)path < 0)
		path = 0;
	CLAMP_FOR_VERIFIER(path, FORK_PATH);
	mm = READ(task, mm);
	start = READ(mm, arg_start);
	size = READ(mm, arg_end) - start;
	buffer->event.path_size = path;
	buffer->event.args_size = size;
	CLAMP_FOR_VERIFIER(size, ARGS_MAX);
	if (bpf_probe_read_user(buffer->data + path, size, (void *)start))
		size = 0;
	buffer->event.args_read = size;
	buffer->event.ret = 0;
	submit(ctx, buffer, sizeof(buffer->event) + path + size, FORK_EXEC);
	return 0;
}

#if BIRTH_TRACEPOINT
/* The file name lies in the record; the low half of `filename` is its offset. */
int tracepoint__sched_process_exec(struct sched_process_exec *ctx)
{
	return executes(ctx, CURRENT_TASK(), (void *)ctx + (READ_RECORD(ctx, filename) & 0xffff));
}
#else
/* A program has been executed: send its path and arguments. */
int raw_tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	return executes(ctx, (struct task_struct *)ctx->args[0], EXEC_FILENAME(ctx->args[2]));
}
#endif

#if EXEC_FAILED
#include "fork/exec_failed.bpf.h"
#endif
