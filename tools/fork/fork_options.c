/* SPDX-License-Identifier: MIT */
/* What a run of bcc-fork is asked for. See fork_options.h. */
#define _GNU_SOURCE
#include "fork_options.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "names.h"
#include "number.h"
#include "terminal.h"
#include "tracing_options.h"

enum fork_option {
	OPT_EVENT = OPTION_OWN,
	OPT_MAX_ARGS,
	OPT_BUFFER_PAGES,
};

enum {
	/* With a path and one argument of an exec that fails this is 32 KiB, which is all that an
	   element of a per-CPU map can be. */
	ARGS_MOST = 24000,
};

static const char *event_word(size_t index)
{
	return index < FORK_TYPES ? fork_type_name((enum fork_type)index) : NULL;
}

static const struct option_entry entries[] = {
	{ 'E', "event", "LIST", "Show only these: fork, thread, exec, exit\n(default: all)",
	  .id = OPT_EVENT, .takes = TAKES_WORDS, .word = event_word, .filter = true,
	  .help_in = HELP_USUAL },
	{ 'x', "failed", NULL, "Show also execs that fail, with the errno",
	  OPTION_SETS(struct fork_options, failed), .help_in = HELP_USUAL },
	{ 0, "rusage", NULL, "Show CPU time, memory and page faults at exit",
	  OPTION_SETS(struct fork_options, rusage), .help_in = HELP_USUAL },
	{ 0, "tree", NULL,
	  "Indent each line by the depth of its process\nin the tree; on a terminal show what runs "
	  "now",
	  OPTION_SETS(struct fork_options, tree), .help_in = HELP_USUAL },
	{ 0, "lineage", NULL, "Show all ancestors' names: sshd > bash > make",
	  OPTION_SETS(struct fork_options, lineage), .help_in = HELP_USUAL },
	{ 0, "summary", NULL,
	  "Print numbers instead of events\nRates, who forks most (--top N, default 10),\nshortest "
	  "lives, failures; once, or also with -i",
	  OPTION_SETS(struct fork_options, summary), .help_in = HELP_USUAL },
	{ 0, "host-pids", NULL, "Show, in a container, the process ids of the host",
	  OPTION_SETS(struct fork_options, host_pids) },
	{ 0, "max-args", "BYTES", "Read at most this much of an exec's arguments\n(default 8192)",
	  .id = OPT_MAX_ARGS, .takes = TAKES_NUMBER },
	{ 0, "buffer", "PAGES",
	  "Give each CPU a perf buffer of this many pages,\na power of two (default 128)",
	  .id = OPT_BUFFER_PAGES, .takes = TAKES_NUMBER },
};

static int parse_events(struct fork_options *options, const char *list, struct error *err)
{
	for (size_t at = 0;; at++) {
		size_t len = strcspn(list + at, ","), type = 0;

		while (type < FORK_TYPES &&
		       (strlen(fork_type_name((enum fork_type)type)) != len ||
			strncmp(list + at, fork_type_name((enum fork_type)type), len) != 0))
			type++;
		if (type == FORK_TYPES)
			return error_set(
				err, -EINVAL,
				"'%.*s' is not an event (there are: fork, thread, exec, exit)",
				(int)len, list + at);
		options->events[type] = true;
		at += len;
		if (!list[at])
			return 0;
	}
}

static int parse_amount(const char *value, uint64_t most, const char *what, uint64_t *amount,
			struct error *err)
{
	if (number_u64(value, strlen(value), 1, most, amount) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of %s (1 to %llu)", value,
				 what, (unsigned long long)most);
	return 0;
}

static int parse(void *state, int id, const char *value, struct error *err)
{
	struct fork_options *options = state;

	switch (id) {
	case OPT_EVENT:
		return parse_events(options, value, err);
	case OPT_MAX_ARGS:
		return parse_amount(value, ARGS_MOST, "bytes", &options->max_args, err);
	default:
		return options_pages(value, &options->buffer_pages, err);
	}
}

/* A picture is of everything, and has no lines. */
static int check_picture(const struct fork_options *options, const struct options *common,
			 struct error *err)
{
	static const char *const others[] = { "summary", "tree",  "lineage",
					      "rusage",  "event", "timestamp" };

	for (size_t i = 0; options->picture && i < array_size(others); i++)
		if (options_given(common, others[i]))
			return error_set(err, -EINVAL, "--output %s and --%s exclude each other",
					 report_format_name(options->format), others[i]);
	return 0;
}

/* A summary has reports and no lines; events are lines and no reports. */
static int check_summary(const struct fork_options *options, const struct options *common,
			 struct error *err)
{
	static const char *const of_lines[] = { "tree", "lineage", "rusage", "max-args" };
	bool summary = options->summary;

	for (size_t i = 0; summary && i < array_size(of_lines); i++)
		if (options_given(common, of_lines[i]))
			return error_set(err, -EINVAL, "--summary and --%s exclude each other",
					 of_lines[i]);
	if (!summary && options_given(common, "interval"))
		return error_set(err, -EINVAL, "--interval needs --summary");
	if (!summary && !options->command_tree && options_given(common, "top"))
		return error_set(err, -EINVAL, "--top needs --summary, or a COMMAND and a table");
	return 0;
}

/* Parts of lines that there will be none of. */
static int check_lines(const struct fork_options *options, const struct options *common,
		       struct error *err)
{
	const char *events = options_filter_text(common, "event");

	if (options->tree && common->report.format != REPORT_TABLE)
		return error_set(err, -EINVAL,
				 "--tree: only a table has it (--lineage is in every format)");
	if (options->rusage && !fork_shows(options, FORK_EXIT))
		return error_set(err, -EINVAL,
				 "--rusage is about exits, and --event '%s' leaves them out",
				 events);
	if (options->max_args && !fork_shows(options, FORK_EXEC) && !options->command_tree)
		return error_set(err, -EINVAL,
				 "--max-args is about execs, and --event '%s' leaves them out",
				 events);
	return 0;
}

/* Whoever asks for certain lines, or for more on each, gets lines. */
static bool wants_live_tree(const struct fork_options *options, const struct options *common)
{
	static const char *const of_lines[] = { "event",    "failed",    "lineage",   "rusage",
						"no-clear", "timestamp", "host-pids", "report" };

	for (size_t i = 0; i < array_size(of_lines); i++)
		if (options_given(common, of_lines[i]))
			return false;
	return options->tree && !common->command && terminal_can_repaint(STDOUT_FILENO);
}

static int check(void *state, const struct options *common, struct error *err)
{
	struct fork_options *options = state;
	int r;

	options->format = common->report.format;
	options->picture = options->format >= REPORT_TRACE;
	r = check_picture(options, common, err);
	options->command_tree =
		common->command && common->report.format == REPORT_TABLE && !options->summary;
	if (r == 0)
		r = check_summary(options, common, err);
	if (r == 0)
		r = check_lines(options, common, err);
	if (r < 0)
		return r;
	options->live_tree = wants_live_tree(options, common);
	options->period_ns = common->interval_given ? common->interval_ns : 0;
	options->repaint_ns = common->interval_ns;
	options->duration_ns = common->duration_ns;
	options->top = common->report.top;
	options->timestamp = common->report.timestamp;
	return r;
}

const struct tool_options fork_options = {
	.entries = entries,
	.count = array_size(entries),
	.size = sizeof(struct fork_options),
	.parse = parse,
	.check = check,
};

/* Are all types wanted? */
static bool all_events(const struct fork_options *options)
{
	for (int i = 0; i < FORK_TYPES; i++)
		if (options->events[i])
			return false;
	return true;
}

bool fork_shows(const struct fork_options *options, enum fork_type type)
{
	return all_events(options) || options->events[type] ||
	       (type == FORK_EXEC && options->failed);
}

bool fork_needs_tree(const struct fork_options *options)
{
	return options->command_tree || options->picture || options->live_tree;
}

bool fork_needs_ancestry(const struct fork_options *options)
{
	return options->tree || options->lineage || fork_needs_tree(options);
}

/* The process tree needs every type of event except threads. */
bool fork_sends(const struct fork_options *options, enum fork_type type)
{
	return fork_shows(options, type) || (type != FORK_THREAD && fork_needs_ancestry(options));
}
