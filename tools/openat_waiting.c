/* SPDX-License-Identifier: MIT */
/*
 * Opens that have begun and not returned when a run ends, as one of a FIFO that nobody writes to: they count as opens. No
 * hook tells of them then; /proc does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cleanup.h"
#include "clock.h"
#include "openat_plan.h"
#include "openat_private.h"
#include "tasks.h"

struct waiting {
	struct openat_rows *rows;
	int proc;
};

static int waits(const struct task *task, uint32_t call, void *context)
{
	const struct waiting *w = context;
	const struct by *by = &w->rows->by;
	bool process = by_has(by, BY_PROCESS) && !by_has(by, BY_THREAD);
	struct openat_large large = { .sum = { .opens = 1, .named_ns = clock_monotonic_ns() } };
	struct row_id id = { .pid = task->pid, .tid = task->tid, .uid = task->uid, .call = (uint16_t)call };
	int r = 0;

	if (!openat_counts_slot(w->rows->choices, call))
		return 0;
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

/* Where entries are counted, or what has been entered and not returned is counted as that. */
static bool are_known(const struct openat_rows *rows, const struct run *run)
{
	struct hook hook;

	return rows->choices->no_results || (hook_parse(&hook, run->object.programs[0].section) == 0 &&
					     hook.kind == HOOK_KRETPROBE && !kernel_kretprobes_tell(&run->kernel));
}

int openat_add_waiting(struct openat_rows *rows, const struct run *run, struct error *err)
{
	const struct openat_choices *choices = rows->choices;
	cleanup_close int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct waiting w = { .rows = rows, .proc = proc };
	int r;

	/* Nobody knows how they will end, and of their paths and flags only the program could. */
	if (!run->ending || proc < 0 || choices->failed || choices->errnos.count || choices->write || choices->flags.count ||
	    choices->path || choices->distinct || openat_by_path(&rows->by) || are_known(rows, run))
		return 0;
	r = tasks_waiting(&run->options.filter, load_map(run->loaded, "followed"), rows->names, waits, &w);
	return r < 0 ? error_set(err, r, "reading the threads from /proc: %s", error_name(r)) : 0;
}
