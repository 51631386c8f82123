/* SPDX-License-Identifier: MIT */
/* What a run of bcc-openat is asked for. See openat_choices.h; the program that takes is in
 * openat_plan.c. */
#define _GNU_SOURCE
#include "openat_options.h"

#include <errno.h>
#include <string.h>

#include "cleanup.h"

enum openat_option {
	OPT_BY = OPTION_OWN,
	OPT_ALL,
	OPT_FAILED,
	OPT_ERRNO,
	OPT_WRITE,
	OPT_FLAGS,
	OPT_PATH,
	OPT_LATENCY,
	OPT_HISTOGRAM,
	OPT_DISTINCT,
	OPT_FULL_PATH,
	OPT_STREAM,
	OPT_BUFFER,
	OPT_NO_RESULTS,
	OPT_HOOK,
};

enum {
	KNOWN = 1 << BY_PROCESS | 1 << BY_THREAD | 1 << BY_COMM | 1 << BY_USER | 1 << BY_CGROUP |
		1 << BY_ERRNO | 1 << BY_CALL | 1 << BY_PATH | 1 << BY_DIR,
	PATHS = 1 << BY_PATH | 1 << BY_DIR,
};

const struct option_entry openat_options[OPENAT_OPTIONS] = {
	{ 0, "by", "KEY[,KEY...]",
	  "what a row is about: process (default), thread, comm, path, dir, user,\ncgroup, errno, "
	  "call, or a combination",
	  OPT_BY, false },
	{ 'a', "all", NULL,
	  "also open, creat, openat2, open_by_handle_at, and opens through io_uring", OPT_ALL,
	  true },
	{ 'x', "failed", NULL, "only opens that fail", OPT_FAILED, true },
	{ 0, "errno", "ERRNO[,...]", "only opens that fail with one of these: names or numbers",
	  OPT_ERRNO, true },
	{ 'w', "write", NULL, "only opens for writing", OPT_WRITE, true },
	{ 0, "flags", "FLAG[,FLAG...]", "only opens with any of these flags: O_CREAT, O_TRUNC, ...",
	  OPT_FLAGS, true },
	{ 0, "path", "GLOB",
	  "only paths that match as a whole, as the program gave them; * matches / too", OPT_PATH,
	  true },
	{ 'L', "latency", NULL, "how long opens take", OPT_LATENCY, false },
	{ 0, "histogram", NULL, "with -L: draw how the times of each row are distributed",
	  OPT_HISTOGRAM, false },
	{ 0, "distinct", NULL,
	  "how many different paths were opened (estimated, standard error 3.3 %)", OPT_DISTINCT,
	  false },
	{ 'F', "full-path", NULL,
	  "show where relative paths start from: with --stream, or by path or dir", OPT_FULL_PATH,
	  false },
	{ 0, "stream", NULL, "a line for each open as it returns, instead of counts", OPT_STREAM,
	  false },
	{ 0, "buffer", "PAGES",
	  "with --stream: perf buffer of each CPU, a power of two (default 128)", OPT_BUFFER,
	  false },
	{ 0, "no-results", NULL,
	  "count opens as they begin, and do not look how they end: costs least", OPT_NO_RESULTS,
	  false },
	{ 0, "hook", "NAME",
	  "use this hook and no other: kprobe, fexit, sys_exit, tracepoint, raw_syscalls", OPT_HOOK,
	  false },
};

static const char *const hooks[OPENAT_HOOKS] = {
	[OPENAT_KPROBE] = "kprobe",
	[OPENAT_FEXIT] = "fexit",
	[OPENAT_SYS_EXIT] = "sys_exit",
	[OPENAT_TRACEPOINT] = "tracepoint",
	[OPENAT_RAW_SYSCALLS] = "raw_syscalls",
};

static int parse_hook(struct openat_choices *choices, const char *name, struct error *err)
{
	for (int hook = OPENAT_ANY_HOOK + 1; hook < OPENAT_HOOKS; hook++) {
		if (strcmp(hooks[hook], name) == 0) {
			choices->hook = (enum openat_hook)hook;
			return 0;
		}
	}
	return error_set(
		err, -EINVAL,
		"'%s' is not a hook (there are: kprobe, fexit, sys_exit, tracepoint, raw_syscalls)",
		name);
}

static int parse_path(struct openat_choices *choices, const char *glob, struct error *err)
{
	int r = glob_parse(&choices->glob, glob);

	choices->path = glob;
	if (r == -ERANGE)
		return error_set(err, -EINVAL, "'%s' has more than %d characters to match", glob,
				 GLOB_ELEMENTS_MAX - 1);
	return r < 0 ? error_set(err, -EINVAL, "'%s' has a [ that is not closed", glob) : 0;
}

static bool *switch_of(struct openat_choices *choices, int id)
{
	switch (id) {
	case OPT_ALL:
		return &choices->all;
	case OPT_FAILED:
		return &choices->failed;
	case OPT_WRITE:
		return &choices->write;
	case OPT_LATENCY:
		return &choices->latency;
	case OPT_HISTOGRAM:
		return &choices->histogram;
	case OPT_DISTINCT:
		return &choices->distinct;
	case OPT_FULL_PATH:
		return &choices->full_path;
	case OPT_NO_RESULTS:
		return &choices->no_results;
	default:
		return &choices->stream;
	}
}

int openat_choices_parse(void *state, int id, const char *value, struct error *err)
{
	struct openat_choices *choices = state;

	switch (id) {
	case OPT_BY:
		return by_parse(&choices->by, value, KNOWN, err);
	case OPT_ERRNO:
		return errnos_add(&choices->errnos, value, err);
	case OPT_FLAGS:
		return open_flags_parse(value, &choices->flags, err);
	case OPT_PATH:
		return parse_path(choices, value, err);
	case OPT_BUFFER:
		return options_pages(value, &choices->buffer_pages, err);
	case OPT_HOOK:
		return parse_hook(choices, value, err);
	default:
		*switch_of(choices, id) = true;
		return 0;
	}
}

static const char *not_with_stream(const struct openat_choices *choices,
				   const struct options *options)
{
	if (choices->by.words)
		return "by";
	if (choices->latency)
		return "latency";
	if (choices->histogram)
		return "histogram";
	if (choices->distinct)
		return "distinct";
	if (options->report.top)
		return "top";
	return options->interval_given ? "interval" : NULL;
}

/* What is not known of an open when it begins, or may not be in memory yet. */
static const char *needs_results(const struct openat_choices *choices)
{
	if (choices->failed)
		return "failed";
	if (choices->errnos.count || by_has(&choices->by, BY_ERRNO))
		return choices->errnos.count ? "errno" : "by errno";
	if (choices->write)
		return "write";
	if (choices->flags.count)
		return "flags";
	if (choices->path)
		return "path";
	if (choices->latency)
		return "latency";
	if (choices->distinct)
		return "distinct";
	if (choices->all)
		return "all";
	if (choices->stream)
		return "stream";
	return openat_by_path(&choices->by) ? by_has(&choices->by, BY_PATH) ? "by path" : "by dir"
					    : NULL;
}

int openat_choices_check(void *state, const struct options *options, struct error *err)
{
	struct openat_choices *choices = state;
	const char *other = choices->stream ? not_with_stream(choices, options) : NULL;

	if (other)
		return error_set(err, -EINVAL, "--stream and --%s exclude each other", other);
	other = choices->no_results ? needs_results(choices) : NULL;
	if (other)
		return error_set(err, -EINVAL, "--no-results and --%s exclude each other", other);
	if ((choices->by.words & PATHS) == PATHS)
		return error_set(err, -EINVAL, "--by: path and dir exclude each other");
	if (choices->histogram && !choices->latency)
		return error_set(err, -EINVAL, "--histogram needs --latency");
	if (choices->buffer_pages && !choices->stream)
		return error_set(err, -EINVAL, "--buffer needs --stream");
	if (choices->full_path && !choices->stream && !openat_by_path(&choices->by))
		return error_set(err, -EINVAL, "--full-path needs --stream, --by path or --by dir");
	return 0;
}

struct by openat_choices_by(const struct openat_choices *choices)
{
	static const struct by usual = { 1u << BY_PROCESS };

	return choices->by.words ? choices->by : usual;
}

bool openat_by_path(const struct by *by)
{
	return by->words & PATHS;
}
