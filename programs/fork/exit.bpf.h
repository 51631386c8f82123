/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ends of threads. The thread that ends last ends its process, and its record says how.
 *
 * Contract: fork.bpf.c supplies fill_head() and submit().
 */

/* 1: the tracepoint says whether the process has ended (the raw one since 6.16). */
#ifndef EXIT_GROUP_DEAD
#define EXIT_GROUP_DEAD 0
#endif
/* 0: it is not known which threads of a process have been reaped. */
#ifndef REAPED_KNOWN
#define REAPED_KNOWN 0
#endif
/* 1: records also say what has been used. */
#ifndef USAGE
#define USAGE 0
#endif

#define SIGNAL_GROUP_EXIT_ 0x00000004

#if !EXIT_GROUP_DEAD
/*
 * Two threads that end at the same time may both find no other alive; the first to come here was
 * last. A claim is needed for as long as the others take to come, so the oldest are forgotten.
 */
struct end {
	u64 start_ns, pid;
};
/* Processes whose end has been sent. */
BPF_TABLE("lru_hash", struct end, u8, ended, ENDED_MAX);

#define EEXIST_ 17

static inline int claim_end(struct task_struct *task, struct signal_struct *signal)
{
	struct end end = {
		.start_ns = READ(READ(task, group_leader), start_time),
		.pid = READ(task, tgid),
	};
	u8 yes = 1;

	if (ended.lookup(&end))
		return 0;
#if REAPED_KNOWN
	/* Not before the look at the claim: who made it may have been reaped since. */
	if (READ(signal, nr_threads) == 1)
		return 1;
#endif
	/* Without room, an end that is told twice is better than one that is not told. */
	return ended.insert(&end, &yes) != -EEXIST_;
}

static inline int process_ended(struct task_struct *task, struct signal_struct *signal)
{
	return READ(signal, live) == 0 && claim_end(task, signal);
}
#endif

static inline void fill_exit(struct fork_exit *event, struct task_struct *task, int group_dead)
{
	struct signal_struct *signal = READ(task, signal);
	struct task_struct *lived = task;

	fill_head(&event->head, task, FORK_EXIT);
	event->last = group_dead;
	if (!EXIT_GROUP_DEAD)
		event->last = process_ended(task, signal);
	if (event->last)
		lived = READ(task, group_leader);
	event->status = READ(lived, exit_code);
	/* A process that ends as a whole (exit_group, a signal). */
	if (event->last && READ(signal, flags) & SIGNAL_GROUP_EXIT_)
		event->status = READ(signal, group_exit_code);
	event->lifetime_ns = event->head.time_ns - READ(lived, start_time);
}

#if USAGE
static inline void add_thread(struct fork_usage *usage, struct task_struct *task)
{
	usage->runtime_ns += READ(task, sum_exec_runtime);
	usage->user_ns += READ(task, utime);
	usage->system_ns += READ(task, stime);
	usage->minor_faults += READ(task, min_flt);
	usage->major_faults += READ(task, maj_flt);
}

/* The signal_struct has the sums of threads that were reaped. A leader that ended before is not. */
static inline void fill_usage(struct fork_usage *usage, struct task_struct *task,
			      struct signal_struct *signal, int last)
{
	struct task_struct *leader = READ(task, group_leader);

	add_thread(usage, task);
	if (!last)
		return;
	if (READ(leader, pid) != READ(task, pid))
		add_thread(usage, leader);
	usage->runtime_ns += READ(signal, sum_sched_runtime);
	usage->user_ns += READ(signal, utime);
	usage->system_ns += READ(signal, stime);
	usage->minor_faults += READ(signal, min_flt);
	usage->major_faults += READ(signal, maj_flt);
	usage->max_rss_pages = READ(signal, maxrss);
}

static inline void submit_exit(void *ctx, struct task_struct *task, int group_dead)
{
	struct fork_exit_usage event = {};

	fill_exit(&event.exit, task, group_dead);
	fill_usage(&event.usage, task, READ(task, signal), event.exit.last);
	submit(ctx, &event, sizeof(event), FORK_EXIT);
}
#else
static inline void submit_exit(void *ctx, struct task_struct *task, int group_dead)
{
	struct fork_exit event = {};

	fill_exit(&event, task, group_dead);
	submit(ctx, &event, sizeof(event), FORK_EXIT);
}
#endif

#if BIRTH_TRACEPOINT
/* A thread ends, and with the last one its process: send how. */
int tracepoint__sched_process_exit(struct sched_process_exit *ctx)
{
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	submit_exit(ctx, CURRENT_TASK(), READ_RECORD(ctx, group_dead));
	return 0;
}
#else
/* A thread ends, and with the last one its process: send how. */
int raw_tracepoint__sched_process_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];
	int group_dead = 0;

	if (EXIT_GROUP_DEAD)
		group_dead = ctx->args[1] & 1;
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	submit_exit(ctx, task, group_dead);
	return 0;
}
#endif
