/* SPDX-License-Identifier: MIT */
/* Counts to rows: reading the kernel's tables. See aggregate.h; reports are in aggregate_report.c.
 */
#include "aggregate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate_report.h"
#include "clock.h"
#include "container_of.h"
#include "kernel_defines.h"
#include "privileges.h"
#include "procfs.h"

void row_sum_merge(void *to, const void *from)
{
	struct row_sum *sum = to;
	const struct row_sum *more = from;

	sum->events += more->events;
	sum->failed += more->failed;
	if (more->named_ns > sum->named_ns) {
		memcpy(sum->comm, more->comm, sizeof(sum->comm));
		sum->named_ns = more->named_ns;
	}
}

static struct aggregate *aggregate_of(struct collector *collector)
{
	return container_of(collector, struct aggregate, collector);
}

bool aggregate_names_a_process(const struct group_by *by)
{
	return group_by_has(by, BY_PROCESS) && !group_by_has(by, BY_THREAD);
}

static int make_tables(struct aggregate *a)
{
	const struct aggregate_ops *ops = a->ops;
	int r = row_table_new(&a->now, ops->value_size, ops->merge);

	if (r == 0 && ops->show_as)
		r = row_table_new(&a->shown, ops->value_size, ops->merge);
	if (r == 0 && a->cumulative)
		r = row_table_new(&a->kept, ops->kept_size, ops->merge_kept);
	if (r == 0 && group_by_has(&a->by, BY_ERRNO))
		r = row_table_new(&a->shares, sizeof(struct row_sum), row_sum_merge);
	if (r == 0)
		r = id_names_new(&a->names);
	a->scratch = r == 0 ? calloc(1, ops->value_size) : NULL;
	return a->scratch ? 0 : -ENOMEM;
}

/* One difference for the whole run, so that a process has one start in all its rows. */
static void find_starts(struct aggregate *a)
{
	const struct kernel *kernel = a->trace->kernel;

	a->has_starts = group_by_has_pid(&a->by) && kernel && kernel_tells_starts(kernel);
	a->boot_wall_ns = clock_wall_ns() - (clock_boottime_ns() - clock_boottime_shift_ns());
}

/* The kernel's rows are as the plan has made them. */
static int find_table(struct aggregate *a, struct error *err)
{
	size_t counted = a->times_at ? sizeof(struct row_times) : sizeof(struct row_count);

	return map_swap_init(&a->swap, a->trace->loaded, "tables", "table",
			     group_by_key_size(&a->by), counted + a->counted_behind, err);
}

static int start(struct collector *collector, const struct trace *trace, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	int r = 0;

	a->trace = trace;
	a->swap.maps[0] = a->swap.maps[1] = -1;
	find_starts(a);
	if (make_tables(a) < 0)
		return error_nomem(err);
	if (a->ops->start)
		r = a->ops->start(a, err);
	if (r < 0)
		return r;
	if (collector->privileges_needed & PRIVILEGE_CGROUPS)
		id_names_open_cgroups(a->names);
	r = a->ops->read ? 0 : find_table(a, err);
	a->swap.barrier = trace->kernel && !kernel_swaps_wait(trace->kernel);
	return r;
}

static int enable(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	int r = a->ops->read ? 0 : map_swap_start(&a->swap, err);

	return r == 0 && a->ops->enable ? a->ops->enable(a, err) : r;
}

static int disable(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);

	return a->ops->read ? 0 : map_swap_stop(&a->swap, err);
}

/* Is there room for a row of the interval, also among the sums since the start? */
static bool has_room_in_kept(struct aggregate *a, const struct row_id *id)
{
	if (!a->kept || row_table_find(a->now, id) || row_table_find(a->kept, id))
		return true;
	if (row_table_count(a->kept) + a->fresh >= row_table_most(a->kept))
		return false;
	a->fresh++;
	return true;
}

int aggregate_add(struct aggregate *a, const struct row_id *id, const void *value)
{
	const struct row_sum *sum = value;
	int r = has_room_in_kept(a, id) ? row_table_add(a->now, id, value) : -ENOSPC;

	if (r != -ENOSPC)
		return r;
	a->collector.no_room += sum->events;
	return 0;
}

/* A row of a thread has the start of its process as well. */
static int settle_starts(struct aggregate *a, struct row_id *id)
{
	int r = 0;

	if (id->start_ns || a->has_starts)
		r = task_starts_settle(&a->starts, id->pid, &id->start_ns);
	if (r == 0 && group_by_has(&a->by, BY_THREAD) && id->tid != id->pid)
		r = task_starts_settle(&a->starts, id->tid, &id->thread_start_ns);
	else if (r == 0 && group_by_has(&a->by, BY_THREAD))
		id->thread_start_ns = id->start_ns;
	return r;
}

/* One CPU's row of the kernel's table. */
static int add_row(const void *key, const void *counted, void *context)
{
	struct aggregate *a = context;
	const struct row_count *count = counted;
	const struct row_times *times = counted;
	struct row_sum *sum = a->scratch;
	struct row_id id;
	int r = 0;

	memset(a->scratch, 0, a->ops->value_size);
	sum->events = count->calls;
	sum->failed = count->errors;
	sum->named_ns = count->named_ns;
	memcpy(sum->comm, count->comm, sizeof(sum->comm));
	if (a->times_at)
		histogram_add((struct histogram *)((char *)a->scratch + a->times_at), times->timed,
			      times->total_ns, times->min_ns, times->max_ns, times->histogram);
	group_by_decode(&a->by, key, &id);
	/* In a cumulative report the task may have had a row from /proc before. */
	if (a->kept && a->has_starts)
		r = settle_starts(a, &id);
	if (r == 0 && a->ops->decode)
		r = a->ops->decode(a, &id, counted, a->scratch);
	return r < 0 ? r : aggregate_add(a, &id, a->scratch);
}

static int poll_tables(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	int r = a->ops->read ? a->ops->read(a, err) : map_swap_read(&a->swap, add_row, a, err);

	a->starts_read = false;
	return r == 0 && a->ops->polled ? a->ops->polled(a, err) : r;
}

/* The starts by which the rows of this interval go. */
static int read_starts(struct aggregate *a)
{
	int r = 0;

	for (size_t i = 0; r == 0 && !a->starts_read && i < row_table_count(a->now); i++) {
		const struct row_id *id;
		struct row_id copy;

		row_table_at(a->now, i, &id);
		copy = *id;
		r = settle_starts(a, &copy);
	}
	a->starts_read = true;
	return r;
}

/* When a thread and its process began, as far as /proc tells; 0 when it does not. */
static int find_task_starts(struct aggregate *a, int proc, struct row_id *id)
{
	uint64_t shift = clock_boottime_shift_ns();
	int r = read_starts(a);

	if (r == 0 && procfs_task_began(proc, id->pid, &id->start_ns) == 0)
		id->start_ns -= shift;
	if (r == 0 && id->tid && procfs_task_began(proc, id->tid, &id->thread_start_ns) == 0)
		id->thread_start_ns -= shift;
	return r == 0 ? settle_starts(a, id) : r;
}

int aggregate_add_task(struct aggregate *a, int proc, const struct task *task, uint32_t call,
		       void *value, struct row_id *idp)
{
	struct row_sum *sum = value;
	struct row_id id = {
		.pid = task->pid, .tid = task->tid, .uid = task->uid, .call = (uint16_t)call
	};

	memcpy(sum->comm, aggregate_names_a_process(&a->by) ? task->leader : task->comm,
	       sizeof(sum->comm));
	sum->named_ns = sum->comm[0] ? clock_monotonic_ns() : 0;
	memcpy(id.comm, task->comm, sizeof(id.comm));
	if (group_by_has(&a->by, BY_CGROUP))
		id.cgroup = task_cgroup(proc, task->pid, task->tid, a->names);
	group_by_keep(&a->by, &id);
	if (a->has_starts && find_task_starts(a, proc, &id) < 0)
		return -ENOMEM;
	if (idp)
		*idp = id;
	return aggregate_add(a, &id, value);
}

/* What has been counted, and what is in progress. */
static int read_all(struct aggregate *a, bool ending, uint64_t *in_flight, struct error *err)
{
	int r = poll_tables(&a->collector, err);

	*in_flight = 0;
	return r == 0 && a->ops->in_flight ? a->ops->in_flight(a, ending, in_flight, err) : r;
}

static int report(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	uint64_t unused;
	int r = a->finished ? 0 : read_all(a, false, &unused, err);

	return r < 0 ? r : aggregate_report(a);
}

static int finish(struct collector *collector, uint64_t *in_flight, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);

	a->finished = true;
	return read_all(a, true, in_flight, err);
}

static int summary(struct collector *collector, const struct drops *drops, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);

	(void)drops;
	return a->ops->summary ? a->ops->summary(a, err) : 0;
}

static size_t counters(const struct collector *collector, const struct drops *drops,
		       struct report_end_counter *out)
{
	const struct aggregate *a = container_of(collector, struct aggregate, collector);
	const struct aggregate_columns *columns = a->columns;

	(void)drops;
	out[0] = (struct report_end_counter){ .key = columns->list[columns->events].key,
					      .value = a->events };
	out[1] = (struct report_end_counter){ .key = columns->list[columns->failed].key,
					      .value = a->failed };
	return a->no_failures ? 1 : 2;
}

static void free_aggregate(struct collector *collector)
{
	struct aggregate *a = aggregate_of(collector);

	if (!a->ops->read && a->trace)
		map_swap_clear(&a->swap);
	row_table_free(a->now);
	row_table_free(a->shown);
	row_table_free(a->kept);
	row_table_free(a->shares);
	task_starts_clear(&a->starts);
	id_names_free(a->names);
	if (a->ops->clear)
		a->ops->clear(a);
	free(a->scratch);
	free(a);
}

void aggregate_init(struct aggregate *a, const struct aggregate_ops *ops,
		    const struct aggregate_columns *columns)
{
	static const struct collector_ops collector_ops = {
		.start = start,
		.enable = enable,
		.poll = poll_tables,
		.report = report,
		.disable = disable,
		.finish = finish,
		.summary = summary,
		.counters = counters,
		.free = free_aggregate,
	};

	a->collector = (struct collector){ .ops = &collector_ops };
	a->ops = ops;
	a->columns = columns;
}
