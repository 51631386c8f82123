/* SPDX-License-Identifier: MIT */
/*
 * Calls that have begun and not returned.
 *
 * With latency the program keeps when each thread's call began, so they are known at any time, with
 * their age; for threads that waited before there was a program, /proc is asked once, at the start.
 * Without latency nothing sees a call begin, and /proc tells at the end who waits in which call. So
 * it does in a PID namespace of its own for those that waited before: the program knows threads by
 * the host's ids, and /proc does not tell these there.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "call_entry.h"
#include "cleanup.h"
#include "clock.h"
#include "in_flight.h"
#include "private.h"
#include "privileges.h"
#include "procfs.h"
#include "session.h"
#include "task_info.h"

struct waiting {
	struct syscalls_rows *rows;
	const struct run *run;
	int proc;
	int started;
	uint64_t now_ns;
	struct id_set known; /* threads the program knows of */
};

static void row_of(const struct waiting *w, const struct task *task, uint32_t call,
		   struct row_id *id)
{
	*id = (struct row_id){
		.pid = task->pid, .tid = task->tid, .uid = task->uid, .call = (uint16_t)call
	};
	memcpy(id->comm, task->comm, sizeof(id->comm));
	if (by_has(&w->rows->by, BY_CGROUP))
		id->cgroup = tasks_cgroup(w->proc, task->pid, task->tid, w->rows->names);
	by_keep(&w->rows->by, id);
}

static int add_waiting(const struct waiting *w, const struct task *task, uint32_t call,
		       uint64_t age_ns)
{
	bool process = by_has(&w->rows->by, BY_PROCESS) && !by_has(&w->rows->by, BY_THREAD);
	struct syscalls_timed timed = { .sum = { .blocked = 1, .blocked_ns = age_ns } };
	struct row_id id;

	/* They will never return as far as this run is concerned. */
	if (w->run->ending)
		timed.sum.calls = 1;
	memcpy(timed.sum.comm, process ? task->leader : task->comm, sizeof(timed.sum.comm));
	timed.sum.named_ns = timed.sum.comm[0] ? w->now_ns : 0;
	row_of(w, task, call, &id);
	return rows_sum_add(w->rows->now, &id, &timed);
}

static bool is_selected(const struct waiting *w, uint32_t call)
{
	const struct syscall_set *set = &w->rows->choices->set;

	return !set->any || syscall_set_has(set, call);
}

static int waits(const struct task *task, uint32_t call, void *context)
{
	const struct waiting *w = context;

	return is_selected(w, call) ? add_waiting(w, task, call, 0) : 0;
}

/* What the key wants to know of a thread that the program does not keep. Return: 1; 0 when it
 * cannot be had; negative errno. */
static int identify(const struct waiting *w, const struct call_entry *start, struct task *task)
{
	const struct by *by = &w->rows->by;
	bool must = by_has(by, BY_COMM) || by_has(by, BY_USER) || by_has(by, BY_CGROUP);
	bool named = by_has(by, BY_PROCESS) || by_has(by, BY_THREAD);
	int r;

	*task = (struct task){ .pid = start->pid, .tid = start->tid };
	if (!must && !named)
		return 1;
	r = tasks_read(w->proc, start->pid, start->tid, task);
	if (r < 0 && !tasks_out_of_reach(r))
		return r;
	return r == 0 || !must;
}

static int has_started(const void *key, const void *value, void *context)
{
	const struct call_entry *start = value;
	struct waiting *w = context;
	struct task task;
	int r;

	(void)key;
	if (!start->time_ns || start->time_ns > w->now_ns || start->pid == (uint32_t)getpid())
		return 0;
	if (w->run->ending && kernel_pid_namespace() && id_set_add(&w->known, start->tid) < 0)
		return -ENOMEM;
	r = identify(w, start, &task);
	return r == 1 ? add_waiting(w, &task, start->call, w->now_ns - start->time_ns) : r;
}

static int waits_since_before(const struct task *task, uint32_t call, void *context)
{
	const struct waiting *w = context;

	if (!is_selected(w, call) || id_set_has(&w->known, task->tid))
		return 0;
	return add_waiting(w, task, call, w->now_ns - w->run->started_ns);
}

static int look(struct waiting *w, tasks_waiting_fn each, struct error *err)
{
	int r = tasks_waiting(&w->run->options.filter, load_map(w->run->loaded, "followed"),
			      w->rows->names, each, w);

	return r < 0 ? error_set(err, r, "reading the threads from /proc: %s", error_name(r)) : 0;
}

static int add_started(struct waiting *w, struct error *err)
{
	int r = table_each(load_map(w->run->loaded, "started"), sizeof(uint32_t),
			   sizeof(struct call_entry), has_started, w, err);

	if (r == 0 && w->run->ending && kernel_pid_namespace())
		r = look(w, waits_since_before, err);
	free(w->known.ids);
	return r;
}

/* With latency the program knows who waits in what; /proc is asked who they are. */
unsigned syscalls_rows_uses(const struct syscalls_rows *rows, const struct run *run)
{
	const struct by *by = &rows->by;
	bool tasks = !rows->choices->latency || kernel_pid_namespace() || by_has(by, BY_PROCESS) ||
		     by_has(by, BY_THREAD) || by_has(by, BY_COMM) || by_has(by, BY_USER) ||
		     by_has(by, BY_CGROUP);
	unsigned uses = tasks && !syscalls_choices_only_failed(rows->choices) ? PRIVILEGE_TASKS : 0;

	return by_has(by, BY_CGROUP) || (uses && run->options.filter.cgroup >= 0)
		       ? uses | PRIVILEGE_CGROUPS
		       : uses;
}

int syscalls_add_waiting(struct syscalls_rows *rows, const struct run *run, struct error *err)
{
	struct waiting w = { .rows = rows, .run = run, .now_ns = clock_monotonic_ns() };
	cleanup_close int proc = -1;

	/* Nobody knows how they will end. */
	if (syscalls_choices_only_failed(rows->choices) || !(rows->choices->latency || run->ending))
		return 0;
	proc = w.proc = proc_open();
	if (proc < 0)
		return error_set(err, proc, "opening /proc: %s", error_name(proc));
	if (rows->choices->latency)
		return add_started(&w, err);
	return look(&w, waits, err);
}

static int seed(const struct task *task, uint32_t call, void *context)
{
	const struct waiting *w = context;
	const struct call_entry start = { .time_ns = w->now_ns,
					  .pid = task->pid,
					  .tid = task->tid,
					  .call = call,
					  .flags = STARTED_BEFORE };
	struct call_entry now;
	uint32_t still;
	int r;

	if (!is_selected(w, call))
		return 0;
	/* Its next call may be there already. When there is no room, the program will say so. */
	if (bpf_map_update_elem(w->started, &task->tid, &start, BPF_NOEXIST) < 0)
		return 0;
	/* Or it has returned just before, and not begun another since. */
	r = tasks_call(w->proc, task->pid, task->tid, &still);
	if (r < 0)
		return r;
	if ((r == 0 || still != call) && bpf_map_lookup_elem(w->started, &task->tid, &now) == 0 &&
	    (now.flags & STARTED_BEFORE))
		bpf_map_delete_elem(w->started, &task->tid);
	return 0;
}

int syscalls_seed_waiting(struct syscalls_rows *rows, const struct run *run, struct error *err)
{
	cleanup_close int proc = proc_open();
	struct waiting w = {
		.rows = rows,
		.run = run,
		.proc = proc,
		.started = load_map(run->loaded, "started"),
		.now_ns = clock_monotonic_ns(),
	};

	if (proc < 0)
		return error_set(err, -errno, "opening /proc: %s", error_name(errno));
	return kernel_pid_namespace() ? 0 : look(&w, seed, err);
}
