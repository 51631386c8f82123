/* SPDX-License-Identifier: MIT */
/* Calls in flight. See syscalls_in_flight.h. */
#define _GNU_SOURCE
#include "syscalls_in_flight.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "call_entry.h"
#include "cleanup.h"
#include "clock.h"
#include "counts.h"
#include "in_flight.h"
#include "inspector.h"
#include "privileges.h"
#include "procfs.h"
#include "syscall_names.h"
#include "syscalls_plan.h"

/**
 * struct walk - what looking at all threads carries along
 * @started: the program's map of calls that have begun
 * @known:   threads the program knows of
 * @execs:   slots of the calls that execute a program
 */
struct walk {
	const struct syscalls_options *options;
	struct aggregate *rows;
	bool ending;
	int proc;
	int started;
	uint64_t now_ns;
	struct id_set known;
	uint32_t execs[SYSCALL_NAMED_MAX];
	size_t nexecs;
};

static int add(const struct walk *w, const struct task *task, uint32_t call, uint64_t age_ns)
{
	struct syscalls_value value = { .blocked = 1, .blocked_ns = age_ns };

	/* They will never return as far as this run is concerned. */
	if (w->ending)
		value.sum.events = 1;
	return aggregate_add_task(w->rows, w->proc, task, call, &value, NULL);
}

static int note(const struct task *task, uint32_t call, void *context)
{
	const struct walk *w = context;

	return syscalls_are_selected(w->options, call) ? add(w, task, call, 0) : 0;
}

/*
 * What the key wants to know of a thread that the program does not keep. Return: 1; 0 when it
 * cannot be had; negative errno.
 */
static int identify(const struct walk *w, const struct call_entry *start, struct task *task)
{
	const struct group_by *by = &w->rows->by;
	bool must = group_by_has(by, BY_COMM) || group_by_has(by, BY_USER) ||
		    group_by_has(by, BY_CGROUP);
	bool named = group_by_has(by, BY_PROCESS) || group_by_has(by, BY_THREAD);
	int r;

	*task = (struct task){ .pid = start->pid, .tid = start->tid };
	if (!must && !named)
		return 1;
	r = task_read(w->proc, start->pid, start->tid, task);
	if (r < 0 && !task_is_out_of_reach(r))
		return r;
	return r == 0 || !must;
}

static bool is_exec(const struct walk *w, uint32_t call)
{
	for (size_t i = 0; i < w->nexecs; i++)
		if (w->execs[i] == call)
			return true;
	return false;
}

/*
 * Has the thread gone, without the program having seen it? One that is not its process's first
 * takes the first one's id in an exec, and if the exec then fails, only /proc tells.
 */
static bool is_lost(const struct walk *w, const struct call_entry *start)
{
	char path[64];

	if (!start->tid || start->tid == start->pid || !is_exec(w, start->call))
		return false;
	snprintf(path, sizeof(path), "%u/task/%u", start->pid, start->tid);
	return faccessat(w->proc, path, F_OK, 0) < 0 && errno == ENOENT;
}

/* Its helpers wait in a call that began before their ids were known, or with --self count. */
static bool is_own(const struct walk *w, uint32_t pid)
{
	return !w->rows->trace->filter->self && inspector_is_own(pid);
}

static int note_started(const void *key, const void *value, void *context)
{
	const struct call_entry *start = value;
	struct walk *w = context;
	struct task task;
	int r;

	(void)key;
	if (!start->time_ns || start->time_ns > w->now_ns || is_own(w, start->pid))
		return 0;
	/* It is there in case it returns as another call. */
	if (!syscalls_are_selected(w->options, start->call))
		return 0;
	if (is_lost(w, start))
		return 0;
	if (w->ending && kernel_pid_namespace() && id_set_add(&w->known, start->tid) < 0)
		return -ENOMEM;
	r = identify(w, start, &task);
	return r == 1 ? add(w, &task, start->call, w->now_ns - start->time_ns) : r;
}

static int note_earlier(const struct task *task, uint32_t call, void *context)
{
	const struct walk *w = context;

	if (!syscalls_are_selected(w->options, call) || id_set_has(&w->known, task->tid))
		return 0;
	return add(w, task, call, w->now_ns - w->rows->trace->began_ns);
}

static int look(struct walk *w, in_flight_fn each, struct error *err)
{
	const struct trace *trace = w->rows->trace;
	int r = in_flight_each(trace->filter, filter_followed(trace->loaded), w->rows->names, each,
			       w);

	return r < 0 ? in_flight_failed(r, err) : 0;
}

static int add_started(struct walk *w, struct error *err)
{
	int r;

	w->nexecs = syscall_slots(EXEC_CALLS, w->execs);
	r = map_read_all(w->started, sizeof(uint32_t), sizeof(struct call_entry), note_started, w,
			 err);

	if (r == 0 && w->ending && kernel_pid_namespace())
		r = look(w, note_earlier, err);
	free(w->known.ids);
	return r;
}

/* With latency the program knows who waits in what; /proc is asked who they are. */
unsigned syscalls_privileges(const void *context, const struct filter *filter, bool counts_entries)
{
	const struct syscalls_options *options = context;
	struct group_by by = syscalls_by(options);
	bool tasks = !options->tracing.latency || kernel_pid_namespace() ||
		     group_by_has(&by, BY_PROCESS) || group_by_has(&by, BY_THREAD) ||
		     group_by_has(&by, BY_COMM) || group_by_has(&by, BY_USER) ||
		     group_by_has(&by, BY_CGROUP);

	(void)counts_entries;
	if (options->tracing.stream)
		return 0;
	if (!tasks || syscalls_only_failed(options))
		return group_by_privileges(&by);
	return group_by_privileges(&by) | in_flight_privileges(filter);
}

/* Return: 0, or negative errno when there is no /proc. The caller closes @w->proc. */
static int begin_walk(struct walk *w, const struct syscalls_options *options,
		      struct aggregate *rows, struct error *err)
{
	*w = (struct walk){
		.options = options,
		.rows = rows,
		.proc = procfs_open(),
		.started = loader_map(rows->trace->loaded, "started", sizeof(uint32_t),
				      sizeof(struct call_entry)),
		.now_ns = clock_monotonic_ns(),
	};
	if (w->proc < 0)
		return error_set(err, w->proc, "opening /proc: %s", error_words(w->proc));
	return 0;
}

int syscalls_add_in_flight(const struct syscalls_options *options, struct aggregate *rows,
			   bool ending, struct error *err)
{
	struct walk w;
	int r;

	/* Nobody knows whether they will fail. */
	if (syscalls_only_failed(options) || !(options->tracing.latency || ending))
		return 0;
	r = begin_walk(&w, options, rows, err);
	if (r < 0)
		return r;
	w.ending = ending;
	r = options->tracing.latency ? add_started(&w, err) : look(&w, note, err);
	close(w.proc);
	return r;
}

static int seed(const struct task *task, uint32_t call, void *context)
{
	const struct walk *w = context;
	const struct call_entry start = { .time_ns = w->now_ns,
					  .pid = task->pid,
					  .tid = task->tid,
					  .call = call,
					  .flags = STARTED_BEFORE };
	struct call_entry now;
	uint32_t still;
	int r;

	if (!syscalls_are_selected(w->options, call))
		return 0;
	/* Its next call may be there already. When there is no room, the program will say so. */
	if (bpf_map_update_elem(w->started, &task->tid, &start, BPF_NOEXIST) < 0)
		return 0;
	/* Or it has returned just before, and not begun another since. */
	r = task_waiting_call(w->proc, task->pid, task->tid, &still);
	if (r < 0)
		return r;
	if ((r == 0 || still != call) && bpf_map_lookup_elem(w->started, &task->tid, &now) == 0 &&
	    (now.flags & STARTED_BEFORE))
		bpf_map_delete_elem(w->started, &task->tid);
	return 0;
}

int syscalls_seed_in_flight(const struct syscalls_options *options, struct aggregate *rows,
			    struct error *err)
{
	struct walk w;
	int r = begin_walk(&w, options, rows, err);

	if (r < 0)
		return r;
	if (!kernel_pid_namespace())
		r = look(&w, seed, err);
	close(w.proc);
	return r;
}
