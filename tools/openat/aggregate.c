/* SPDX-License-Identifier: MIT */
/* Counts of bcc-openat, out of the kernel's tables. See openat_rows.h; how they are shown is in
 * openat_report.c. */
#define _GNU_SOURCE
#include "aggregate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "clock.h"
#include "distribution.h"
#include "hyperloglog.h"
#include "private.h"
#include "privileges.h"

enum {
	SLICE_NS = 900000000, /* readings are a second apart, or a little less */
};

bool openat_has_pid(const struct by *by)
{
	return by_has(by, BY_PROCESS) || by_has(by, BY_THREAD);
}

static void merge_sums(void *to, const void *from)
{
	struct openat_sum *sum = to;
	const struct openat_sum *more = from;

	sum->opens += more->opens;
	sum->failed += more->failed;
	if (more->named_ns > sum->named_ns) {
		memcpy(sum->comm, more->comm, sizeof(sum->comm));
		sum->named_ns = more->named_ns;
	}
}

static void merge_large(void *to, const void *from)
{
	struct openat_large *large = to;
	const struct openat_large *more = from;

	merge_sums(&large->sum, &more->sum);
	histogram_merge(&large->times, &more->times);
	distinct_merge(large->ranks, more->ranks);
}

static int make_rows(const struct openat_rows *rows, struct rows_sum **sump)
{
	if (rows->large)
		return rows_sum_new(sump, sizeof(struct openat_large), merge_large);
	return rows_sum_new(sump, sizeof(struct openat_sum), merge_sums);
}

static int make_parts(struct openat_rows *rows)
{
	int r = make_rows(rows, &rows->now);

	if (r == 0)
		r = names_new(&rows->names);
	if (r == 0 && openat_by_path(&rows->by))
		r = make_rows(rows, &rows->named);
	if (r == 0 && openat_by_path(&rows->by))
		r = openat_texts_new(&rows->texts);
	if (r == 0 && by_has(&rows->by, BY_ERRNO))
		r = rows_sum_new(&rows->shares, sizeof(struct openat_sum), merge_sums);
	if (r == 0 && openat_has_pid(&rows->by))
		r = totals_new(&rows->totals);
	return r;
}

int openat_rows_new(struct openat_rows **rowsp, const struct run *run, struct error *err)
{
	struct openat_rows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return error_nomem(err);
	*rowsp = rows;
	rows->table.maps[0] = rows->table.maps[1] = -1;
	rows->choices = run->state;
	rows->by = openat_choices_by(rows->choices);
	rows->large = rows->choices->latency || rows->choices->distinct;
	if (make_parts(rows) < 0)
		return error_nomem(err);
	if (openat_uses(rows->choices, rows, run) & PRIVILEGE_CGROUPS)
		names_open_cgroups(rows->names);
	return table_swap_init(&rows->table, run->loaded, "tables", "table", err);
}

void openat_rows_free(struct openat_rows *rows)
{
	if (!rows)
		return;
	table_swap_clear(&rows->table);
	rows_sum_free(rows->now);
	rows_sum_free(rows->named);
	rows_sum_free(rows->shares);
	names_free(rows->names);
	openat_texts_free(rows->texts);
	totals_free(rows->totals);
	free(rows);
}

int openat_rows_live(struct openat_rows *rows, struct error *err)
{
	rows->slice_began_ns = clock_monotonic_ns();
	return table_swap_start(&rows->table, err);
}

int openat_rows_halt(struct openat_rows *rows, struct error *err)
{
	return table_swap_stop(&rows->table, err);
}

/* One CPU's row of the kernel's table. */
static int add_row(const void *key, const void *value, void *context)
{
	struct openat_rows *rows = context;
	const struct row_count *count = value;
	const struct row_times *times = value;
	const char *ranks =
		(const char *)value + (rows->choices->latency ? sizeof(*times) : sizeof(*count));
	struct openat_large large = { .sum = { .opens = count->calls, .failed = count->errors } };
	struct row_id id;
	int r = 0;

	memcpy(large.sum.comm, count->comm, sizeof(large.sum.comm));
	large.sum.named_ns = count->named_ns;
	if (rows->choices->latency)
		histogram_add(&large.times, times->timed, times->total_ns, times->min_ns,
			      times->max_ns, times->histogram);
	if (rows->choices->distinct)
		memcpy(large.ranks, ranks, sizeof(large.ranks));
	by_decode(&rows->by, key, &id);
	rows->slice += count->calls;
	if (rows->texts)
		openat_texts_used(rows->texts, id.path);
	if (rows->totals)
		r = totals_add(rows->totals, id.pid, count->calls);
	return r < 0 ? r : rows_sum_add(rows->now, &id, &large);
}

static bool is_alive(uint32_t pid, void *context)
{
	(void)context;
	return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

/* A second is over, more or less: by how much matters. */
static void end_slice(struct openat_rows *rows)
{
	uint64_t now = clock_monotonic_ns(), span = now - rows->slice_began_ns;

	if (span < SLICE_NS)
		return;
	spread_add(&rows->seconds, (uint64_t)((double)rows->slice / (double)span * 1e9 + 0.5));
	rows->slice = 0;
	rows->slice_began_ns = now;
}

int openat_rows_gather(struct openat_rows *rows, const struct run *run, struct error *err)
{
	int r = table_swap_read(&rows->table, add_row, rows, err);

	if (r == 0 && rows->texts)
		r = openat_texts_read(rows->texts, run->loaded, err);
	if (r == 0 && rows->totals)
		r = totals_fold(rows->totals, is_alive, NULL);
	if (r == 0)
		end_slice(rows);
	return r == -ENOMEM && !err->code ? error_nomem(err) : r;
}

uint64_t openat_rows_waiting(const struct openat_rows *rows)
{
	return rows->waiting;
}

void openat_rows_sums(const struct openat_rows *rows, uint64_t *opens, uint64_t *failed)
{
	*opens = rows->opens;
	*failed = rows->failed;
}

/* One that is not over counts when there is no other. */
static void end_last_slice(struct openat_rows *rows, uint64_t now_ns)
{
	uint64_t span = now_ns - rows->slice_began_ns;

	if (!rows->seconds.count && span)
		spread_add(&rows->seconds,
			   (uint64_t)((double)rows->slice / (double)span * 1e9 + 0.5));
}

int openat_rows_summary(struct openat_rows *rows, const struct run *run)
{
	static const struct spread_nouns processes = { "opens", "process", "processes" };
	static const struct spread_nouns seconds = { "opens", "second", "seconds" };
	const struct spread *of = rows->totals ? totals_finish(rows->totals) : NULL;
	int r = 0;

	end_last_slice(rows, clock_monotonic_ns());
	if (of)
		r = report_is_text(run->report)
			    ? spread_print(of, &processes, run->report)
			    : report_distribution(run->report, processes.one, of);
	if (r == 0)
		r = report_is_text(run->report)
			    ? spread_print(&rows->seconds, &seconds, run->report)
			    : report_distribution(run->report, seconds.one, &rows->seconds);
	return r;
}
