/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follow processes and every process they start. A child is entered when it is made, before it can run
 * (task_newtask), and leaves when its last trace does (sched_process_free: not at its exit, as two
 * threads that end at once must both still be seen). Its id may be another process's by then: the time it began tells.
 *
 * In a PID namespace the ids are the tool's, and a task that is freed has none of these any more: `born` knows them by the
 * host's.
 *
 * Since 7.0 a raw tracepoint's program can be preempted, and the kernel skips it for whoever runs on that CPU
 * meanwhile; a classic one's cannot. There births are seen through the classic tracepoint (BIRTH_TRACEPOINT), which
 * does not tell when the child began. The raw one does, behind it: follow_began(). Whoever it is skipped for stays until
 * the id is given to another.
 *
 * A program that has a use of its own for these hooks calls follow_birth() itself and defines
 * FOLLOW_OWN_BIRTH.
 */
#include "lib/drops.bpf.h"
#include "lib/follow.h"
#include "lib/task.bpf.h"

/* Of <linux/sched.h>. */
#define CLONE_PARENT_ 0x00008000
#define CLONE_THREAD_ 0x00010000

#ifdef FOLLOW
BPF_F_TABLE("hash", u32, struct follow, followed, FOLLOW_MAX, FOLLOW_FLAGS);

static inline struct follow *follow_has(u32 tgid)
{
	return followed.lookup(&tgid);
}

#ifdef PIDNS
/* By the host's id of a process that is followed: the tool's, and when it began. */
struct follow_born {
	u64 start_ns;
	u64 tgid;
};
BPF_F_TABLE("hash", u32, struct follow_born, born, FOLLOW_MAX, FOLLOW_FLAGS);
#endif

/*
 * Unless it is a later process that has the id by now. One without a time, as those that were named, may be that: it stays
 * until the id is given to another.
 */
static inline void follow_leave(u32 tgid, u64 start_ns)
{
	struct follow *follow = follow_has(tgid);

	if (follow && follow->start_ns == start_ns)
		followed.delete(&tgid);
}

#ifdef PIDNS
static inline void follow_note_host(u32 host_tgid, u32 tgid, u64 start_ns)
{
	struct follow_born now = { .start_ns = start_ns, .tgid = tgid }, *before = born.lookup(&host_tgid);

	/* It has not been freed, but its id has been given to another. */
	if (before)
		follow_leave(before->tgid, before->start_ns);
	born.update(&host_tgid, &now);
}
#else
#define follow_note_host(host_tgid, tgid, start_ns)
#endif

/* In the parent's context: the child is complete and has not run yet. @start_ns: 0 when it cannot be known. */
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
	follow_note_host(host_tgid, tgid, start_ns);
}

#if !defined(FOLLOW_OWN_BIRTH) && defined(BIRTH_TRACEPOINT)
int tracepoint__task_newtask(void *ctx)
{
	u32 tgid = LOAD_U32(ctx, NEWTASK_PID);

	follow_birth(tgid, tgid, 0, LOAD_U64(ctx, NEWTASK_FLAGS));
	return 0;
}
#elif !defined(FOLLOW_OWN_BIRTH)
int raw_tracepoint__task_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	u64 child = ctx->args[0];

	follow_birth(task_tgid(child), LOAD_U32(child, TASK_TGID), LOAD_U64(child, TASK_START_TIME), ctx->args[1]);
	return 0;
}
#endif

#ifdef BIRTH_TRACEPOINT
int raw_tracepoint__follow_began(struct bpf_raw_tracepoint_args *ctx)
{
	u64 child = ctx->args[0];
	struct follow *follow = ctx->args[1] & CLONE_THREAD_ ? 0 : follow_has(LOAD_U32(child, TASK_TGID));

	if (follow)
		follow->start_ns = LOAD_U64(child, TASK_START_TIME);
	return 0;
}
#endif

int raw_tracepoint__sched_process_free(struct bpf_raw_tracepoint_args *ctx)
{
	u64 task = ctx->args[0], start_ns = LOAD_U64(task, TASK_START_TIME);
	u32 tgid = LOAD_U32(task, TASK_TGID);

	if (LOAD_U32(task, TASK_PID) != tgid)
		return 0;
#ifdef PIDNS
	struct follow_born *before = born.lookup(&tgid);

	if (!before || before->start_ns != start_ns)
		return 0;
	follow_leave(before->tgid, start_ns);
	born.delete(&tgid);
#else
	follow_leave(tgid, start_ns);
#endif
	return 0;
}

#endif
