/* SPDX-License-Identifier: MIT */
/*
 * Opens that have begun and not returned when a run ends, as one of a FIFO that nobody writes to:
 * they count as opens. No hook tells of them then; /proc does. Where entries are counted, what has
 * not returned and is not here has been lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cleanup.h"
#include "clock.h"
#include "in_flight.h"
#include "plan.h"
#include "private.h"
#include "privileges.h"
#include "procfs.h"
#include "stream.h"
#include "task_info.h"

/* @rows: to count them in, or NULL */
struct waiting {
	const struct openat_choices *choices;
	struct openat_rows *rows;
	int proc;
	uint64_t count;
};

static int add(const struct waiting *w, const struct task *task, uint32_t call)
{
	const struct by *by = &w->rows->by;
	bool process = by_has(by, BY_PROCESS) && !by_has(by, BY_THREAD);
	struct openat_large large = { .sum = { .opens = 1, .named_ns = clock_monotonic_ns() } };
	struct row_id id = {
		.pid = task->pid, .tid = task->tid, .uid = task->uid, .call = (uint16_t)call
	};
	int r = 0;

	memcpy(large.sum.comm, process ? task->leader : task->comm, sizeof(large.sum.comm));
	memcpy(id.comm, task->comm, sizeof(id.comm));
	if (by_has(by, BY_CGROUP))
		id.cgroup = tasks_cgroup(w->proc, task->pid, task->tid, w->rows->names);
	by_keep(by, &id);
	w->rows->slice++;
	if (w->rows->totals)
		r = totals_add(w->rows->totals, task->pid, 1);
	return r < 0 ? r : rows_sum_add(w->rows->now, &id, &large);
}

static int waits(const struct task *task, uint32_t call, void *context)
{
	struct waiting *w = context;

	if (!openat_counts_slot(w->choices, call))
		return 0;
	w->count++;
	return w->rows ? add(w, task, call) : 0;
}

/* Nobody knows how they will end, and of their paths and flags only the program could. */
static bool are_counted(const struct openat_rows *rows)
{
	const struct openat_choices *c = rows->choices;

	return !c->failed && !c->errnos.count && !c->write && !c->flags.count && !c->path &&
	       !c->distinct && !openat_by_path(&rows->by);
}

/* Then those that have not returned tell what is missing; elsewhere only returns are seen. */
static bool entries_are_counted(const struct run *run)
{
	for (size_t i = 0; i < run->object.nprograms; i++) {
		struct hook hook;

		if (hook_parse(&hook, run->object.programs[i].section) == 0 &&
		    (hook.kind == HOOK_FENTRY || hook.kind == HOOK_KPROBE))
			return true;
	}
	return false;
}

/* Without results they were counted as they began. @rows: NULL for a stream */
static bool are_looked_for(const struct openat_choices *choices, const struct openat_rows *rows,
			   const struct run *run)
{
	return !choices->no_results && ((rows && are_counted(rows)) || entries_are_counted(run));
}

unsigned openat_uses(const struct openat_choices *choices, const struct openat_rows *rows,
		     const struct run *run)
{
	bool tasks = are_looked_for(choices, rows, run);
	bool cgroups = (rows && by_has(&rows->by, BY_CGROUP)) ||
		       (tasks && run->options.filter.cgroup >= 0);

	return (tasks ? PRIVILEGE_TASKS : 0) | (cgroups ? PRIVILEGE_CGROUPS : 0);
}

int openat_add_waiting(struct openat_rows *rows, const struct run *run, struct error *err)
{
	struct waiting w = { .choices = rows->choices, .rows = are_counted(rows) ? rows : NULL };
	cleanup_close int proc = -1;
	int r;

	if (!run->ending || !are_looked_for(rows->choices, rows, run))
		return 0;
	proc = w.proc = proc_open();
	if (proc < 0)
		return error_set(err, proc, "opening /proc: %s", error_name(proc));
	r = tasks_waiting(&run->options.filter, load_map(run->loaded, "followed"), rows->names,
			  waits, &w);
	rows->waiting = w.count;
	return r < 0 ? error_set(err, r, "reading the threads from /proc: %s", error_name(r)) : 0;
}

int openat_count_waiting(const struct run *run, uint64_t *count)
{
	struct waiting w = { .choices = run->state };
	struct names *names = NULL;
	int r = 0;

	*count = 0;
	if (!are_looked_for(w.choices, NULL, run))
		return 0;
	r = names_new(&names);
	if (r == 0 && run->options.filter.cgroup >= 0)
		names_open_cgroups(names);
	if (r == 0)
		r = tasks_waiting(&run->options.filter, load_map(run->loaded, "followed"), names,
				  waits, &w);
	names_free(names);
	*count = w.count;
	return r;
}
