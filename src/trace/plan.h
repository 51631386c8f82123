/* SPDX-License-Identifier: MIT */
/*
 * What a run will put into the kernel: the text of one BPF program, and a hook for each of its
 * functions that is to run.
 *
 * A tool has several probe sets: places in the kernel that show it the same events, at different
 * cost and on different kernels. Each makes a plan of its own; the run takes the first one that can
 * be attached.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "group_by.h"
#include "hook.h"
#include "kernel.h"
#include "object.h"
#include "program_text.h"
#include "task_filter.h"

/**
 * struct plan_input - what a plan depends on
 * @kernel:  the running one
 * @filter:  which tasks count
 * @options: the tool's own, of the type that the tool parsed them into
 * @command: a COMMAND is held, and will be traced from its execve on
 */
struct plan_input {
	const struct kernel *kernel;
	const struct filter *filter;
	const void *options;
	bool command;
};

enum {
	PLAN_WITHOUT_MAX = 8,
};

/**
 * struct plan
 * @source:           the program; the plan's owner frees it
 * @has_newtask_hook: the program itself runs at task_newtask, so the filter need not
 * @classic_births:   births are seen through the classic tracepoint, see kernel_define_births()
 * @raw_births:       they must not be, as the program's other hooks are all raw tracepoints
 * @own_tasks:        for own_tasks_set(); set by plan_make()
 * @counts_entries:   events are also counted as they begin. Those that are in flight when the run
 *                    ends are then known, and every other one that did not return was missed
 * @hooks, @nhooks:   what runs where
 * @own_hooks:        how many of them, the first ones, are the tool's; set by plan_make()
 * @timing_only:      functions whose loss costs an event its duration, and not the event
 * @targets:          room for names of targets, see plan_hook_copy()
 * @without, @nwithout: words for what is left out as the kernel has no BTF, see plan_without()
 * @overflow:         there were more hooks than there is room for
 */
struct plan {
	struct program_text *source;
	bool has_newtask_hook;
	bool classic_births;
	bool raw_births;
	bool counts_entries;
	int own_tasks;
	struct hook hooks[OBJECT_PROGRAMS_MAX];
	size_t nhooks;
	size_t own_hooks;
	const char *timing_only[OBJECT_PROGRAMS_MAX];
	size_t ntiming_only;
	char targets[OBJECT_PROGRAMS_MAX][HOOK_NAME_MAX];
	const char *without[PLAN_WITHOUT_MAX];
	size_t nwithout;
	bool overflow;
};

/**
 * struct probe_set - one way to see what a tool counts
 * @name: what -v calls it
 * @plan: describe it; -ENOTSUP with the reason when this kernel or these options rule it out
 */
struct probe_set {
	const char *name;
	int (*plan)(const struct plan_input *in, struct plan *plan, struct error *err);
};

/**
 * plan_make() - the probe set's plan, completed by what the filter and a PID namespace add to it
 * @set:  one of the tool's
 * @in:   what the plan depends on
 * @plan: all zero; the caller frees its source, also after a failure
 * @err:  filled on failure
 *
 * The text of the program then begins with a comment for each hook.
 *
 * Return: 0; -ENOTSUP or -ENOENT when this kernel or these options rule the probe set out; another
 * negative errno.
 */
int plan_make(const struct probe_set *set, const struct plan_input *in, struct plan *plan,
	      struct error *err);

/** plan_hook() - add a hook. @function and @target must outlive the plan. */
void plan_hook(struct plan *plan, enum hook_kind kind, const char *function, const char *target);

/** plan_hook_copy() - add a hook whose @target is copied. */
void plan_hook_copy(struct plan *plan, enum hook_kind kind, const char *function,
		    const char *target);

/**
 * plan_timing_only() - what the kernel skips at this function loses a duration and no event
 * @function: must outlive the run; a literal
 */
void plan_timing_only(struct plan *plan, const char *function);

/**
 * plan_identities() - have rows by process or thread say who that is: its name, and when it began
 * @by: the words of --by
 */
void plan_identities(struct plan *plan, const struct kernel *kernel, const struct group_by *by);

/**
 * plan_without() - an answer is left out, as it takes members of structures that are not known
 * @word: a literal; `--check` and the `start` record show it, and the man pages explain it
 */
void plan_without(struct plan *plan, const char *word);

/**
 * plan_filter_hooks() - add the hooks that the filter needs besides the program's own
 * At most FILTER_HOOKS; the plan has room for them.
 */
void plan_filter_hooks(struct plan *plan, const struct filter *filter);

#endif
