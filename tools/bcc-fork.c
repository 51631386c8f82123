/* SPDX-License-Identifier: MIT */
/*
 * bcc-fork: processes and threads being created, executing programs and ending, as they happen.
 *
 * The kernel sends a record of each event (programs/fork/fork.bpf.c); perf buffers carry the
 * records here, where they are put in order and become lines (fork/events.c).
 */
#include "event_line.h"
#include "events.h"
#include "fork_plan.h"
#include "tool.h"

/* A summary prints no events, so there is no heading for them. */
static void choose_layout(const void *context, enum report_format format,
			  struct report_layout *layout)
{
	const struct fork_options *options = context;

	(void)format;
	layout->no_heading = options->summary;
}

static struct collector *collector(const void *options)
{
	return fork_events_new(options);
}

static const struct tool tool = {
	.name = "bcc-fork",
	.texts = {
		.purpose = "Show processes and threads being created, executing programs and ending, live.",
		.subject = "forks, threads, execs and exits",
		.notes = "Events: fork (a process), thread, exec (execve and execveat that succeed), exit (of every thread).\n"
			 "With -x also execs that fail, for which every system call of the machine is looked at.\n"
			 "A filter applies to the task that acts: at a fork the parent.",
		.examples = "  sudo bcc-fork                      everything that starts and ends\n"
			    "  sudo bcc-fork -u www-data -T       one user, with times\n"
			    "  sudo bcc-fork -p 1234 --descendants  a process and all it starts\n"
			    "  sudo bcc-fork -o json -- make -j4  a build, for a program to read",
	},
	.options = &fork_options,
	.layout = { .columns = fork_columns, .ncolumns = FORK_COLUMNS, .streaming = true },
	.choose_layout = choose_layout,
	.probe_sets = fork_probe_sets,
	.nprobe_sets = FORK_PROBE_SETS,
	.collector = collector,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
