/* SPDX-License-Identifier: MIT */
/*
 * bcc-openat: who opens files, which ones, how often they fail.
 *
 * The kernel counts opens in a table (programs/openat/count.bpf.c), and each interval the table
 * becomes the rows of the report (openat/counts.c); with --stream it sends a record of each open
 * (programs/openat/stream.bpf.c), which becomes a line (openat/events.c).
 */
#include "counts.h"
#include "event_line.h"
#include "events.h"
#include "openat_in_flight.h"
#include "probe_sets.h"
#include "tool.h"

static void choose_layout(const void *context, enum report_format format,
			  struct report_layout *layout)
{
	const struct openat_options *options = context;

	if (options->tracing.stream)
		*layout = open_event_layout(format);
	else
		layout->active = openat_columns_active(options);
}

static struct collector *collector(const void *context)
{
	const struct openat_options *options = context;

	return options->tracing.stream ? openat_events_new(options) : openat_counts_new(options);
}

static const char notes[] =
	"The tool counts calls of openat(2), native and 32-bit, when they return. Calls\n"
	"that are still in progress when the run ends are counted then. Without --all it\n"
	"does not see open, creat, openat2, open_by_handle_at and io_uring. It never sees\n"
	"files that the kernel opens for itself, as in execve.";

static const char examples[] =
	"  sudo bcc-openat --top 10                     Show who opens most files, live\n"
	"  sudo bcc-openat --by path -x --top 20        Show files that are not found\n"
	"  sudo bcc-openat --by process,dir -n 'py*'    Show where Python programs look\n"
	"  sudo bcc-openat --stream -w --path '/etc/*'  Print who writes below /etc\n"
	"  sudo bcc-openat -L --distinct -i 10          Show times, and how many paths\n"
	"  sudo bcc-openat -i 0 -- make -j4             Report once on a build";

enum {
	BY_PROCESS_VIEW,
	BY_COMM_VIEW,
	BY_USER_VIEW,
	BY_CGROUP_VIEW,
	BY_PATH_VIEW,
	BY_FAILURE_VIEW,
};

/* From a process to its paths; from a path to who opens it, and how that fails. */
static const struct subview_step steps[] = {
	{ .absent = "path", .by = BY_PATH_VIEW },
	{ .absent = "pid", .by = BY_FAILURE_VIEW },
	{ .absent = "errno", .by = BY_FAILURE_VIEW },
	{ .by = BY_PATH_VIEW },
};

static const struct tool_subviews subviews = {
	.filters = {
		SUBVIEW_TASK_FILTERS,
		{ "path", "path", SUBVIEW_GLOB, .unless = NULL },
		{ "errno", "errno", SUBVIEW_NAME, .unless = NULL },
	},
	.bys = { SUBVIEW_TASK_BYS, { "path", "path", NULL }, { "process,errno", "errno", NULL } },
	.steps = steps,
	.ntoggle = SUBVIEW_TASK_TOGGLES,
};

static const struct tool tool = {
	.name = "bcc-openat",
	.texts = {
		.purpose = "Show who opens files, which files, and how often it fails, live.",
		.subject = "openat(2)",
		.notes = notes,
		.examples = examples,
	},
	.options = &openat_options,
	.layout = { .columns = openat_columns, .ncolumns = OPENAT_COLUMNS, .sort_key = "opens" },
	.choose_layout = choose_layout,
	.subviews = &subviews,
	.probe_sets = openat_probe_sets,
	.nprobe_sets = OPENAT_PROBE_SETS,
	.allows_probe_set = openat_allows_probe_set,
	.privileges = openat_privileges,
	.collector = collector,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
