/* SPDX-License-Identifier: MIT */
/* Counts of bcc-syscalls, out of the kernel's tables. See syscalls_rows.h; how they are shown is in
 * syscalls_report.c. */
#define _GNU_SOURCE
#include "aggregate.h"
#include "privileges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "private.h"

static void merge_sums(void *to, const void *from)
{
	struct syscalls_sum *sum = to;
	const struct syscalls_sum *more = from;

	sum->calls += more->calls;
	sum->errors += more->errors;
	sum->total_ns += more->total_ns;
	sum->blocked += more->blocked;
	if (more->blocked_ns > sum->blocked_ns)
		sum->blocked_ns = more->blocked_ns;
	if (more->named_ns > sum->named_ns) {
		memcpy(sum->comm, more->comm, sizeof(sum->comm));
		sum->named_ns = more->named_ns;
	}
}

static void merge_timed(void *to, const void *from)
{
	struct syscalls_timed *timed = to;
	const struct syscalls_timed *more = from;

	merge_sums(&timed->sum, &more->sum);
	histogram_merge(&timed->times, &more->times);
}

static int make_sums(struct syscalls_rows *rows)
{
	const struct syscalls_choices *choices = rows->choices;
	int r;

	if (choices->latency)
		r = rows_sum_new(&rows->now, sizeof(struct syscalls_timed), merge_timed);
	else
		r = rows_sum_new(&rows->now, sizeof(struct syscalls_sum), merge_sums);
	if (r == 0 && choices->cumulative)
		r = rows_sum_new(&rows->all, sizeof(struct syscalls_sum), merge_sums);
	if (r == 0 && by_has(&rows->by, BY_ERRNO))
		r = rows_sum_new(&rows->shares, sizeof(struct syscalls_sum), merge_sums);
	return r == 0 ? names_new(&rows->names) : r;
}

int syscalls_rows_new(struct syscalls_rows **rowsp, const struct run *run, struct error *err)
{
	struct syscalls_rows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return error_nomem(err);
	*rowsp = rows;
	rows->choices = run->state;
	rows->by = syscalls_choices_by(rows->choices);
	if (make_sums(rows) < 0)
		return error_nomem(err);
	if (syscalls_rows_uses(rows, run) & PRIVILEGE_CGROUPS)
		names_open_cgroups(rows->names);
	if (syscalls_choices_counts(rows->choices))
		return 0;
	rows->swaps = true;
	return table_swap_init(&rows->table, run->loaded, "tables", "table", err);
}

void syscalls_rows_free(struct syscalls_rows *rows)
{
	if (!rows)
		return;
	if (rows->swaps)
		table_swap_clear(&rows->table);
	rows_sum_free(rows->now);
	rows_sum_free(rows->all);
	rows_sum_free(rows->shares);
	names_free(rows->names);
	free(rows);
}

int syscalls_rows_live(struct syscalls_rows *rows, const struct run *run, struct error *err)
{
	int r = rows->swaps ? table_swap_start(&rows->table, err) : 0;

	if (r == 0 && rows->choices->latency)
		r = syscalls_seed_waiting(rows, run, err);
	return r;
}

/* One CPU's row of the kernel's table. */
static int add_row(const void *key, const void *value, void *context)
{
	struct syscalls_rows *rows = context;
	const struct row_count *count = value;
	const struct row_times *times = value;
	struct syscalls_timed timed = { .sum = { .calls = count->calls, .errors = count->errors } };
	struct row_id id;

	memcpy(timed.sum.comm, count->comm, sizeof(timed.sum.comm));
	timed.sum.named_ns = count->named_ns;
	if (rows->choices->latency) {
		timed.sum.total_ns = times->total_ns;
		histogram_add(&timed.times, times->timed, times->total_ns, times->min_ns,
			      times->max_ns, times->histogram);
	}
	by_decode(&rows->by, key, &id);
	return rows_sum_add(rows->now, &id, &timed);
}

/* The counter array only grows: what there is more than at the last reading. */
static int add_counts(struct syscalls_rows *rows, int map, struct error *err)
{
	static const struct syscall_count none;
	cleanup_free struct syscall_count *read = calloc(SYSCALL_SLOTS, sizeof(*read));
	int r;

	if (!read)
		return error_nomem(err);
	r = table_read_percpu(map, SYSCALL_SLOTS, 2, (uint64_t *)read, err);
	for (size_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		struct syscall_count *then = &rows->then[slot];
		const struct syscall_count *now = &read[slot];
		struct syscalls_sum sum = { .calls = now->calls - then->calls,
					    .errors = now->errors - then->errors };
		struct row_id id = { .call = (uint16_t)slot };

		/* The two numbers are not read at one moment: an error may be seen one interval
		 * after its call. */
		if (memcmp(&sum, &none, sizeof(none)) != 0)
			r = rows_sum_add(rows->now, &id, &sum);
		*then = *now;
	}
	return r == -ENOMEM && !err->code ? error_nomem(err) : r;
}

int syscalls_rows_gather(struct syscalls_rows *rows, const struct run *run, struct error *err)
{
	if (rows->swaps)
		return table_swap_read(&rows->table, add_row, rows, err);
	return add_counts(rows, load_map(run->loaded, "counts"), err);
}

void syscalls_rows_sums(const struct syscalls_rows *rows, uint64_t *calls, uint64_t *errors)
{
	*calls = rows->calls;
	*errors = rows->errors;
}
