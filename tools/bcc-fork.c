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
	layout->no_heading = options->summary || options->live_tree;
	layout->live_text = options->summary || options->live_tree;
}

static struct collector *collector(const void *options)
{
	return fork_events_new(options);
}

static const char notes[] =
	"Events: fork (a new process), thread (a new thread), exec (execve or execveat\n"
	"that succeeds), exit (of each thread). -x adds execs that fail; every system\n"
	"call of the machine then costs a little more. A filter applies to the task that\n"
	"acts: for a fork, that is the parent.\n\n"
	"-o svg draws what ran as one picture, which any browser shows; -o trace is for\n"
	"Perfetto and speedscope; -o folded is CPU time for flame graphs.";

static const char examples[] =
	"  sudo bcc-fork                        Show everything that starts and ends\n"
	"  sudo bcc-fork -u www-data -T         Show one user's processes, with times\n"
	"  sudo bcc-fork -p 1234 --descendants  Show a process and all that it starts\n"
	"  sudo bcc-fork -o json -- make -j4    Print the events of a build as JSON\n"
	"  sudo bcc-fork -o svg -- make -j4 > build.svg\n"
	"                                       Draw the build as one picture";

static const struct tool tool = {
	.name = "bcc-fork",
	.texts = {
		.purpose = "Show processes and threads as they start, execute programs and end.",
		.subject = "forks, threads, execs and exits",
		.notes = notes,
		.examples = examples,
	},
	.options = &fork_options,
	.formats = 1u << REPORT_TRACE | 1u << REPORT_SVG | 1u << REPORT_FOLDED,
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
