/* SPDX-License-Identifier: MIT */
/*
 * bcc-syscalls: which system calls are made, how often, and how many fail.
 *
 * The program (programs/syscalls.bpf.c) counts into a per-CPU array that only grows; a row is the difference
 * between two readings.
 */
#include "syscalls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "syscall_names.h"
#include "table.h"
#include "tool.h"

enum syscalls_column {
	COL_SYSCALL,
	COL_CALLS,
	COL_RATE,
	COL_ERRORS,
	COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_SYSCALL] = { .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
	[COL_CALLS] = { .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "calls_per_s", .head = "CALLS/s", .kind = COLUMN_RATE, .of = "calls" },
	[COL_ERRORS] = { .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
};

struct syscalls_state {
	struct syscall_count now[SYSCALL_SLOTS], then[SYSCALL_SLOTS];
	uint64_t calls, errors; /* over the whole run */
};

/* `case N:` for the slot of each of these calls, in each ABI. */
static void define_slots(struct source *source, const char *define, const char *names)
{
	char cases[256] = "", name[SYSCALL_NAME_MAX];
	size_t len = 0;

	for (size_t at = 0; names[at]; at += names[at] == ',') {
		size_t size = strcspn(names + at, ",");

		snprintf(name, sizeof(name), "%.*s", (int)size, names + at);
		at += size;
		for (int abi = 0; abi < ABI_COUNT; abi++) {
			int number = syscall_number((enum syscall_abi)abi, name);

			if (number >= 0 && len < sizeof(cases))
				len += (size_t)snprintf(cases + len, sizeof(cases) - len, "case %d: ",
							abi * ABI_CALLS + number);
		}
	}
	source_define(source, define, "%s", cases);
}

static int plan_begin(const struct run *run, struct plan *plan, struct error *err)
{
	int r = source_new(&plan->source, "syscalls.bpf.c", err);

	if (r < 0)
		return r;
	if (run->options.command)
		source_define(plan->source, "HOLD_COMMAND", "1");
	kernel_define_compat(&run->kernel, plan->source);
	define_slots(plan->source, "FORK_SLOTS", "fork,vfork,clone,clone3");
	define_slots(plan->source, "EXECVE_SLOTS", "execve");
	return 0;
}

/* exit and exit_group never return: see them in sched_process_exit. Needs BTF. */
static int plan_exits(const struct run *run, struct plan *plan, struct error *err)
{
	int r = kernel_define_regs(&run->kernel, plan->source, err);

	if (r < 0)
		return r;
	source_define(plan->source, "COUNT_EXITS", "1");
	source_define(plan->source, "EXIT_CALLS", "case %d: case %d:", syscall_number(ABI_NATIVE, "exit"),
		      syscall_number(ABI_NATIVE, "exit_group"));
	source_define(plan->source, "EXIT_CALLS_COMPAT", "case %d: case %d:", syscall_number(ABI_COMPAT, "exit"),
		      syscall_number(ABI_COMPAT, "exit_group"));
	if (kernel_raw_tracepoints_are_exact(&run->kernel)) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit");
	} else {
		source_define(plan->source, "EXIT_TRACEPOINT", "1");
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sched_process_exit", "sched/sched_process_exit");
	}
	return 0;
}

static int plan_raw(const struct run *run, struct plan *plan, struct error *err)
{
	int r = plan_begin(run, plan, err);

	if (r < 0)
		return r;
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	return plan_exits(run, plan, err);
}

static int plan_tracepoint(const struct run *run, struct plan *plan, struct error *err)
{
	static const char event[] = "raw_syscalls/sys_exit";
	int r = plan_begin(run, plan, err);

	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, "SYS_EXIT_ID", event, "id", err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, "SYS_EXIT_RET", event, "ret", err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_TRACEPOINT", "1");
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit", event);
	return run->kernel.btf ? plan_exits(run, plan, err) : 0;
}

static int plan_raw_if_exact(const struct run *run, struct plan *plan, struct error *err)
{
	if (!kernel_raw_tracepoints_are_exact(&run->kernel))
		return error_set(err, -ENOTSUP, "raw tracepoints can miss calls on this kernel");
	return plan_raw(run, plan, err);
}

/* The raw one is cheaper; where it can miss calls the classic one goes first. */
static const struct way ways[] = {
	{ "the raw tracepoint sys_exit", plan_raw_if_exact },
	{ "the tracepoint raw_syscalls:sys_exit", plan_tracepoint },
	{ "the raw tracepoint sys_exit, though it can miss calls", plan_raw },
};

static int report_slot(struct run *run, size_t slot, uint64_t calls, uint64_t errors)
{
	struct syscalls_state *state = run->state;
	char name[SYSCALL_NAME_MAX];
	struct cell cells[COLUMNS] = {
		[COL_CALLS].number = calls,
		[COL_ERRORS].number = errors,
	};

	syscall_slot_name(slot, name, sizeof(name));
	cells[COL_SYSCALL].text.bytes = name;
	cells[COL_SYSCALL].text.len = strlen(name);
	state->calls += calls;
	state->errors += errors;
	return report_row(run->report, cells);
}

static int rows(struct run *run, struct error *err)
{
	struct syscalls_state *state = run->state;
	int r = table_read_percpu(load_map(run->loaded, "counts"), SYSCALL_SLOTS, 2, (uint64_t *)state->now, err);

	for (size_t slot = 0; r == 0 && slot < SYSCALL_SLOTS; slot++) {
		const struct syscall_count *now = &state->now[slot];
		struct syscall_count *then = &state->then[slot];

		if (now->calls == then->calls && now->errors == then->errors)
			continue;
		/* The two numbers are not read at one moment: an error may be seen one interval after its call. */
		r = report_slot(run, slot, now->calls - then->calls, now->errors - then->errors);
		*then = *now;
	}
	return r;
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct syscalls_state *state = run->state;

	out[0] = (struct report_sum){ .key = "calls", .value = state->calls };
	out[1] = (struct report_sum){ .key = "errors", .value = state->errors };
	return 2;
}

static const struct tool tool = {
	.name = "bcc-syscalls",
	.purpose = "Count system calls, and how many fail, live.",
	.subject = "system calls",
	.notes = "A call is counted when it returns; exit and exit_group, which never do, when the task ends.\n"
		 "32-bit calls on a 64-bit kernel are named for what they are: i386:openat, x32:openat.",
	.examples = "  sudo bcc-syscalls                  every second, most frequent first\n"
		    "  sudo bcc-syscalls --top 10 -p 1234 one process\n"
		    "  sudo bcc-syscalls -s errors -i 5   most failures first, every five seconds\n"
		    "  sudo bcc-syscalls -i 0 -- ls -l    one command, like strace -c -f, at a fraction of its cost",
	.columns = columns,
	.ncolumns = COLUMNS,
	.sort_default = "calls",
	.ways = ways,
	.nways = sizeof(ways) / sizeof(ways[0]),
	.state_size = sizeof(struct syscalls_state),
	.rows = rows,
	.sums = sums,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
