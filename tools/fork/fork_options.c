/* SPDX-License-Identifier: MIT */
/* What a run of bcc-fork is asked for. See fork_options.h. */
#define _GNU_SOURCE
#include "fork_options.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "names.h"
#include "number.h"
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

static const struct option_entry entries[] = {
	{ 'E', "event", "LIST", "Show only these events: fork, thread, exec, exit (default: all)",
	  .id = OPT_EVENT, .filter = true },
	{ 'x', "failed", NULL, "Show also execs that fail, with the errno",
	  OPTION_SETS(struct fork_options, failed) },
	{ 0, "rusage", NULL, "Show CPU time, memory and page faults at exit",
	  OPTION_SETS(struct fork_options, rusage) },
	{ 0, "tree", NULL, "Indent each line by the depth of its process in the tree",
	  OPTION_SETS(struct fork_options, tree) },
	{ 0, "lineage", NULL, "Show the names of all ancestors in each line: sshd > bash > make",
	  OPTION_SETS(struct fork_options, lineage) },
	{ 0, "summary", NULL,
	  "Print numbers instead of events: rates, who forks most (--top N,\ndefault 10), shortest "
	  "lives, failures; once, or with -i repeatedly",
	  OPTION_SETS(struct fork_options, summary) },
	{ 0, "host-pids", NULL, "Show, in a container, the process ids of the host",
	  OPTION_SETS(struct fork_options, host_pids) },
	{ 0, "max-args", "BYTES", "Read at most BYTES of the arguments of an exec (default 8192)",
	  .id = OPT_MAX_ARGS },
	{ 0, "buffer", "PAGES",
	  "Give each CPU a perf buffer of PAGES, a power of two (default 128)",
	  .id = OPT_BUFFER_PAGES },
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

/* Are all types wanted? */
static bool all_events(const struct fork_options *options)
{
	for (int i = 0; i < FORK_TYPES; i++)
		if (options->events[i])
			return false;
	return true;
}

/* A picture is of everything, and has no lines. */
static int check_picture(const struct fork_options *options, const struct options *common,
			 struct error *err)
{
	const char *other = options->summary           ? "summary"
			    : options->tree            ? "tree"
			    : options->lineage         ? "lineage"
			    : options->rusage          ? "rusage"
			    : !all_events(options)     ? "event"
			    : common->report.timestamp ? "timestamp"
						       : NULL;

	if (!other)
		return 0;
	return error_set(err, -EINVAL, "--output %s and --%s exclude each other",
			 report_format_name(common->report.format), other);
}

static int check(void *state, const struct options *common, struct error *err)
{
	struct fork_options *options = state;
	int r = 0;

	if (common->report.top && !options->summary)
		return error_set(err, -EINVAL, "--top needs --summary");
	if (options->summary && (options->tree || options->lineage))
		return error_set(err, -EINVAL, "--summary and --%s exclude each other",
				 options->tree ? "tree" : "lineage");
	options->format = common->report.format;
	options->picture = common->report.format >= REPORT_TRACE;
	if (options->picture)
		r = check_picture(options, common, err);
	options->command_tree =
		common->command && common->report.format == REPORT_TABLE && !options->summary;
	options->period_ns = common->interval_given ? common->interval_ns : 0;
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

bool fork_shows(const struct fork_options *options, enum fork_type type)
{
	return all_events(options) || options->events[type] ||
	       (type == FORK_EXEC && options->failed);
}

bool fork_needs_tree(const struct fork_options *options)
{
	return options->command_tree || options->picture;
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
