/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that are executed, and with EXEC_FAILED those that could not be. A part of fork.bpf.c, whose fill_head() and
 * submit() it uses.
 */

/*
 * The name before an exec: it has changed by the time of sched_process_exec, so the rename that precedes
 * it leaves the old one here. Renames by prctl(2) do too; they are overwritten by the exec's own.
 */
struct old_name {
	u64 comm[FORK_COMM / sizeof(u64)];
};
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

#ifdef BIRTH_TRACEPOINT
int tracepoint__task_rename(void *ctx)
{
	return renamed(LOAD_U32(ctx, RENAME_PID));
}
#else
int raw_tracepoint__task_rename(struct bpf_raw_tracepoint_args *ctx)
{
	return renamed(LOAD_U32(ctx->args[0], TASK_PID));
}
#endif

/* Of an exec that fails each argument is read on its own, up to so much of it. */
#ifdef EXEC_FAILED
#define ARG_LONGEST 4096
#else
#define ARG_LONGEST 0
#endif

/* The event of an exec is larger than a program's stack: one per CPU, in a map. */
struct exec_buffer {
	struct fork_exec event;
	char data[FORK_PATH + ARGS_MAX + ARG_LONGEST];
};
_Static_assert(sizeof(struct exec_buffer) <= 32768, "as large as an element of a per-CPU map can be");
BPF_PERCPU_ARRAY(exec_buffers, struct exec_buffer, 1);

static inline void fill_old_comm(struct fork_exec *event)
{
	struct old_name *old = old_names.lookup(&event->head.host_tid), *copy = (struct old_name *)event->old_comm;

	copy->comm[0] = old ? old->comm[0] : 0;
	copy->comm[1] = old ? old->comm[1] : 0;
	old_names.delete(&event->head.host_tid);
}

static inline int executes(void *ctx, u64 task, u64 filename)
{
	u64 mm, start, size;
	struct exec_buffer *buffer;
	int zero = 0;
	u64 path;

	buffer = exec_buffers.lookup(&zero);
	if (!filter_passes() || !buffer)
		return 0;
	fill_head(&buffer->event.head, task, FORK_EXEC);
	fill_old_comm(&buffer->event);
	path = bpf_probe_read_kernel_str(buffer->data, FORK_PATH, (void *)filename);
	if ((s64)path < 0)
		path = 0;
	BOUND(path, FORK_PATH);
	mm = LOAD_U64(task, TASK_MM);
	start = LOAD_U64(mm, MM_ARG_START);
	size = LOAD_U64(mm, MM_ARG_END) - start;
	buffer->event.path_size = path;
	buffer->event.args_size = size;
	BOUND(size, ARGS_MAX);
	if (bpf_probe_read_user(buffer->data + path, size, (void *)start))
		size = 0;
	buffer->event.args_read = size;
	buffer->event.ret = 0;
	submit(ctx, buffer, sizeof(buffer->event) + path + size, EVENT_EXEC);
	return 0;
}

#ifdef BIRTH_TRACEPOINT
/* The file name lies in the record: offset in the low half of its locator. */
int tracepoint__sched_process_exec(void *ctx)
{
	return executes(ctx, CURRENT_TASK(), (u64)ctx + (LOAD_U32(ctx, EXEC_FILENAME) & 0xffff));
}
#else
int raw_tracepoint__sched_process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	u64 binprm = ctx->args[2];

	return executes(ctx, ctx->args[0], LOAD_U64(binprm, BINPRM_FILENAME));
}
#endif

#ifdef EXEC_FAILED
/*
 * An exec that failed: the registers still hold its arguments, and the memory they point to is as it was.
 * Path and arguments are read one by one.
 */
#define FAILED_ARGS 32

static inline u64 user_pointer(u64 array, u32 i, int compat)
{
	u64 pointer = 0;
	u32 narrow = 0;

	if (!compat) {
		bpf_probe_read_user(&pointer, sizeof(pointer), (void *)(array + i * sizeof(pointer)));
		return pointer;
	}
	bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(array + i * sizeof(narrow)));
	return narrow;
}

/* Append the arguments at @path. Return: their size; *@whole: were they all? */
static inline u64 read_arguments(struct exec_buffer *buffer, u64 path, u64 array, int compat, int *whole)
{
	u64 at = path;

	for (u32 i = 0; i < FAILED_ARGS; i++) {
		u64 pointer = user_pointer(array, i, compat);
		s64 n;

		if (!pointer) {
			*whole = 1;
			break;
		}
		asm volatile("" : "+r"(at));
		if (at >= FORK_PATH + ARGS_MAX)
			break;
		n = bpf_probe_read_user_str(buffer->data + at, ARG_LONGEST, (void *)pointer);
		if (n <= 0)
			break;
		at += n;
		if (n == ARG_LONGEST)
			break;
	}
	return at - path;
}

static inline void submit_failed(void *ctx, u64 path_pointer, u64 args_pointer, s32 ret, int compat)
{
	int zero = 0, whole = 0;
	struct exec_buffer *buffer = exec_buffers.lookup(&zero);
	u64 task = CURRENT_TASK(), path, size;

	if (!buffer)
		return;
	buffer->event.head.time_ns = bpf_ktime_get_ns();
	buffer->event.head.type = FORK_EXEC;
	buffer->event.head.host_pid = bpf_get_current_pid_tgid() >> 32;
	buffer->event.head.host_tid = bpf_get_current_pid_tgid();
	buffer->event.head.host_ppid = CURRENT_U32(CURRENT_U64(task, TASK_REAL_PARENT), TASK_TGID);
	buffer->event.head.pid = current_ids() >> 32;
	buffer->event.head.tid = current_ids();
#ifdef PIDNS
	buffer->event.head.ppid = task_tgid(PROBE_READ_(u64, bpf_get_current_task(), TASK_REAL_PARENT));
#else
	buffer->event.head.ppid = buffer->event.head.host_ppid;
#endif
	buffer->event.head.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(buffer->event.head.comm, FORK_COMM);
	bpf_get_current_comm(buffer->event.old_comm, FORK_COMM);
	path = bpf_probe_read_user_str(buffer->data, FORK_PATH, (void *)path_pointer);
	if ((s64)path < 0)
		path = 0;
	BOUND(path, FORK_PATH);
	size = read_arguments(buffer, path, args_pointer, compat, &whole);
	buffer->event.path_size = path;
	buffer->event.args_read = size;
	buffer->event.args_size = whole ? size : size + 1;
	buffer->event.ret = ret;
	size += path;
	BOUND(size, FORK_PATH + ARGS_MAX + ARG_LONGEST);
	submit(ctx, buffer, sizeof(buffer->event) + size, EVENT_EXEC);
}

int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 regs = ctx->args[0];
	s64 ret = ctx->args[1];
	s32 number;
	int compat = 0;

	if (ret >= 0)
		return 0;
	number = CALL_NUMBER(regs);
#ifdef TASK_COMPAT_STATUS
	compat = (CURRENT_U32(CURRENT_TASK(), TASK_COMPAT_STATUS) & TS_COMPAT) != 0;
#endif
	if (compat ? (number != EXECVE_COMPAT && number != EXECVEAT_COMPAT) : (number != EXECVE && number != EXECVEAT))
		return 0;
	if (!filter_passes())
		return 0;
	if (!compat && number == EXECVE)
		submit_failed(ctx, LOAD_U64(regs, REGS_ARG1), LOAD_U64(regs, REGS_ARG2), ret, 0);
	else if (!compat)
		submit_failed(ctx, LOAD_U64(regs, REGS_ARG2), LOAD_U64(regs, REGS_ARG3), ret, 0);
	else if (number == EXECVE_COMPAT)
		submit_failed(ctx, LOAD_U32(regs, REGS_COMPAT1), LOAD_U32(regs, REGS_COMPAT2), ret, 1);
	else
		submit_failed(ctx, LOAD_U32(regs, REGS_COMPAT2), LOAD_U32(regs, REGS_COMPAT3), ret, 1);
	return 0;
}
#endif
