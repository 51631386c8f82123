/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follow processes and every process they start.
 *
 * A child is entered when it is made, before it can run (task_newtask). It leaves when the kernel
 * frees it (sched_process_free), not when it exits: of two threads that end at once both must still
 * be seen. The id may be another process's by then, so the time at which a process began tells.
 *
 * Since 7.0 a raw tracepoint's program can be preempted, and the kernel then skips it for other
 * tasks of that CPU. A classic tracepoint's program cannot. BIRTH_TRACEPOINT sees births there by
 * the classic one, which does not tell when the child began; the raw one adds that if it runs. A
 * process without a time stays until its id is given to another.
 *
 * A program with a hook of its own at task_newtask says so (HAS_NEWTASK_HOOK) and calls
 * follow_birth().
 */
#include "lib/drops.bpf.h"
#include "lib/follow.h"
#include "lib/task.bpf.h"

#ifndef FOLLOW
#define FOLLOW 0
#endif
#ifndef BIRTH_TRACEPOINT
#define BIRTH_TRACEPOINT 0
#endif
#ifndef HAS_NEWTASK_HOOK
#define HAS_NEWTASK_HOOK 0
#endif

#if FOLLOW
/* The processes that are followed, by id: the command's or those of --descendants. */
BPF_F_TABLE("hash", u32, struct follow, followed, FOLLOW_MAX, FOLLOW_FLAGS);

static inline struct follow *follow_has(u32 tgid)
{
	return followed.lookup(&tgid);
}

/* Unless a later process has the id by now. */
static inline void follow_leave(u32 tgid, u64 start_ns)
{
	struct follow *follow = follow_has(tgid);

	if (follow && follow->start_ns == start_ns)
		followed.delete(&tgid);
}

#if PIDNS
/*
 * By the host's id of a process that is followed: the tool's id, and when the process began. A task
 * that is freed has no ids in the tool's namespace any more.
 */
struct follow_born {
	u64 start_ns;
	u64 tgid;
};
BPF_F_TABLE("hash", u32, struct follow_born, born, FOLLOW_MAX, FOLLOW_FLAGS);

static inline void follow_note_host(u32 host_tgid, u32 tgid, u64 start_ns)
{
	struct follow_born now = { .start_ns = start_ns, .tgid = tgid };
	struct follow_born *before = born.lookup(&host_tgid);

	/* It has not been freed, but its id has been given to another. */
	if (before)
		follow_leave(before->tgid, before->start_ns);
	born.update(&host_tgid, &now);
}

static inline void follow_free(u32 host_tgid, u64 start_ns)
{
	struct follow_born *before = born.lookup(&host_tgid);

	if (!before || before->start_ns != start_ns)
		return;
	follow_leave(before->tgid, start_ns);
	born.delete(&host_tgid);
}
#else
static inline void follow_free(u32 host_tgid, u64 start_ns)
{
	follow_leave(host_tgid, start_ns);
}
#endif

/* Runs in the parent: the child is complete and has not run yet. @start_ns: 0: not known */
static inline void follow_birth(u32 tgid, u32 host_tgid, u64 start_ns, u64 clone_flags)
{
	struct follow live = { .state = FOLLOW_LIVE, .start_ns = start_ns };

	if (clone_flags & CLONE_THREAD_)
		return;
	if (!follow_has(current_ids() >> 32)) {
		/* An earlier process with this id may not have been forgotten yet. */
		followed.delete(&tgid);
		return;
	}
	if (followed.update(&tgid, &live)) {
		drop_count(DROP_MAP_FULL);
		return;
	}
	if (PIDNS)
		follow_note_host(host_tgid, tgid, start_ns);
}

#if !HAS_NEWTASK_HOOK && BIRTH_TRACEPOINT
/* What a followed process starts is followed, too. */
int tracepoint__task_newtask(struct task_newtask *ctx)
{
	u32 tgid = READ_RECORD(ctx, pid);

	follow_birth(tgid, tgid, 0, READ_RECORD(ctx, clone_flags));
	return 0;
}
#elif !HAS_NEWTASK_HOOK
/* What a followed process starts is followed, too. */
int raw_tracepoint__task_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (struct task_struct *)ctx->args[0];

	follow_birth(task_tgid(child), READ(child, tgid), READ(child, start_time), ctx->args[1]);
	return 0;
}
#endif

#if BIRTH_TRACEPOINT
/* A child that is followed: the record above does not say when it began. */
int raw_tracepoint__follow_began(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (struct task_struct *)ctx->args[0];
	struct follow *follow = 0;

	if (!(ctx->args[1] & CLONE_THREAD_))
		follow = follow_has(READ(child, tgid));
	if (follow)
		follow->start_ns = READ(child, start_time);
	return 0;
}
#endif

/* The kernel forgets a process: it need not be followed any more. */
int raw_tracepoint__sched_process_free(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];
	u64 start_ns = READ(task, start_time);
	u32 tgid = READ(task, tgid);

	if (READ(task, pid) == tgid)
		follow_free(tgid, start_ns);
	return 0;
}
#endif
