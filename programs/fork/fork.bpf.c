/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every process and thread that begins, executes a program, or ends.
 *
 * task_newtask rather than sched_process_fork: it carries the clone flags, comes before the child can
 * run, and its layout has not changed. The hooks are BTF-typed raw tracepoints, so fields of the tasks are
 * read in place; the running task at a birth is the parent, everywhere else the task itself.
 *
 * With BIRTH_TRACEPOINT it is the classic tracepoints, see follow.bpf.h for why; then what the record lacks is taken
 * from the running task.
 *
 * Events go through a perf buffer per CPU, each with the kernel's clock; the tool sorts them.
 */
#if defined(EVENT_FORK) || defined(EVENT_THREAD)
#define FOLLOW_OWN_BIRTH
#endif
#include "lib/verifier.bpf.h"
#include "lib/filter.bpf.h"
#include "fork/records.h"
#include "lib/task.bpf.h"

BPF_PERF_OUTPUT(events);

/*
 * EVENT_FORK, EVENT_THREAD, EVENT_EXEC and EVENT_EXIT, where defined, are the enum drop that counts a lost one: those
 * that are sent for the lineage of others alone are no events the tool was asked for.
 */
static inline void submit(void *ctx, void *event, u64 size, int lost)
{
	if (events.perf_submit(ctx, event, size))
		drop_count(lost);
}

static inline void fill_head(struct fork_head *head, u64 task, u32 type)
{
	head->time_ns = bpf_ktime_get_ns();
	head->type = type;
	head->host_pid = LOAD_U32(task, TASK_TGID);
	head->host_tid = LOAD_U32(task, TASK_PID);
	head->host_ppid = LOAD_U32(LOAD_U64(task, TASK_REAL_PARENT), TASK_TGID);
#ifdef PIDNS
	head->pid = task_tgid(task);
	head->tid = task_tid(task);
	head->ppid = task_tgid(LOAD_U64(task, TASK_REAL_PARENT));
#else
	head->pid = head->host_pid;
	head->tid = head->host_tid;
	head->ppid = head->host_ppid;
#endif
	head->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(head->comm, sizeof(head->comm));
}

#ifdef FOLLOW_OWN_BIRTH
#define NOT_SENT -1
#ifndef EVENT_FORK
#define EVENT_FORK NOT_SENT
#endif
#ifndef EVENT_THREAD
#define EVENT_THREAD NOT_SENT
#endif

/* Return: what counts a lost one, or NOT_SENT. */
static inline int birth_drop(u64 flags)
{
	return flags & CLONE_THREAD_ ? EVENT_THREAD : EVENT_FORK;
}

#ifdef BIRTH_TRACEPOINT
/* The classic tracepoint gives the child's id and flags; the rest follows from its parent, which is running. */
int tracepoint__task_newtask(void *ctx)
{
	u64 flags = LOAD_U64(ctx, NEWTASK_FLAGS);
	struct fork_birth event = { .flags = flags };
	struct fork_head *head = &event.head;

	head->host_tid = head->host_pid = LOAD_U32(ctx, NEWTASK_PID);
	head->host_ppid = bpf_get_current_pid_tgid() >> 32;
#ifdef FOLLOW
	follow_birth(head->host_pid, head->host_pid, 0, flags);
#endif
	if (birth_drop(flags) == NOT_SENT || !filter_passes())
		return 0;
	if (flags & CLONE_THREAD_)
		head->host_pid = head->host_ppid;
	if (flags & (CLONE_THREAD_ | CLONE_PARENT_))
		head->host_ppid = CURRENT_U32(CURRENT_U64(CURRENT_TASK(), TASK_REAL_PARENT), TASK_TGID);
	head->pid = head->host_pid;
	head->tid = head->host_tid;
	head->ppid = head->host_ppid;
	head->time_ns = bpf_ktime_get_ns();
	head->type = flags & CLONE_THREAD_ ? FORK_THREAD : FORK_FORK;
	head->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(head->comm, sizeof(head->comm));
	bpf_get_current_comm(event.parent_comm, sizeof(event.parent_comm));
	submit(ctx, &event, sizeof(event), birth_drop(flags));
	return 0;
}
#else
int raw_tracepoint__task_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	u64 child = ctx->args[0], flags = ctx->args[1];
	struct fork_birth event = { .flags = flags };

#ifdef FOLLOW
	follow_birth(task_tgid(child), LOAD_U32(child, TASK_TGID), LOAD_U64(child, TASK_START_TIME), flags);
#endif
	if (birth_drop(flags) == NOT_SENT || !filter_passes())
		return 0;
	/* A new task has its parent's name. */
	fill_head(&event.head, child, flags & CLONE_THREAD_ ? FORK_THREAD : FORK_FORK);
	bpf_get_current_comm(event.parent_comm, sizeof(event.parent_comm));
	submit(ctx, &event, sizeof(event), birth_drop(flags));
	return 0;
}
#endif
#endif

#ifdef EVENT_EXIT
/*
 * The status a parent would see. A process that ends as a whole (exit_group, a fatal signal) keeps it in
 * its signal_struct; one whose threads ended one by one has its leader's.
 */
#define SIGNAL_GROUP_EXIT 0x00000004

static inline u32 process_status(u64 task, u64 signal)
{
	if (LOAD_U32(signal, SIGNAL_FLAGS) & SIGNAL_GROUP_EXIT)
		return LOAD_U32(signal, SIGNAL_GROUP_EXIT_CODE);
	return LOAD_U32(LOAD_U64(task, TASK_GROUP_LEADER), TASK_EXIT_CODE);
}

#ifndef EXIT_GROUP_DEAD
/*
 * Two threads that end at the same time may both find no other alive; the first to come here was last. A claim is needed
 * for as long as the others take to come, so the oldest are forgotten.
 */
struct end {
	u64 start_ns, pid;
};
BPF_TABLE("lru_hash", struct end, u8, ended, ENDED_MAX);

#define EEXIST_ 17

static inline int claim_end(u64 task, u64 signal)
{
	struct end end = {
		.start_ns = LOAD_U64(LOAD_U64(task, TASK_GROUP_LEADER), TASK_START_TIME),
		.pid = LOAD_U32(task, TASK_TGID),
	};
	u8 yes = 1;

	if (ended.lookup(&end))
		return 0;
	/* Not before the look at the claim: who made it may have been reaped since. */
	if (LOAD_U32(signal, SIGNAL_NR_THREADS) == 1)
		return 1;
	/* Should there be no room, an end that is told twice is better than one that is not told. */
	return ended.insert(&end, &yes) != -EEXIST_;
}
#endif

static inline int process_ended(int group_dead, u64 task, u64 signal)
{
#ifdef EXIT_GROUP_DEAD
	return group_dead;
#else
	return LOAD_U32(signal, SIGNAL_LIVE) == 0 && claim_end(task, signal);
#endif
}

static inline void fill_exit(struct fork_exit *event, int group_dead, u64 task, u64 signal)
{
	u64 lived = task;

	fill_head(&event->head, task, FORK_EXIT);
	event->last = process_ended(group_dead, task, signal);
	if (event->last) {
		event->status = process_status(task, signal);
		lived = LOAD_U64(task, TASK_GROUP_LEADER);
	} else {
		event->status = LOAD_U32(task, TASK_EXIT_CODE);
	}
	event->lifetime_ns = event->head.time_ns - LOAD_U64(lived, TASK_START_TIME);
}

#ifdef USAGE
static inline void add_thread(struct fork_usage *usage, u64 task)
{
	usage->runtime_ns += LOAD_U64(task, TASK_RUNTIME);
	usage->user_ns += LOAD_U64(task, TASK_UTIME);
	usage->system_ns += LOAD_U64(task, TASK_STIME);
	usage->minor_faults += LOAD_U64(task, TASK_MIN_FLT);
	usage->major_faults += LOAD_U64(task, TASK_MAJ_FLT);
}

/* Threads that were reaped are in the signal_struct; a leader that ended before the last thread is not. */
static inline void fill_usage(struct fork_usage *usage, u64 task, u64 signal, int last)
{
	u64 leader = LOAD_U64(task, TASK_GROUP_LEADER);

	add_thread(usage, task);
	if (!last)
		return;
	if (LOAD_U32(leader, TASK_PID) != LOAD_U32(task, TASK_PID))
		add_thread(usage, leader);
	usage->runtime_ns += LOAD_U64(signal, SIGNAL_RUNTIME);
	usage->user_ns += LOAD_U64(signal, SIGNAL_UTIME);
	usage->system_ns += LOAD_U64(signal, SIGNAL_STIME);
	usage->minor_faults += LOAD_U64(signal, SIGNAL_MIN_FLT);
	usage->major_faults += LOAD_U64(signal, SIGNAL_MAJ_FLT);
	usage->max_rss_pages = LOAD_U64(signal, SIGNAL_MAXRSS);
}
#endif

/* @group_dead: what the tracepoint says, where it does. */
static inline int ends(void *ctx, u64 task, int group_dead)
{
	u64 signal;

	if (!filter_passes())
		return 0;
	signal = LOAD_U64(task, TASK_SIGNAL);
#ifdef USAGE
	struct fork_exit_usage event = {};

	fill_exit(&event.exit, group_dead, task, signal);
	fill_usage(&event.usage, task, signal, event.exit.last);
#else
	struct fork_exit event = {};

	fill_exit(&event, group_dead, task, signal);
#endif
	submit(ctx, &event, sizeof(event), EVENT_EXIT);
	return 0;
}

#ifdef BIRTH_TRACEPOINT
int tracepoint__sched_process_exit(void *ctx)
{
	return ends(ctx, CURRENT_TASK(), LOAD_("u8", ctx, EXIT_GROUP_DEAD));
}
#else
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 task = ctx->args[0];

#ifdef EXIT_GROUP_DEAD
	return ends(ctx, task, ctx->args[1] & 1);
#else
	return ends(ctx, task, 0);
#endif
}
#endif
#endif

#ifdef EVENT_EXEC
#include "fork/exec.bpf.h"
#endif
