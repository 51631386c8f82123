/* SPDX-License-Identifier: MIT */
/* What a run of bcc-openat is asked for. See openat_options.h. */
#define _GNU_SOURCE
#include "openat_options.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"

enum openat_option {
	OPT_FLAGS = OPTION_TOOL,
	OPT_PATH,
	OPT_HOOK,
};

enum {
	KNOWN = 1 << BY_PROCESS | 1 << BY_THREAD | 1 << BY_COMM | 1 << BY_USER | 1 << BY_CGROUP |
		1 << BY_ERRNO | 1 << BY_CALL | 1 << BY_PATH | 1 << BY_DIR,
	PATHS = 1 << BY_PATH | 1 << BY_DIR,
};

static const char *const hooks[OPENAT_HOOKS] = {
	[OPENAT_KPROBE] = "kprobe",
	[OPENAT_FEXIT] = "fexit",
	[OPENAT_SYS_EXIT] = "sys_exit",
	[OPENAT_TRACEPOINT] = "tracepoint",
	[OPENAT_RAW_SYSCALLS] = "raw_syscalls",
};

static const char *key_word(size_t index)
{
	return group_by_word(KNOWN, index);
}

static const char *hook_word(size_t index)
{
	size_t hook = OPENAT_ANY_HOOK + 1 + index;

	return hook < OPENAT_HOOKS ? hooks[hook] : NULL;
}

static const struct option_entry entries[] = {
	{ 0, "by", "KEY[,KEY...]",
	  "Count by process (default), path, dir, errno, ...\nthread, comm, user, cgroup, call; or "
	  "by several:\nprocess,path",
	  .id = OPT_BY, .takes = TAKES_WORDS, .word = key_word, .help_in = HELP_USUAL },
	{ 'a', "all", NULL,
	  "Count all calls that open files\nopen, creat, openat2, open_by_handle_at, "
	  "io_uring\n(default: openat alone)",
	  OPTION_SETS(struct openat_options, all), .filter = true, .help_in = HELP_USUAL },
	{ 'x', "failed", NULL, "Count only opens that fail",
	  OPTION_SETS(struct openat_options, tracing.failed), .filter = true,
	  .help_in = HELP_USUAL },
	{ 0, "errno", "ERRNO[,...]",
	  "Count only opens that fail with one of these\n(names or numbers)", .id = OPT_ERRNO,
	  .takes = TAKES_ERRNOS, .filter = true },
	{ 'w', "write", NULL, "Count only opens for writing",
	  OPTION_SETS(struct openat_options, write), .filter = true },
	{ 0, "flags", "FLAG[,FLAG...]",
	  "Count only opens with any of these flags:\nO_CREAT, O_TRUNC, ...", .id = OPT_FLAGS,
	  .takes = TAKES_WORDS, .word = open_flags_word, .filter = true },
	{ 0, "path", "GLOB",
	  "Count only opens of files whose path matches\nThe whole path, or the one that was "
	  "given;\n* and ? match slashes too",
	  .id = OPT_PATH, .takes = TAKES_FILE, .filter = true, .help_in = HELP_USUAL },
	{ 0, "no-results", NULL, "Count opens as they begin, without their results\nCosts least",
	  OPTION_SETS(struct openat_options, no_results) },
	{ 0, "hook", "NAME",
	  "Use only this hook: fexit, kprobe, tracepoint,\nsys_exit, raw_syscalls (default: the "
	  "first that\nmisses nothing on this kernel)",
	  .id = OPT_HOOK, .takes = TAKES_WORD, .word = hook_word },
	{ 'L', "latency", NULL, "Measure how long opens take",
	  OPTION_SETS(struct openat_options, tracing.latency), .group = OPTIONS_REPORT,
	  .help_in = HELP_USUAL },
	{ 0, "histogram", NULL, "With -L: draw how each row's times are distributed",
	  OPTION_SETS(struct openat_options, tracing.histogram), .group = OPTIONS_REPORT },
	{ 0, "distinct", NULL, "Estimate how many different paths were opened\n(error 3.3 %)",
	  OPTION_SETS(struct openat_options, distinct), .group = OPTIONS_REPORT },
	{ 'F', "full-path", NULL,
	  "Show the whole path of the file that was opened\nFor --stream, --by path and --by dir",
	  OPTION_SETS(struct openat_options, full_path), .group = OPTIONS_REPORT },
	{ 0, "stream", NULL, "Print a line for each open, instead of counts",
	  OPTION_SETS(struct openat_options, tracing.stream), .group = OPTIONS_REPORT,
	  .help_in = HELP_USUAL },
	{ 0, "buffer", "PAGES",
	  "With --stream: give each CPU a perf buffer of this\nmany pages, a power of two (default "
	  "128)",
	  .id = OPT_BUFFER, .takes = TAKES_NUMBER, .group = OPTIONS_REPORT },
};

static int parse_hook(struct openat_options *options, const char *name, struct error *err)
{
	for (int hook = OPENAT_ANY_HOOK + 1; hook < OPENAT_HOOKS; hook++) {
		if (strcmp(hooks[hook], name) == 0) {
			options->hook = (enum openat_hook)hook;
			return 0;
		}
	}
	return error_set(
		err, -EINVAL,
		"'%s' is not a hook (there are: kprobe, fexit, sys_exit, tracepoint, raw_syscalls)",
		name);
}

static int parse_path(struct openat_options *options, const char *glob, struct error *err)
{
	int r = glob_parse(&options->glob, glob);

	options->path = glob;
	if (r == -ERANGE)
		return error_set(err, -EINVAL, "'%s' has more than %d characters to match", glob,
				 GLOB_ELEMENTS_MAX - 1);
	if (r < 0)
		return error_set(err, -EINVAL, "'%s' has a [ that is not closed", glob);
	if (!glob_is_possible(&options->glob))
		return error_set(err, -EINVAL, "'%s' can match no path: a [ ] is empty", glob);
	return 0;
}

static int parse(void *state, int id, const char *value, struct error *err)
{
	struct openat_options *options = state;

	switch (id) {
	case OPT_FLAGS:
		return open_flags_parse(value, &options->flags, err);
	case OPT_PATH:
		return parse_path(options, value, err);
	case OPT_HOOK:
		return parse_hook(options, value, err);
	default:
		return tracing_options_parse(&options->tracing, id, value, KNOWN, err);
	}
}

/* What is not known of an open when it begins, or may not be in memory yet. */
static const char *needs_results(const struct openat_options *options)
{
	if (options->tracing.failed)
		return "failed";
	if (options->tracing.errnos.count || group_by_has(&options->tracing.by, BY_ERRNO))
		return options->tracing.errnos.count ? "errno" : "by errno";
	if (options->write)
		return "write";
	if (options->flags.count)
		return "flags";
	if (options->path)
		return "path";
	if (options->tracing.latency)
		return "latency";
	if (options->distinct)
		return "distinct";
	if (options->all)
		return "all";
	if (options->tracing.stream)
		return "stream";
	return openat_by_path(&options->tracing.by)
		       ? group_by_has(&options->tracing.by, BY_PATH) ? "by path" : "by dir"
		       : NULL;
}

static int check(void *state, const struct options *common, struct error *err)
{
	const struct openat_options *options = state;
	const struct tracing_options *tracing = &options->tracing;
	const char *other = options->distinct ? "distinct" : NULL;
	int r = tracing_options_check(tracing, common, other, err);

	if (r < 0)
		return r;
	other = options->no_results ? needs_results(options) : NULL;
	if (other)
		return error_set(err, -EINVAL, "--no-results and --%s exclude each other", other);
	if ((tracing->by.words & PATHS) == PATHS)
		return error_set(err, -EINVAL, "--by: path and dir exclude each other");
	if (options->write && open_flags_only_read(&options->flags))
		return error_set(err, -EINVAL, "--write and --flags '%s' exclude each other",
				 options_filter_text(common, "flags"));
	if (options->full_path && !tracing->stream && !openat_by_path(&tracing->by))
		return error_set(err, -EINVAL, "--full-path needs --stream, --by path or --by dir");
	return 0;
}

const struct tool_options openat_options = {
	.entries = entries,
	.count = array_size(entries),
	.size = sizeof(struct openat_options),
	.parse = parse,
	.check = check,
};

struct group_by openat_by(const struct openat_options *options)
{
	return tracing_options_by(&options->tracing, BY_PROCESS);
}

bool openat_by_path(const struct group_by *by)
{
	return by->words & PATHS;
}
