/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follow processes and every process they start. A child is entered when it is made, before it can run
 * (task_newtask), and leaves when its last trace does (sched_process_free: not at its exit, as two
 * threads that end at once must both still be seen).
 *
 * Since 7.0 a raw tracepoint's program can be preempted, and the kernel skips it for whoever runs on that CPU
 * meanwhile; a classic one's cannot. There births are seen through the classic tracepoint (BIRTH_TRACEPOINT), which
 * does not tell when the child began, and who is dead leaves when its id is given to another.
 *
 * A program that has a use of its own for these hooks calls follow_birth() itself and defines
 * FOLLOW_OWN_BIRTH.
 */
#include "drops.bpf.h"
#include "follow.h"
#include "task.bpf.h"

/* Of <linux/sched.h>. */
#define CLONE_PARENT_ 0x00008000
#define CLONE_THREAD_ 0x00010000

#ifdef FOLLOW

BPF_F_TABLE("hash", u32, struct follow, followed, FOLLOW_MAX, FOLLOW_FLAGS);

static inline struct follow *follow_has(u32 tgid)
{
	return followed.lookup(&tgid);
}

/* In the parent's context: the child is complete and has not run yet. @start_ns: 0 when it cannot be known. */
static inline void follow_birth(u32 tgid, u64 start_ns, u64 clone_flags)
{
	struct follow live = { .state = FOLLOW_LIVE, .start_ns = start_ns };

	if (clone_flags & CLONE_THREAD_)
		return;
	if (!follow_has(current_ids() >> 32)) {
		/* An earlier process with this id may not have been forgotten yet. */
		followed.delete(&tgid);
		return;
	}
	if (followed.update(&tgid, &live))
		drop_count(DROP_MAP_FULL);
}

#if !defined(FOLLOW_OWN_BIRTH) && defined(BIRTH_TRACEPOINT)
int tracepoint__task_newtask(void *ctx)
{
	follow_birth(LOAD_U32(ctx, NEWTASK_PID), 0, LOAD_U64(ctx, NEWTASK_FLAGS));
	return 0;
}
#elif !defined(FOLLOW_OWN_BIRTH)
int raw_tracepoint__task_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	u64 child = ctx->args[0];

	follow_birth(task_tgid(child), LOAD_U64(child, TASK_START_TIME), ctx->args[1]);
	return 0;
}
#endif

#if !defined(PIDNS) && !defined(BIRTH_TRACEPOINT)
int raw_tracepoint__sched_process_free(struct bpf_raw_tracepoint_args *ctx)
{
	u64 task = ctx->args[0];
	u32 tgid = LOAD_U32(task, TASK_TGID);
	struct follow *follow;

	if (LOAD_U32(task, TASK_PID) != tgid)
		return 0;
	/* Its id has been free for a while: another process may have it by now. */
	follow = follow_has(tgid);
	if (follow && (!follow->start_ns || follow->start_ns == LOAD_U64(task, TASK_START_TIME)))
		followed.delete(&tgid);
	return 0;
}
#endif

#endif
