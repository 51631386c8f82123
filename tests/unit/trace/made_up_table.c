/* SPDX-License-Identifier: MIT */
/* The made-up table and the aggregate that reads it. See made_up_table.h. */
#define _GNU_SOURCE
#include "made_up_table.h"

/* The linker calls them, under names that no header declares. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

struct made_up_table kernel_table;
uint64_t made_up_start;

int __wrap_map_swap_init(struct map_swap *swap, const struct loaded *loaded, const char *outer,
			 const char *template, size_t key_size, size_t value_size,
			 struct error *err)
{
	(void)swap, (void)loaded, (void)key_size;
	assert_true(value_size == sizeof(struct row_count) ||
		    value_size == sizeof(struct row_times));
	assert_string_equal(outer, "tables");
	assert_string_equal(template, "table");
	kernel_table.inits++;
	return kernel_table.init_result < 0 ? error_set(err, kernel_table.init_result, "no table")
					    : 0;
}

int __wrap_map_swap_start(struct map_swap *swap, struct error *err)
{
	(void)swap, (void)err;
	kernel_table.starts++;
	return 0;
}

int __wrap_map_swap_stop(struct map_swap *swap, struct error *err)
{
	(void)swap, (void)err;
	kernel_table.stops++;
	return 0;
}

int __wrap_map_swap_read(struct map_swap *swap, map_entry_fn each, void *context, struct error *err)
{
	int r = kernel_table.read_result;

	(void)swap;
	kernel_table.reads++;
	for (size_t i = 0; r == 0 && i < kernel_table.count; i++)
		r = each(kernel_table.keys[i], &kernel_table.rows[i], context);
	kernel_table.count = 0;
	return r < 0 ? error_set(err, r, "no reading") : 0;
}

void __wrap_map_swap_clear(struct map_swap *swap)
{
	(void)swap;
	kernel_table.clears++;
}

struct row_times *made_up_count(uint32_t pid, uint16_t error, uint16_t cpu, uint64_t calls,
				uint64_t errors)
{
	/* As group_by.h has the key of process and errno. Without an errno the CPU comes earlier,
	 * where nothing reads it. */
	const struct {
		uint64_t start;
		uint32_t pid;
		uint16_t error, cpu;
	} key = { made_up_start, pid, error, cpu };
	struct row_times *row = &kernel_table.rows[kernel_table.count];

	assert_true(kernel_table.count < TABLE_ROWS_MAX);
	memcpy(kernel_table.keys[kernel_table.count++], &key, sizeof(key));
	*row = (struct row_times){ .count = { .calls = calls, .errors = errors } };
	return row;
}

/* ---- the aggregate ---- */

static const struct column columns[COLUMNS] = {
	[EVENTS] = { .key = "events", .head = "EVENTS", .kind = COLUMN_COUNT },
	[FAILED] = { .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	[SHARE] = { .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	[PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[START] = { .key = "start_ts", .kind = COLUMN_TIME },
	[COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	[ERROR] = { .key = "errno", .head = "ERRNO", .kind = COLUMN_TEXT },
	[TIMED] = { .key = "timed", .head = "TIMED", .kind = COLUMN_COUNT },
	[TOTAL] = { .key = "total_ns", .head = "TOTAL", .kind = COLUMN_NS },
	[MIN] = { .key = "min_ns", .head = "MIN", .kind = COLUMN_NS },
	[MAX] = { .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	[SINCE] = { .key = "since", .head = "SINCE", .kind = COLUMN_ID },
	[OTHER] = { .key = "other", .head = "OTHER", .kind = COLUMN_ID },
};

static void no_slot_name(size_t slot, char *buf, size_t size)
{
	(void)slot;
	snprintf(buf, size, "-");
}

static const struct aggregate_columns made_up_columns = {
	.list = columns,
	.count = COLUMNS,
	.events = EVENTS,
	.failed = FAILED,
	.share = SHARE,
	.histogram = OTHER,
	.key = { .pid = PID,
		 .tid = OTHER,
		 .start = START,
		 .comm = COMM,
		 .uid = OTHER,
		 .user = OTHER,
		 .cgroup = OTHER,
		 .call = OTHER,
		 .error = ERROR,
		 .slot_name = no_slot_name },
	.times = { .timed = TIMED,
		   .total = TOTAL,
		   .avg = OTHER,
		   .min = MIN,
		   .p50 = OTHER,
		   .p99 = OTHER,
		   .max = MAX },
};

static void merge(void *to, const void *from)
{
	row_sum_merge(to, from);
	histogram_merge(&((struct value *)to)->times, &((const struct value *)from)->times);
}

static void cells_of(const struct aggregate *a, const struct row_id *id, const void *value,
		     const void *kept, struct cell *cells)
{
	const struct row_sum *since = kept;

	(void)a, (void)id, (void)value;
	cells[SINCE] = cell_number_if(since, since ? since->events : 0);
}

static void clear(struct aggregate *a)
{
	++*((struct counts *)a)->cleared;
}

const struct aggregate_ops ops_usual = {
	.value_size = sizeof(struct value),
	.merge = merge,
	.kept_size = sizeof(struct row_sum),
	.merge_kept = row_sum_merge,
	.cells = cells_of,
	.clear = clear,
};

/* ---- a run ---- */

void run_prepare(struct run *run, const struct aggregate_ops *ops, unsigned keys)
{
	struct counts *counts = calloc(1, sizeof(*counts));

	assert_non_null(counts);
	memset(run, 0, sizeof(*run));
	memset(&kernel_table, 0, sizeof(kernel_table));
	run->err = (struct error)ERROR_INIT;
	run->a = &counts->aggregate;
	run->collector = &run->a->collector;
	counts->cleared = &run->cleared;
	aggregate_init(run->a, ops, &made_up_columns);
	run->a->by.words = keys;
}

void run_start(struct run *run, enum report_format format, uint64_t active)
{
	const struct collector_ops *ops = run->collector->ops;

	sink_open(&run->sink, (struct report_options){ .format = format,
						       .layout.columns = columns,
						       .layout.ncolumns = COLUMNS,
						       .layout.active = active,
						       .sort = PID,
						       .ascending = true });
	run->trace.report = run->sink.report;
	assert_int_equal(ops->start(run->collector, &run->trace, &run->err), 0);
	assert_int_equal(ops->enable(run->collector, &run->err), 0);
}

const char *run_report(struct run *run)
{
	size_t before = strlen(sink_text(&run->sink));

	assert_int_equal(run->collector->ops->report(run->collector, &run->err), 0);
	interval(&run->sink, (struct report_interval){ 0 });
	return sink_text(&run->sink) + before;
}

void run_end(struct run *run)
{
	run->collector->ops->free(run->collector);
	sink_close(&run->sink);
	error_clear(&run->err);
}
