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
#include "privileges.h"

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

static int start(struct collector *collector, const struct trace *trace, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	int r = 0;

	a->trace = trace;
	a->swap.maps[0] = a->swap.maps[1] = -1;
	if (make_tables(a) < 0)
		return error_nomem(err);
	if (a->ops->start)
		r = a->ops->start(a, err);
	if (r < 0)
		return r;
	if (group_by_has(&a->by, BY_CGROUP))
		collector->privileges_needed |= PRIVILEGE_CGROUPS;
	if (group_by_has(&a->by, BY_USER))
		collector->privileges_needed |= PRIVILEGE_USERS;
	if (collector->privileges_needed & PRIVILEGE_CGROUPS)
		id_names_open_cgroups(a->names);
	return a->ops->read ? 0 : map_swap_init(&a->swap, trace->loaded, "tables", "table", err);
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

int aggregate_add(struct aggregate *a, const struct row_id *id, const void *value)
{
	return row_table_add(a->now, id, value);
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
	if (a->ops->decode)
		r = a->ops->decode(a, &id, counted, a->scratch);
	return r < 0 ? r : aggregate_add(a, &id, a->scratch);
}

static int poll_tables(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);
	int r = a->ops->read ? a->ops->read(a, err) : map_swap_read(&a->swap, add_row, a, err);

	return r == 0 && a->ops->polled ? a->ops->polled(a, err) : r;
}

int aggregate_add_task(struct aggregate *a, int proc, const struct task *task, uint32_t call,
		       void *value)
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

static int summary(struct collector *collector, struct error *err)
{
	struct aggregate *a = aggregate_of(collector);

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
