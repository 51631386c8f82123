/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ids of tasks, as the tool's PID namespace knows them, and the user whose rights they have.
 *
 * The kernel's own ids are those of the initial namespace. When the tool runs in another one, PIDNS
 * is its inode number, and a task that cannot be seen from there has id 0. A task has a struct pid
 * for the thread, its signal_struct has one for the process; a struct pid has a number for each
 * namespace from the initial one down.
 */
#include "lib/read.bpf.h"

#ifndef PIDNS
#define PIDNS 0
#endif

#define CLONE_PARENT_ 0x00008000 /* of <linux/sched.h> */
#define CLONE_THREAD_ 0x00010000

#if PIDNS
enum {
	PIDNS_DEPTH = 32, /* the kernel's MAX_PID_NS_LEVEL */
	PIDTYPE_TGID_ = 1,
};

struct upid {
	u32 number;
	struct pid_namespace *ns;
};

static inline u32 pid_number(struct pid *pid)
{
	u32 level = READ_COPY(pid, level);

	for (u32 i = 0; i < PIDNS_DEPTH; i++) {
		/* As numbers: of pointers clang walks two, and spends more instructions. */
		u64 at = (u64)ADDRESS(pid, numbers) + i * sizeof(struct upid);
		struct upid *upid = (struct upid *)at;

		if (i > level)
			break;
		if (READ_COPY(READ_COPY(upid, ns), inum) == PIDNS)
			return READ_COPY(upid, number);
	}
	return 0;
}

static inline u32 task_tid(struct task_struct *task)
{
	return pid_number(READ_COPY(task, thread_pid));
}

static inline u32 task_tgid(struct task_struct *task)
{
	return pid_number(READ_COPY(READ_COPY(task, signal), pids[PIDTYPE_TGID_]));
}

/* As bpf_get_current_pid_tgid(): the process in the high half, the thread in the low one. */
static inline u64 current_ids(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return (u64)task_tgid(task) << 32 | task_tid(task);
}

static inline u32 current_ppid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return task_tgid(READ_COPY(task, real_parent));
}
#else
#define task_tid(task) READ(task, pid)
#define task_tgid(task) READ(task, tgid)
#define current_ids() bpf_get_current_pid_tgid()

static inline u32 current_ppid(void)
{
	return READ_CURRENT(READ_CURRENT(CURRENT_TASK(), real_parent), tgid);
}
#endif

/* A task always has credentials, but the verifier of some kernels does not know that. */
static inline u32 effective_user(struct cred *cred)
{
	return cred ? READ_CURRENT(cred, euid) : 0;
}

static inline u32 current_euid(void)
{
	return effective_user(READ_CURRENT(CURRENT_TASK(), cred));
}

/*
 * For an exec that fails: is the old program's memory gone? The new one's has no arguments until
 * nothing can fail any more. What is in it now may be made to look like a path and arguments.
 */
static inline int is_memory_gone(void)
{
	struct mm_struct *mm = READ_CURRENT(CURRENT_TASK(), mm);

	return !READ_CURRENT(mm, arg_end);
}
