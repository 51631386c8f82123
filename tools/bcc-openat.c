/* SPDX-License-Identifier: MIT */
/*
 * bcc-openat: how often each process calls openat(2), and how often it fails.
 *
 * The program (programs/openat.bpf.c) counts into a hash table in the kernel; each interval the table is
 * exchanged for an empty one, and what was in it becomes the rows of the report.
 */
#include "openat.h"

#include <errno.h>
#include <string.h>

#include "syscall_names.h"
#include "table.h"
#include "tool.h"

enum {
	TABLE_LEAST = 4096,
	TABLE_MOST = 65536,
};

enum openat_column {
	COL_OPENS,
	COL_RATE,
	COL_FAILED,
	COL_PID,
	COL_COMM,
	COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_OPENS] = { .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "opens_per_s", .head = "OPENS/s", .kind = COLUMN_RATE, .of = "opens" },
	[COL_FAILED] = { .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	[COL_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[COL_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

struct openat_state {
	struct table_swap table;
	uint64_t opens, failed; /* over the whole run */
};

/* What every way of seeing an openat has in common: room for each process that can open within an interval. */
static int plan_begin(const struct run *run, struct plan *plan, struct error *err)
{
	uint32_t rows = kernel_processes_max();
	int r = source_new(&plan->source, "openat.bpf.c", err);

	rows = rows > TABLE_MOST ? TABLE_MOST : rows < TABLE_LEAST ? TABLE_LEAST : rows;
	(void)run;
	if (r == 0)
		source_define(plan->source, "TABLE_MAX", "%u", rows);
	return r;
}

static int plan_kprobe(const struct run *run, struct plan *plan, struct error *err)
{
	const char *native = syscall_entry(ABI_NATIVE, "openat"), *compat = syscall_entry(ABI_COMPAT, "openat");
	int r;

	if (!kernel_has_kprobes())
		return error_set(err, -ENOTSUP, "this kernel has no kprobes");
	if (run->kernel.btf && !kernel_kprobes_are_exact(&run->kernel))
		return error_set(err, -ENOTSUP, "kprobes can miss calls on this kernel, and do not tell");
	if (!native)
		return error_set(err, -ENOTSUP, "the entry symbol of openat is not known on this architecture");
	r = plan_begin(run, plan, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_KPROBE", "1");
	plan_hook(plan, HOOK_KPROBE, "kprobe__openat", native);
	plan_hook(plan, HOOK_KRETPROBE, "kretprobe__openat", native);
	if (compat && btf_has(run->kernel.btf, compat)) {
		source_define(plan->source, "COMPAT", "1");
		plan_hook(plan, HOOK_KPROBE, "kprobe__openat_compat", compat);
		plan_hook(plan, HOOK_KRETPROBE, "kretprobe__openat_compat", compat);
	}
	return 0;
}

static int plan_sys_exit(const struct run *run, struct plan *plan, struct error *err)
{
	int r = plan_begin(run, plan, err);

	if (r == 0)
		r = kernel_define_regs(&run->kernel, plan->source, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_SYS_EXIT", "1");
	source_define(plan->source, "OPENAT", "%d", syscall_number(ABI_NATIVE, "openat"));
	if (kernel_define_compat(&run->kernel, plan->source)) {
		source_define(plan->source, "COMPAT", "1");
		source_define(plan->source, "OPENAT_COMPAT", "%d", syscall_number(ABI_COMPAT, "openat"));
	}
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	return 0;
}

static int plan_tracepoint(const struct run *run, struct plan *plan, struct error *err)
{
	static const char event[] = "syscalls/sys_exit_openat";
	int r = plan_begin(run, plan, err);

	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, "SYS_EXIT_OPENAT_RET", event, "ret", err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_TRACEPOINT", "1");
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit_openat", event);
	return 0;
}

/*
 * The classic tracepoint comes last although it is cheaper for other calls than sys_exit: the kernel does
 * not fire it for 32-bit calls.
 */
static const struct way ways[] = {
	{ "kprobes on openat's entry symbols", plan_kprobe },
	{ "the raw tracepoint sys_exit", plan_sys_exit },
	{ "the tracepoint syscalls:sys_exit_openat", plan_tracepoint },
};

static int start(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return table_swap_init(&state->table, run->loaded, "tables", "table", err);
}

/* A call has several hooks, which are attached one after the other: they begin and end to count together. */
static int live(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return table_swap_start(&state->table, err);
}

static int halt(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return table_swap_stop(&state->table, err);
}

static void stop(struct run *run)
{
	struct openat_state *state = run->state;

	table_swap_clear(&state->table);
}

static int report_process(const void *key_bytes, const void *value_bytes, void *context)
{
	const struct openat_key *key = key_bytes;
	const struct openat_value *value = value_bytes;
	struct run *run = context;
	struct openat_state *state = run->state;
	struct cell cells[COLUMNS] = {
		[COL_OPENS].number = value->opens,
		[COL_FAILED].number = value->failed,
		[COL_PID].number = key->pid,
		[COL_COMM].text = { value->comm, strnlen(value->comm, sizeof(value->comm)) },
	};

	state->opens += value->opens;
	state->failed += value->failed;
	return report_row(run->report, cells);
}

static int rows(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return table_swap_read(&state->table, report_process, run, err);
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct openat_state *state = run->state;

	out[0] = (struct report_sum){ .key = "opens", .value = state->opens };
	out[1] = (struct report_sum){ .key = "failed", .value = state->failed };
	return 2;
}

static const struct tool tool = {
	.name = "bcc-openat",
	.purpose = "Count openat(2) per process, and how many calls fail, live.",
	.subject = "openat(2)",
	.notes = "Counted are openat(2) calls, native and 32-bit. Not counted: open, creat, openat2,\n"
		 "open_by_handle_at, and files opened through io_uring.",
	.examples = "  sudo bcc-openat --top 10           who opens files, every second\n"
		    "  sudo bcc-openat -i 0 -d 10         one table over ten seconds\n"
		    "  sudo bcc-openat -s failed -n 'py*' Python programs, most failures first\n"
		    "  sudo bcc-openat -o json -- make    a build and all it starts, for a program to read",
	.columns = columns,
	.ncolumns = COLUMNS,
	.sort_default = "opens",
	.ways = ways,
	.nways = sizeof(ways) / sizeof(ways[0]),
	.state_size = sizeof(struct openat_state),
	.start = start,
	.live = live,
	.halt = halt,
	.rows = rows,
	.sums = sums,
	.stop = stop,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
