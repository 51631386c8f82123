/* SPDX-License-Identifier: MIT */
/*
 * A collector of counts: a hash table in the kernel, read and emptied, becomes the rows of a
 * report, an interval at a time.
 *
 * The kernel has one row for each key and CPU. Here all rows of a key are added up into one value,
 * which begins with a struct row_sum; what else is in it, only the tool knows. A tool embeds struct
 * aggregate at the beginning of its own struct and gives struct aggregate_ops.
 */
#ifndef AGGREGATE_H
#define AGGREGATE_H

#include "collector.h"
#include "group_by.h"
#include "id_names.h"
#include "map_swap.h"
#include "row_cells.h"
#include "row_table.h"
#include "task_info.h"
#include "task_starts.h"

/**
 * struct row_sum - what every row adds up
 * @events, @failed: how many there were, and how many of them failed
 * @named_ns: since when the row has its name; the newest name stays
 * @comm:     a name for the row, where it has one; not NUL-terminated when ROW_COMM long
 */
struct row_sum {
	uint64_t events;
	uint64_t failed;
	uint64_t named_ns;
	char comm[ROW_COMM];
};

/** row_sum_merge() - add @from to @to, both struct row_sum; a row_merge_fn. */
void row_sum_merge(void *to, const void *from);

struct aggregate;

/**
 * struct aggregate_ops - what only the tool knows. All but the two pairs in front may be NULL
 * @value_size, @merge: of a row's value, within an interval
 * @kept_size, @merge_kept: of the beginning of a value, which is kept over intervals when the
 * report is cumulative
 * @start:     before the tables are made
 * @enable:    right after counting began
 * @read:      read the kernel's counts, where they are not in the table of rows: call
 *             aggregate_add() for each
 * @decode:    one row of the kernel's table into @value, of which the row_sum and the times are
 *             filled. @counted: struct row_count, with latency struct row_times, and what the
 *             program keeps behind it
 * @polled:    after each reading
 * @in_flight: add the events that are in progress, see aggregate_add_task(). @ending: the run is
 *             over. *@count: how many there are of which the program has seen the beginning
 * @show_as:   rows of several keys are one row of the report: the id of that row
 * @cells:     the cells that only this tool has. @id: NULL for the total of all rows. @kept: the
 *             row's sums since the start, or NULL
 * @reported:  the rows of the interval have been reported and are forgotten
 * @summary:   see struct collector_ops
 * @clear:     release what the tool's own struct holds, and not the struct
 */
struct aggregate_ops {
	size_t value_size;
	row_merge_fn merge;
	size_t kept_size;
	row_merge_fn merge_kept;
	int (*start)(struct aggregate *a, struct error *err);
	int (*enable)(struct aggregate *a, struct error *err);
	int (*read)(struct aggregate *a, struct error *err);
	int (*decode)(struct aggregate *a, const struct row_id *id, const void *counted,
		      void *value);
	int (*polled)(struct aggregate *a, struct error *err);
	int (*in_flight)(struct aggregate *a, bool ending, uint64_t *count, struct error *err);
	int (*show_as)(struct aggregate *a, const struct row_id *id, struct row_id *shown);
	void (*cells)(const struct aggregate *a, const struct row_id *id, const void *value,
		      const void *kept, struct cell *cells);
	void (*reported)(struct aggregate *a);
	int (*summary)(struct aggregate *a, struct error *err);
	void (*clear)(struct aggregate *a);
};

/** struct aggregate_columns - where the cells that all aggregates have are among the columns */
struct aggregate_columns {
	const struct column *list;
	size_t count;
	size_t events, failed, share, histogram;
	struct key_columns key;
	struct time_columns times;
};

enum {
	AGGREGATE_COLUMNS_MAX = 64,
};

/**
 * struct aggregate
 * The tool sets, before start():
 * @by:           what a row is about
 * @times_at:     offset of the struct histogram in a value, when durations are measured; else 0
 * @counted_behind: bytes that the program keeps behind the counts of a row
 * @cumulative:   every row there has been is in each report, with its sums since the start
 * @no_failures:  whether events failed is not known
 * @total_fields: bit i: the total has a cell in column i that no sum of cells could give
 *
 * @trace:   after start()
 * @swap:    the kernel's table of rows, unless the tool reads the counts itself
 * @now:     rows of the interval, as the kernel tells them apart
 * @shown:   rows of the report, when these are others; else NULL
 * @kept:    sums since the start; NULL unless @cumulative
 * @fresh:   how many rows of @now are not in @kept
 * @shares:  when errno is one of several keys: sums by the other keys; else NULL
 * @starts:  of processes and threads whose rows come from /proc as well; @starts_read: it has
 *           those of @now
 * @has_starts: the program tells when tasks began
 * @boot_wall_ns: what to add to such a time to get the time of day
 * @names:   of users and cgroups
 * @scratch: room for a value
 * @events, @failed: of all intervals that have been reported
 * @finished: the last reading is done
 */
struct aggregate {
	struct collector collector;
	const struct aggregate_ops *ops;
	const struct aggregate_columns *columns;
	struct group_by by;
	size_t times_at;
	size_t counted_behind;
	bool cumulative;
	bool no_failures;
	uint64_t total_fields;

	const struct trace *trace;
	struct map_swap swap;
	struct row_table *now;
	struct row_table *shown;
	struct row_table *kept;
	size_t fresh;
	struct row_table *shares;
	struct task_starts starts;
	bool starts_read;
	bool has_starts;
	uint64_t boot_wall_ns;
	struct id_names *names;
	void *scratch;
	uint64_t events;
	uint64_t failed;
	bool finished;
};

/**
 * aggregate_init() - before the tool sets the members it knows
 * @a: zeroed, on the heap, at the beginning of the tool's struct: the collector's free() frees it
 */
void aggregate_init(struct aggregate *a, const struct aggregate_ops *ops,
		    const struct aggregate_columns *columns);

/**
 * aggregate_add() - add a value to the row of an id
 *
 * Events of a new row count as dropped when there is no room for it. Return: 0 or -ENOMEM.
 */
int aggregate_add(struct aggregate *a, const struct row_id *id, const void *value);

/**
 * aggregate_add_task() - add to the row that an event of this thread belongs to
 * @proc:  descriptor of /proc
 * @call:  slot of the system call
 * @value: gets the row's name, and is added
 * @idp:   filled with the row's id, or NULL
 */
int aggregate_add_task(struct aggregate *a, int proc, const struct task *task, uint32_t call,
		       void *value, struct row_id *idp);

/** aggregate_names_a_process() - is a row a whole process, which goes by its leader's name? */
bool aggregate_names_a_process(const struct group_by *by);

#endif
