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

static const struct tool tool = {
	.name = "bcc-syscalls",
	.texts = {
		.purpose = "Count and time system calls, live.",
		.subject = "system calls",
		.notes = "A call is counted when it returns; exit and exit_group, which never do, when the task ends; what\n"
			 "still waits when the run ends, then (but with --stream). 32-bit calls on a 64-bit kernel are named\n"
			 "for what they are: i386:openat, x32:openat.",
		.examples = "  sudo bcc-syscalls                  every second, most frequent first\n"
			    "  sudo bcc-syscalls --by process,syscall --top 20   who makes which\n"
			    "  sudo bcc-syscalls -L -p 1234       where one process spends its time, or what it waits in\n"
			    "  sudo bcc-syscalls -x --by syscall,errno -e %file  how file calls fail\n"
			    "  sudo bcc-syscalls --stream -e openat,connect      each call as it returns\n"
			    "  sudo bcc-syscalls -i 0 -- ls -l    one command, like strace -c -f, at a fraction of its cost",
	},
	.options = &syscalls_options,
	.layout = { .columns = syscalls_columns, .ncolumns = SYSCALLS_COLUMNS, .sort_key = "calls" },
	.choose_layout = choose_layout,
	.answer = syscalls_list,
	.probe_sets = syscalls_probe_sets,
	.nprobe_sets = SYSCALLS_PROBE_SETS,
	.collector = collector,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
