/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Send a record of every process and thread that begins, executes a program, or ends. At a birth
 * the running task is the parent, else it is the one that the record is about.
 */

/* Which events are sent. */
#ifndef EVENT_FORK
#define EVENT_FORK 0
#endif
#ifndef EVENT_THREAD
#define EVENT_THREAD 0
#endif
#ifndef EVENT_EXEC
#define EVENT_EXEC 0
#endif
#ifndef EVENT_EXIT
#define EVENT_EXIT 0
#endif
#define HAS_NEWTASK_HOOK (EVENT_FORK || EVENT_THREAD)

/* A bit for each fork_type whose events are sent only to know the ancestors of others. */
#ifndef LINEAGE_TYPES
#define LINEAGE_TYPES 0
#endif

#include "fork/records.h"
#include "lib/filter.bpf.h"
#include "lib/task.bpf.h"
#include "lib/verifier.bpf.h"

/* The records, see records.h. */
BPF_PERF_OUTPUT(events);

static inline void submit(void *ctx, void *event, u64 size, u32 type)
{
	if (!events.perf_submit(ctx, event, size))
		return;
	if (LINEAGE_TYPES && (LINEAGE_TYPES >> type & 1))
		drop_count(DROP_LINEAGE);
	else
		drop_count(DROP_BUFFER);
}

static inline void fill_head(struct fork_head *head, struct task_struct *task, u32 type)
{
	head->time_ns = bpf_ktime_get_ns();
	head->type = type;
	head->host_pid = READ(task, tgid);
	head->host_tid = READ(task, pid);
	head->host_ppid = READ(READ(task, real_parent), tgid);
	head->pid = task_tgid(task);
	head->tid = task_tid(task);
	head->ppid = task_tgid(READ(task, real_parent));
	head->uid = bpf_get_current_uid_gid();
	head->euid = effective_user(READ(task, cred));
	bpf_get_current_comm(head->comm, sizeof(head->comm));
}

#if HAS_NEWTASK_HOOK
#include "fork/birth.bpf.h"
#endif
#if EVENT_EXEC
#include "fork/exec.bpf.h"
#endif
#if EVENT_EXIT
#include "fork/exit.bpf.h"
#endif
