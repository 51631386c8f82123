/* SPDX-License-Identifier: MIT */
/*
 * What makes a tool: its words, its columns, the ways it can see what it counts, and how it reads
 * the counts. Everything else about a run is the same for all and is in run.c.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "child_command.h"
#include "error.h"
#include "kernel.h"
#include "kernel_defines.h"
#include "loader.h"
#include "options.h"
#include "program_text.h"
#include "report.h"

enum {
	SUMS_MAX = 16,
};

/**
 * struct plan - a program and the hooks its functions go on
 * @own_birth: it has task_newtask for itself
 * @targets:   room for names of hooks that are made up, see plan_hook_copy()
 * @overflow:  there were more than there is room for
 * @classic:   births are seen through the classic tracepoint, see kernel_define_births()
 */
struct plan {
	struct source *source;
	bool own_birth;
	bool classic;
	struct hook hooks[OBJECT_PROGRAMS_MAX];
	char targets[OBJECT_PROGRAMS_MAX][HOOK_NAME_MAX];
	size_t nhooks;
	bool overflow;
};

/** plan_hook() - add a hook. @function and @target must outlive the plan. */
void plan_hook(struct plan *plan, enum hook_kind kind, const char *function, const char *target);

/** plan_hook_copy() - the same; @target is copied. */
void plan_hook_copy(struct plan *plan, enum hook_kind kind, const char *function,
		    const char *target);

/** struct timings - what starting took, in ns; @cached: the object came from the cache */
struct timings {
	bool cached;
	uint64_t compile_ns, load_ns, attach_ns;
};

/**
 * struct run - one run of a tool; what a tool's functions are given
 * @kernel, @options, @tool: what there is and what is asked for
 * @loaded:   the program; after loading
 * @own_hooks: the first so many of the object's programs are the tool's, the others its filters'
 * @report:   where rows and events go
 * @ending:   the interval that is being closed is the last; the programs are detached
 * @interrupted: a signal has ended it; for the tool's finish()
 * @waiting:  events that were seen to begin, and are known to be in progress when it ends: they are
 * not `unmatched`
 * @interval: number of the interval being gathered, from 1
 * @state:    the tool's own, @state_size bytes, zeroed
 */
struct run {
	const struct tool *tool;
	struct options options;
	struct kernel kernel;
	struct object object;
	struct loaded *loaded;
	size_t own_hooks;
	struct report *report;
	struct command command;
	uint64_t started_ns, interval_began_ns;
	uint64_t interval;
	bool ending;
	bool interrupted;
	uint64_t waiting;
	struct drops drops;
	struct timings timings;
	void *state;
};

/**
 * struct way - one way to see what the tool counts; they are tried in order until one can be
 * attached
 * @name: for -v
 * @plan: describe it for these options and this kernel; -ENOTSUP with the reason when it cannot be
 */
struct way {
	const char *name;
	int (*plan)(const struct run *run, struct plan *plan, struct error *err);
};

/**
 * struct tool
 * @name, @purpose: "bcc-openat"; a phrase for --help
 * @subject:     what is traced, for the `Tracing` line: "openat(2) calls"
 * @notes, @examples: paragraphs for --help
 * @columns:     of the report; @sort_default: key of one, NULL when there is no sorting
 * @own, @nown:  options of its own; @parse handles them, given OPTION_OWN + n; may be NULL
 * @check:       do the options make sense together? may be NULL
 * @streaming:   events, not rows
 * @shape:       adapt the report's shape, which is prefilled with all of this, to the options; may
 * be NULL
 * @bare:        streaming: will no events be printed? may be NULL
 * @tick_ns:     streaming: how often the stream is read at least
 * @print:       print something that takes no kernel, and end: 1 when that is asked for and done, 0
 * when it is not, or a negative errno. May be NULL
 * @clear:       release what @parse made; may be NULL
 * @ways:        in order of preference
 * @wants:       may this one of @ways be used? NULL: all may
 * @auxiliary:   targets of hooks, or functions, at which what the kernel skips loses no event,
 * ended by NULL; or NULL. May be NULL itself
 * @start:       after loading, before attaching
 * @live:        after attaching: from here on, at one moment, events count; may be NULL
 * @uses:        what takes privilege after that, see enum privilege_use; NULL: nothing
 * @halt:        before detaching: from here on they do not; may be NULL
 * @data:        streaming: read what there is; @fds gives the descriptors that announce it
 * @gather:      aggregating: take what has been counted out of the kernel; called within long
 * intervals, so that what the kernel has room for need not hold all of one. May be NULL
 * @rows:        aggregating: give the rows of the interval that ends now to the report
 * @finish:      after detaching: the last of the stream
 * @summary:     what the report ends with, before that; returns 0 or the negative errno of a failed
 * write. May be NULL
 * @sums:        numbers of the `end` record; returns how many
 * @stop:        release what @start made; runs always once @start was called
 */
struct tool {
	const char *name;
	const char *purpose;
	const char *subject;
	const char *notes;
	const char *examples;
	const struct column *columns;
	size_t ncolumns;
	const char *sort_default;
	bool streaming;
	void (*shape)(const void *state, struct shape *shape);
	bool (*bare)(const void *state);
	uint64_t tick_ns;
	const struct option_entry *own;
	size_t nown;
	int (*parse)(void *state, int id, const char *value, struct error *err);
	int (*check)(void *state, const struct options *options, struct error *err);
	int (*print)(struct run *run, struct error *err);
	void (*clear)(void *state);
	const struct way *ways;
	size_t nways;
	bool (*wants)(const void *state, size_t way);
	const char *const *(*auxiliary)(const void *state);
	size_t state_size;
	int (*start)(struct run *run, struct error *err);
	int (*live)(struct run *run, struct error *err);
	unsigned (*uses)(const struct run *run);
	int (*halt)(struct run *run, struct error *err);
	size_t (*fds)(const struct run *run, const int **fds);
	int (*data)(struct run *run);
	int (*gather)(struct run *run, struct error *err);
	int (*rows)(struct run *run, struct error *err);
	int (*finish)(struct run *run);
	int (*summary)(struct run *run);
	size_t (*sums)(const struct run *run, struct report_sum *sums);
	void (*stop)(struct run *run);
};

/** tool_main() - the whole life of a tool. Return: exit status. */
int tool_main(const struct tool *tool, int argc, char **argv);

#endif
