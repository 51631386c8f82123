/* SPDX-License-Identifier: MIT */
/*
 * bcc-syscalls: which system calls are made, how often, how many fail, how long they take.
 *
 * The kernel counts calls (programs/syscalls/count.bpf.c), and each interval its counts become the
 * rows of the report (syscalls/counts.c); with --stream it sends a record of each call
 * (programs/syscalls/stream.bpf.c), which becomes a line (syscalls/events.c).
 */
#include "counts.h"
#include "event_line.h"
#include "events.h"
#include "lib/arch.h"
#include "syscalls_in_flight.h"
#include "syscalls_plan.h"
#include "tool.h"

static void choose_layout(const void *context, enum report_format format,
			  struct report_layout *layout)
{
	const struct syscalls_options *options = context;

	(void)format;
	if (options->tracing.stream) {
		*layout = call_event_layout;
		return;
	}
	layout->active = syscalls_columns_active(options);
	if (options->tracing.latency)
		layout->sort_key = "total_ns";
}

static struct collector *collector(const void *context)
{
	const struct syscalls_options *options = context;

	return options->tracing.stream ? syscalls_events_new(options)
				       : syscalls_counts_new(options);
}

static const char notes[] =
	"The tool counts a call when it returns. exit and exit_group never return and are\n"
	"counted when the task ends. Calls that are still in progress when the run ends\n"
	"are counted then, except with --stream. 32-bit calls on a 64-bit kernel have\n"
	"names of their own: " ARCH_ABI_NAMES ".";

static const char examples[] =
	"  sudo bcc-syscalls                                 Show the most frequent calls\n"
	"  sudo bcc-syscalls --by process,syscall --top 20   Show who makes which calls\n"
	"  sudo bcc-syscalls -L -p 1234                      Show where a process waits\n"
	"  sudo bcc-syscalls -x --by syscall,errno -e %file  Show how calls on files fail\n"
	"  sudo bcc-syscalls --stream -e openat,connect      Print each call\n"
	"  sudo bcc-syscalls -i 0 -- ls -l                   Report on one command";

enum {
	BY_PROCESS_VIEW,
	BY_COMM_VIEW,
	BY_USER_VIEW,
	BY_CGROUP_VIEW,
	BY_SYSCALL_VIEW,
	BY_FAILURE_VIEW,
	BY_ERRNO_VIEW,
};

/* From a process to its calls; from a call to who makes it, and how it fails. */
static const struct subview_step steps[] = {
	{ .absent = "syscall", .by = BY_SYSCALL_VIEW },
	{ .absent = "pid", .by = BY_FAILURE_VIEW },
	{ .absent = "errno", .by = BY_ERRNO_VIEW },
	{ .by = BY_SYSCALL_VIEW },
};

static const struct tool_subviews subviews = {
	.filters = {
		SUBVIEW_TASK_FILTERS,
		{ "syscall", "syscall", SUBVIEW_NAME, .unless = NULL },
		{ "errno", "errno", SUBVIEW_NAME, .unless = NULL },
	},
	.bys = {
		SUBVIEW_TASK_BYS,
		{ "syscall", "syscall", NULL },
		{ "process,errno", "errno", NULL },
		{ "errno", "errno", NULL },
	},
	.steps = steps,
	.ntoggle = SUBVIEW_TASK_TOGGLES,
};

static const struct tool tool = {
	.name = "bcc-syscalls",
	.texts = {
		.purpose = "Count and time system calls, live.",
		.subject = "system calls",
		.notes = notes,
		.examples = examples,
	},
	.options = &syscalls_options,
	.layout = {
		.columns = syscalls_columns,
		.ncolumns = SYSCALLS_COLUMNS,
		.sort_key = "calls",
	},
	.choose_layout = choose_layout,
	.subviews = &subviews,
	.answer = syscalls_list,
	.probe_sets = syscalls_probe_sets,
	.nprobe_sets = SYSCALLS_PROBE_SETS,
	.privileges = syscalls_privileges,
	.collector = collector,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
