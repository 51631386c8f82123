/* SPDX-License-Identifier: MIT */
/* What a run of bcc-syscalls is asked for. See syscalls_options.h. */
#define _GNU_SOURCE
#include "syscalls_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg_parts.h"
#include "cleanup.h"
#include "lib/arch.h"
#include "number.h"

enum {
	OPT_SYSCALL = OPTION_TOOL,
	OPT_STRING_LIMIT,
};

enum {
	KNOWN = (1 << BY_CALL) - 1, /* those before */
};

static const char *key_word(size_t index)
{
	return group_by_word(KNOWN, index);
}

static const struct option_entry entries[] = {
	{ 0, "by", "KEY[,KEY...]",
	  "Count by syscall (default), process, errno, ...\nthread, comm, user, cgroup; or by "
	  "several:\nprocess,syscall",
	  .id = OPT_BY, .takes = TAKES_WORDS, .word = key_word, .help_in = HELP_USUAL },
	{ 'e', "syscall", "LIST",
	  "Count only these calls: names, globs, %file, !NAME\nnumbers, " COMPAT_PREFIX
	  "NAME, %desc %process "
	  "%network\n%memory %signal %ipc (default: all)",
	  .id = OPT_SYSCALL, .takes = TAKES_CALLS, .filter = true, .help_in = HELP_USUAL },
	{ 'x', "failed", NULL, "Count only calls that fail",
	  OPTION_SETS(struct syscalls_options, tracing.failed), .filter = true,
	  .help_in = HELP_USUAL },
	{ 0, "errno", "ERRNO[,...]",
	  "Count only calls that fail with one of these\n(names or numbers)", .id = OPT_ERRNO,
	  .takes = TAKES_ERRNOS, .filter = true },
	{ 'L', "latency", NULL,
	  "Measure how long calls take, sleep included\nShow also which are in progress and since "
	  "when;\nsort by TIME",
	  OPTION_SETS(struct syscalls_options, tracing.latency), .group = OPTIONS_REPORT,
	  .help_in = HELP_USUAL },
	{ 0, "histogram", NULL, "With -L: draw how each row's times are distributed",
	  OPTION_SETS(struct syscalls_options, tracing.histogram), .group = OPTIONS_REPORT },
	{ 0, "cumulative", NULL, "Print the sums since the start beside those of\nthe interval",
	  OPTION_SETS(struct syscalls_options, cumulative), .group = OPTIONS_REPORT },
	{ 0, "stream", NULL, "Print a line for each call, instead of counts",
	  OPTION_SETS(struct syscalls_options, tracing.stream), .group = OPTIONS_REPORT,
	  .help_in = HELP_USUAL },
	{ 0, "string-limit", "BYTES",
	  "With --stream: show so many bytes of each buffer\nand each string of argv (default 32)",
	  .id = OPT_STRING_LIMIT, .takes = TAKES_NUMBER, .group = OPTIONS_REPORT },
	{ 0, "buffer", "PAGES",
	  "With --stream: give each CPU a perf buffer of this\nmany pages, a power of two (default "
	  "128)",
	  .id = OPT_BUFFER, .takes = TAKES_NUMBER, .group = OPTIONS_REPORT },
	{ 'l', "list", NULL, "Print all system calls, or those of -e, and exit",
	  OPTION_SETS(struct syscalls_options, list), .group = OPTIONS_ABOUT },
};

/* A list that is given again goes on where the one before ended. */
static int parse_calls(struct syscalls_options *options, const char *list, struct error *err)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s%s%s", options->lists ? options->lists : "",
		     options->lists ? "," : "", list) < 0)
		return error_nomem(err);
	free(options->lists);
	options->lists = joined;
	return syscall_set_parse(&options->set, joined, err);
}

static int parse_limit(struct syscalls_options *options, const char *value, struct error *err)
{
	if (number_u64(value, strlen(value), 0, STRING_LIMIT_MAX, &options->string_limit) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of bytes (0 to %d)", value,
				 STRING_LIMIT_MAX);
	options->limited = true;
	return 0;
}

static int parse(void *state, int id, const char *value, struct error *err)
{
	struct syscalls_options *options = state;

	if (id == OPT_SYSCALL)
		return parse_calls(options, value, err);
	if (id == OPT_STRING_LIMIT)
		return parse_limit(options, value, err);
	return tracing_options_parse(&options->tracing, id, value, KNOWN, err);
}

/* --list takes -e and -o, and no heed of these. */
static bool is_harmless_with_list(const char *name)
{
	static const char *const names[] = { "list",  "syscall", "output", "no-clear", "no-cache",
					     "quiet", "verbose", "help",   "version" };

	for (size_t i = 0; i < array_size(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* A list has no tasks, no times and no columns to sort by. */
static int check_list(const struct options *common, struct error *err)
{
	for (size_t i = 0; i < common->nused; i++)
		if (!is_harmless_with_list(common->used[i]->name))
			return error_set(err, -EINVAL,
					 "--list and --%s exclude each other: --list takes "
					 "--syscall and --output",
					 common->used[i]->name);
	if (common->command)
		return error_set(err, -EINVAL, "--list and a COMMAND exclude each other");
	return 0;
}

/* Records for programs have numbers. */
static int check_limit(const struct syscalls_options *options, struct error *err)
{
	if (options->limited && !options->tracing.stream)
		return error_set(err, -EINVAL, "--string-limit needs --stream");
	if (options->limited && !options->in_words)
		return error_set(err, -EINVAL, "--string-limit is for tables, see --output");
	return 0;
}

static int check(void *state, const struct options *common, struct error *err)
{
	struct syscalls_options *options = state;
	int r = options->list ? check_list(common, err) : 0;

	options->in_words = common->report.format == REPORT_TABLE;
	if (r == 0)
		r = check_limit(options, err);
	if (r < 0)
		return r;
	return tracing_options_check(&options->tracing, common,
				     options->cumulative ? "cumulative" : NULL, err);
}

static void clear(void *state)
{
	struct syscalls_options *options = state;

	free(options->lists);
	options->lists = NULL;
}

const struct tool_options syscalls_options = {
	.entries = entries,
	.count = array_size(entries),
	.size = sizeof(struct syscalls_options),
	.parse = parse,
	.check = check,
	.clear = clear,
};

struct group_by syscalls_by(const struct syscalls_options *options)
{
	return tracing_options_by(&options->tracing, BY_SYSCALL);
}

bool syscalls_counters_suffice(const struct syscalls_options *options)
{
	return syscalls_by(options).words == 1u << BY_SYSCALL && !options->tracing.latency;
}

bool syscalls_only_failed(const struct syscalls_options *options)
{
	return options->tracing.failed || options->tracing.errnos.count;
}

unsigned syscalls_string_limit(const struct syscalls_options *options)
{
	return options->limited ? (unsigned)options->string_limit : STRING_LIMIT_DEFAULT;
}

bool syscalls_are_selected(const struct syscalls_options *options, size_t slot)
{
	return !options->set.any || syscall_set_has(&options->set, slot);
}
