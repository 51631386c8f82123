/* SPDX-License-Identifier: MIT */
/* What a run of bcc-openat is asked for. */
#ifndef OPENAT_OPTIONS_H
#define OPENAT_OPTIONS_H

#include "glob.h"
#include "open_flags.h"
#include "tool.h"
#include "tracing_options.h"

/* Hooks to choose from, see programs/openat/seen.bpf.h. */
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
 * struct openat_options
 * @tracing:    shared with bcc-syscalls
 * @flags:      only opens with any of these flags; none: any
 * @path:       only paths that match; NULL: any
 * @glob:       the same, taken apart
 * @all:        all calls that open, and io_uring
 * @write:      only opens for writing
 * @distinct:   how many different paths
 * @full_path:  where relative paths start from
 * @no_results: count opens as they begin
 * @hook:       the only kind of hook to use
 */
struct openat_options {
	struct tracing_options tracing;
	struct open_flags_filter flags;
	const char *path;
	struct glob glob;
	bool all;
	bool write;
	bool distinct;
	bool full_path;
	bool no_results;
	enum openat_hook hook;
};

/** openat_options - for struct tool; the struct they fill is struct openat_options */
extern const struct tool_options openat_options;

/** openat_by() - what rows are about, the default included. */
struct group_by openat_by(const struct openat_options *options);

/** openat_by_path() - do paths, or their directories, tell rows apart? */
bool openat_by_path(const struct group_by *by);

#endif
