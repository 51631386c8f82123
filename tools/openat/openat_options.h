/* SPDX-License-Identifier: MIT */
/* What a run of bcc-openat is asked for. */
#ifndef OPENAT_OPTIONS_H
#define OPENAT_OPTIONS_H

#include "errno_set.h"
#include "glob.h"
#include "group_by.h"
#include "open_flags.h"
#include "tool.h"

enum {
	OPENAT_OPTIONS = 15,
};

/* Hooks to choose from, see programs/open_hooks.bpf.h. */
enum openat_hook {
	OPENAT_ANY_HOOK,
	OPENAT_KPROBE,
	OPENAT_FEXIT,
	OPENAT_SYS_EXIT,
	OPENAT_TRACEPOINT,
	OPENAT_RAW_SYSCALLS,
	OPENAT_HOOKS,
};

/**
 * struct openat_choices
 * @by:          what a row is about
 * @errnos:      only opens that fail with one of these; none: any
 * @flags:       only opens with any of these flags; none: any
 * @path:        only paths that match; NULL: any
 * @glob:        the same, taken apart
 * @all:         all calls that open, and io_uring
 * @failed:      only opens that fail
 * @write:       only opens for writing
 * @latency, @histogram: how long opens take, in numbers and drawn
 * @distinct:    how many different paths
 * @full_path:   where relative paths start from
 * @stream:      a line for each open instead of counts
 * @no_results:  count at the entry
 * @hook:        the only one to use
 * @buffer_pages: of each CPU's perf buffer, when streaming
 */
struct openat_choices {
	struct by by;
	struct errnos errnos;
	struct open_flags_filter flags;
	const char *path;
	struct glob glob;
	bool all;
	bool failed;
	bool write;
	bool latency;
	bool histogram;
	bool distinct;
	bool full_path;
	bool stream;
	bool no_results;
	enum openat_hook hook;
	uint64_t buffer_pages;
};

extern const struct option_entry openat_options[OPENAT_OPTIONS];

/** openat_choices_parse(), openat_choices_check() - see struct tool; the state begins with a struct
 * openat_choices. */
int openat_choices_parse(void *state, int id, const char *value, struct error *err);
int openat_choices_check(void *state, const struct options *options, struct error *err);

/** openat_choices_by() - what rows are about, the default included. */
struct by openat_choices_by(const struct openat_choices *choices);

/** openat_by_path() - do paths, or their directories, tell rows apart? */
bool openat_by_path(const struct by *by);

#endif
