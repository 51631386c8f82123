/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Births, at task_newtask: it has the clone flags and comes before the child can run.
 *
 * sched_process_fork has no flags, and its layout has changed (6.15 to 6.18).
 *
 * Contract: fork.bpf.c supplies fill_head() and submit().
 */
#define ALL_BIRTHS (EVENT_FORK && EVENT_THREAD)

static inline int is_sent(u64 flags)
{
	return flags & CLONE_THREAD_ ? EVENT_THREAD : EVENT_FORK;
}

#if BIRTH_TRACEPOINT
/* The classic tracepoint gives the child's id and flags; the rest is its running parent's. */
static inline void fill_birth_head(struct fork_head *head, u64 flags)
{
	if (flags & CLONE_THREAD_)
		head->host_pid = head->host_ppid;
	if (flags & (CLONE_THREAD_ | CLONE_PARENT_))
		head->host_ppid = READ_CURRENT(READ_CURRENT(CURRENT_TASK(), real_parent), tgid);
	head->pid = head->host_pid;
	head->tid = head->host_tid;
	head->ppid = head->host_ppid;
	head->time_ns = bpf_ktime_get_ns();
	head->type = flags & CLONE_THREAD_ ? FORK_THREAD : FORK_FORK;
	head->uid = bpf_get_current_uid_gid();
	head->euid = current_euid();
	bpf_get_current_comm(head->comm, sizeof(head->comm));
}

/* A process or thread is being made: its maker runs, and it does not run yet. */
int tracepoint__task_newtask(struct task_newtask *ctx)
{
	u64 flags = READ_RECORD(ctx, clone_flags);
	u32 type = flags & CLONE_THREAD_ ? FORK_THREAD : FORK_FORK;
	struct fork_birth event = { .flags = flags };
	struct fork_head *head = &event.head;

	head->host_tid = head->host_pid = READ_RECORD(ctx, pid);
	head->host_ppid = bpf_get_current_pid_tgid() >> 32;
	if (FOLLOW)
		follow_birth(head->host_pid, head->host_pid, 0, flags);
	if (!ALL_BIRTHS && !is_sent(flags))
		return 0;
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	event.by_pid = event.host_by_pid = head->host_ppid;
	fill_birth_head(head, flags);
	bpf_get_current_comm(event.parent_comm, sizeof(event.parent_comm));
	submit(ctx, &event, sizeof(event), type);
	return 0;
}
#else
/* A process or thread is being made: its maker runs, and it does not run yet. */
int raw_tracepoint__task_newtask(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (struct task_struct *)ctx->args[0];
	u64 flags = ctx->args[1];
	u32 type = flags & CLONE_THREAD_ ? FORK_THREAD : FORK_FORK;
	struct fork_birth event = { .flags = flags };

	if (FOLLOW)
		follow_birth(task_tgid(child), READ(child, tgid), READ(child, start_time), flags);
	if (!ALL_BIRTHS && !is_sent(flags))
		return 0;
	if (FILTERS_TASKS && !filter_passes())
		return 0;
	fill_head(&event.head, child, type);
	event.by_pid = current_ids() >> 32;
	event.host_by_pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event.parent_comm, sizeof(event.parent_comm));
	submit(ctx, &event, sizeof(event), type);
	return 0;
}
#endif
