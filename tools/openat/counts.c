/* SPDX-License-Identifier: MIT */
/*
 * bcc-openat as counts. See counts.h.
 *
 * Beside the rows it keeps, over the whole run, how opens are distributed over processes and over
 * seconds; both are printed at the end.
 */
#define _GNU_SOURCE
#include "counts.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "container_of.h"
#include "hyperloglog.h"
#include "openat/records.h"
#include "openat_in_flight.h"
#include "openat_plan.h"
#include "path_names.h"
#include "per_process.h"

enum {
	SLICE_NS = 900000000, /* readings are a second apart, or a little less */
};

/** struct slice - a part of the run, and how many opens it had */
struct slice {
	uint64_t span_ns;
	uint64_t opens;
};

/** struct large_value - of a row, with latency or the count of different paths */
struct large_value {
	struct row_sum sum;
	struct histogram times;
	uint8_t ranks[OPEN_DISTINCT];
};

/**
 * struct counts
 * @rows:    the collector
 * @texts:   what path ids stand for; NULL unless rows have paths
 * @totals:  opens of each process over the run; NULL unless rows have processes
 * @seconds: opens in each slice of a second, but for @last and @now
 * @last:    the last slice that is over: what is left at the end of the run belongs to it
 * @now:     the slice that is not over; its length is not known
 * @now_began_ns: when that one began; 0: when the run did
 */
struct counts {
	struct aggregate rows;
	const struct openat_options *options;
	struct path_names *texts;
	struct per_process *totals;
	struct distribution seconds;
	struct slice last, now;
	uint64_t now_began_ns;
};

static struct counts *counts_of(const struct aggregate *a)
{
	return container_of(a, struct counts, rows);
}

static void merge_large(void *to, const void *from)
{
	struct large_value *large = to;
	const struct large_value *more = from;

	row_sum_merge(&large->sum, &more->sum);
	histogram_merge(&large->times, &more->times);
	hyperloglog_merge(large->ranks, more->ranks);
}

static int start(struct aggregate *a, struct error *err)
{
	struct counts *c = counts_of(a);
	int r = openat_fill_glob(c->options, a->trace->loaded, err);

	if (r < 0)
		return r;
	if (openat_by_path(&a->by))
		r = path_names_new(&c->texts);
	if (r == 0 && group_by_has_pid(&a->by))
		r = per_process_new(&c->totals);
	return r < 0 ? error_nomem(err) : 0;
}

/* The program keeps the ranks of paths behind the counts. */
static int decode(struct aggregate *a, const struct row_id *id, const void *counted, void *value)
{
	struct counts *c = counts_of(a);
	const struct row_sum *sum = value;
	size_t ranks_at =
		c->options->tracing.latency ? sizeof(struct row_times) : sizeof(struct row_count);

	if (c->options->distinct)
		memcpy(((struct large_value *)value)->ranks, (const char *)counted + ranks_at,
		       OPEN_DISTINCT);
	if (c->texts)
		path_names_used(c->texts, id->path);
	c->now.opens += sum->events;
	return c->totals ? per_process_add(c->totals, id->pid, id->start_ns, sum->events) : 0;
}

static bool is_alive(uint32_t pid, void *context)
{
	(void)context;
	return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

static double per_second(uint64_t opens, uint64_t span_ns)
{
	return span_ns ? (double)opens / (double)span_ns * 1e9 : 0;
}

static void add_last(struct counts *c)
{
	if (c->last.span_ns)
		distribution_add(&c->seconds,
				 (uint64_t)(per_second(c->last.opens, c->last.span_ns) + 0.5));
}

/* The slice that is not over, as if it ended at this time. */
static struct slice slice_until(const struct counts *c, uint64_t ns)
{
	uint64_t began_ns = c->now_began_ns ? c->now_began_ns : c->rows.trace->began_ns;

	return (struct slice){ ns > began_ns ? ns - began_ns : 0, c->now.opens };
}

/* A second is over, more or less: by how much matters. */
static void close_slice(struct counts *c)
{
	uint64_t now_ns = clock_monotonic_ns();
	struct slice slice = slice_until(c, now_ns);

	if (slice.span_ns < SLICE_NS)
		return;
	add_last(c);
	c->last = slice;
	c->now = (struct slice){ 0 };
	c->now_began_ns = now_ns;
}

static void close_last_slice(struct counts *c)
{
	const struct trace *trace = c->rows.trace;
	struct slice rest = slice_until(c, trace->began_ns + trace->span_ns);

	c->last.span_ns += rest.span_ns;
	c->last.opens += rest.opens;
	add_last(c);
}

static int polled(struct aggregate *a, struct error *err)
{
	struct counts *c = counts_of(a);
	int r = c->texts ? path_names_read(c->texts, a->trace->loaded, err) : 0;

	if (r == 0 && c->totals)
		per_process_fold(c->totals, is_alive, NULL);
	if (r == 0)
		close_slice(c);
	return r;
}

static int note_in_flight(const struct row_id *id, void *context)
{
	struct counts *c = context;

	c->now.opens++;
	return c->totals ? per_process_add(c->totals, id->pid, id->start_ns, 1) : 0;
}

static int in_flight(struct aggregate *a, bool ending, uint64_t *count, struct error *err)
{
	struct counts *c = counts_of(a);
	struct large_value one = { .sum = { .events = 1 } };

	if (!ending)
		return 0;
	return openat_add_in_flight(c->options, a, &one, note_in_flight, c, count, err);
}

/* One path can have been given in several ways, and a directory holds many: each text is a row. */
static int show_as(struct aggregate *a, const struct row_id *id, struct row_id *shown)
{
	return path_names_common(counts_of(a)->texts, id->path, group_by_has(&a->by, BY_DIR),
				 shown->path);
}

static void path_cell(const struct aggregate *a, const struct row_id *id, struct cell *cells)
{
	struct path_name text = path_names_named(counts_of(a)->texts, id->path);
	struct cell *cell = &cells[group_by_has(&a->by, BY_DIR) ? COL_DIR : COL_PATH];

	cell->null = !text.bytes;
	cell->text.bytes = text.bytes;
	cell->text.len = text.len;
}

static void make_cells(const struct aggregate *a, const struct row_id *id, const void *value,
		       const void *kept, struct cell *cells)
{
	const struct counts *c = counts_of(a);
	const struct row_sum *sum = value;

	(void)kept;
	cells[COL_FAILED_SHARE].number = cell_share(sum->failed, sum->events);
	cells[COL_FAILED_SHARE].null = !sum->events;
	if (c->options->distinct)
		cells[COL_DISTINCT].number =
			hyperloglog_estimate(((const struct large_value *)value)->ranks);
	if (id && c->texts)
		path_cell(a, id, cells);
}

static void reported(struct aggregate *a)
{
	if (counts_of(a)->texts)
		path_names_age(counts_of(a)->texts);
}

static int summary(struct aggregate *a, struct error *err)
{
	static const struct distribution_nouns processes = { "opens", "process", "processes" };
	static const struct distribution_nouns seconds = { "opens", "second", "seconds" };
	struct report *report = a->trace->report;
	struct counts *c = counts_of(a);
	int r = 0;

	(void)err;
	close_last_slice(c);
	if (c->totals) {
		const struct distribution *spread = per_process_finish(c->totals);

		r = report_distribution(report, spread, distribution_mean(spread), &processes);
	}
	if (r < 0)
		return r;
	return report_distribution(report, &c->seconds, per_second(a->events, a->trace->span_ns),
				   &seconds);
}

static void clear(struct aggregate *a)
{
	struct counts *c = counts_of(a);

	path_names_free(c->texts);
	per_process_free(c->totals);
}

#define OPS(...)                                                                                   \
	{                                                                                          \
		.start = start, .decode = decode, .polled = polled, .in_flight = in_flight,        \
		.cells = make_cells, .reported = reported, .summary = summary, .clear = clear,     \
		__VA_ARGS__                                                                        \
	}
#define SMALL .value_size = sizeof(struct row_sum), .merge = row_sum_merge
#define LARGE .value_size = sizeof(struct large_value), .merge = merge_large

static const struct aggregate_ops *ops_of(const struct openat_options *options)
{
	/* By whether values are large, and whether rows are shown by path. */
	static const struct aggregate_ops ops[2][2] = {
		{ OPS(SMALL), OPS(SMALL, .show_as = show_as) },
		{ OPS(LARGE), OPS(LARGE, .show_as = show_as) },
	};
	struct group_by by = openat_by(options);

	return &ops[options->tracing.latency || options->distinct][openat_by_path(&by)];
}

struct collector *openat_counts_new(const struct openat_options *options)
{
	struct counts *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	aggregate_init(&c->rows, ops_of(options), &openat_aggregate_columns);
	c->options = options;
	c->rows.by = openat_by(options);
	c->rows.no_failures = options->no_results;
	c->rows.total_fields = openat_total_fields(options);
	c->rows.counted_behind = options->distinct ? OPEN_DISTINCT : 0;
	if (options->tracing.latency)
		c->rows.times_at = offsetof(struct large_value, times);
	return &c->rows.collector;
}
