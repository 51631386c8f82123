/* SPDX-License-Identifier: MIT */
/* bcc-syscalls as counts. See counts.h; calls in flight are in syscalls_in_flight.c. */
#define _GNU_SOURCE
#include "counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "container_of.h"
#include "selection.h"
#include "syscalls.h"
#include "syscalls_in_flight.h"
#include "syscalls_plan.h"

/**
 * struct counts
 * @rows: the collector
 * @then: the kernel's array of counters as it was last read; unless there is a table of rows
 */
struct counts {
	struct aggregate rows;
	const struct syscalls_options *options;
	struct syscall_count then[SYSCALL_SLOTS];
};

enum {
	KEPT_SIZE = offsetof(struct syscalls_value, times),
};

static struct counts *counts_of(const struct aggregate *a)
{
	return container_of(a, struct counts, rows);
}

static void merge_untimed(void *to, const void *from)
{
	struct syscalls_value *value = to;
	const struct syscalls_value *more = from;

	row_sum_merge(&value->sum, &more->sum);
	value->total_ns += more->total_ns;
	value->blocked += more->blocked;
	if (more->blocked_ns > value->blocked_ns)
		value->blocked_ns = more->blocked_ns;
}

static void merge_timed(void *to, const void *from)
{
	struct syscalls_value *value = to;
	const struct syscalls_value *more = from;

	merge_untimed(value, more);
	histogram_merge(&value->times, &more->times);
}

static int start(struct aggregate *a, struct error *err)
{
	const struct counts *c = counts_of(a);

	return syscalls_fill_selection(c->options, a->trace->loaded, err);
}

/* Some threads already wait in a call whose beginning nobody saw. */
static int enable(struct aggregate *a, struct error *err)
{
	const struct counts *c = counts_of(a);

	return c->options->tracing.latency ? syscalls_seed_in_flight(c->options, a, err) : 0;
}

static int decode(struct aggregate *a, const struct row_id *id, const void *counted, void *value)
{
	struct syscalls_value *v = value;

	(void)id;
	if (counts_of(a)->options->tracing.latency)
		v->total_ns = ((const struct row_times *)counted)->total_ns;
	return 0;
}

/* The counters only grow: what there is more than at the last reading. */
static int read_counters(struct aggregate *a, struct error *err)
{
	static const struct syscall_count none;
	cleanup_free struct syscall_count *read = calloc(SYSCALL_SLOTS, sizeof(*read));
	struct counts *c = counts_of(a);
	int r;

	if (!read)
		return error_nomem(err);
	r = map_read_percpu(loader_map(a->trace->loaded, "counts", sizeof(uint32_t), sizeof(*read)),
			    SYSCALL_SLOTS, 2, (uint64_t *)read, err);
	for (size_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		const struct syscall_count *now = &read[slot];
		struct syscall_count *then = &c->then[slot];
		/* The two counters are not read at one moment: a failure may be seen one interval
		 * after its call. */
		struct syscall_count more = { .calls = now->calls - then->calls,
					      .errors = now->errors - then->errors };
		struct syscalls_value value = { .sum = { .events = more.calls,
							 .failed = more.errors } };
		struct row_id id = { .call = (uint16_t)slot };

		if (memcmp(&more, &none, sizeof(none)) != 0)
			r = aggregate_add(a, &id, &value);
		*then = *now;
	}
	return r == -ENOMEM && !err->code ? error_nomem(err) : r;
}

static int in_flight(struct aggregate *a, bool ending, uint64_t *count, struct error *err)
{
	(void)count; /* the program counts returns alone */
	return syscalls_add_in_flight(counts_of(a)->options, a, ending, err);
}

static void make_cells(const struct aggregate *a, const struct row_id *id, const void *value,
		       const void *kept, struct cell *cells)
{
	const struct syscalls_value *v = value, *since = kept;

	(void)a;
	cells[COL_BLOCKED].number = v->blocked;
	cells[COL_OLDEST].number = v->blocked_ns;
	cells[COL_OLDEST].null = id ? !v->blocked : !v->blocked_ns;
	cells[COL_ALL_CALLS].number = since ? since->sum.events : 0;
	cells[COL_ALL_ERRORS].number = since ? since->sum.failed : 0;
	cells[COL_ALL_TOTAL].number = since ? since->total_ns : 0;
}

#define COMMON                                                                                     \
	.kept_size = KEPT_SIZE, .merge_kept = merge_untimed, .start = start,                       \
	.in_flight = in_flight, .cells = make_cells

static const struct aggregate_ops *ops_of(const struct syscalls_options *options)
{
	static const struct aggregate_ops counters = { COMMON, .value_size = KEPT_SIZE,
						       .merge = merge_untimed,
						       .read = read_counters };
	static const struct aggregate_ops untimed = { COMMON, .value_size = KEPT_SIZE,
						      .merge = merge_untimed };
	static const struct aggregate_ops timed = { COMMON,
						    .value_size = sizeof(struct syscalls_value),
						    .merge = merge_timed, .enable = enable,
						    .decode = decode };

	if (syscalls_counters_suffice(options))
		return &counters;
	return options->tracing.latency ? &timed : &untimed;
}

struct collector *syscalls_counts_new(const struct syscalls_options *options)
{
	struct counts *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	aggregate_init(&c->rows, ops_of(options), &syscalls_aggregate_columns);
	c->options = options;
	c->rows.by = syscalls_by(options);
	c->rows.cumulative = options->cumulative;
	c->rows.total_fields = syscalls_total_fields(options);
	if (options->tracing.latency)
		c->rows.times_at = offsetof(struct syscalls_value, times);
	return &c->rows.collector;
}
