/* SPDX-License-Identifier: MIT */
/* What a run of bcc-syscalls is asked for, and the program and hooks that takes. */
#ifndef SYSCALLS_OPTIONS_H
#define SYSCALLS_OPTIONS_H

#include "errno_set.h"
#include "group_by.h"
#include "syscall_set.h"
#include "tool.h"

enum {
	SYSCALLS_OPTIONS = 10,
};

/**
 * struct syscalls_choices
 * @by:         what a row is about
 * @lists:      all of -e, joined; heap
 * @set:        the same as slots; any false: every call
 * @errnos:     only calls that fail with one of these; none: any
 * @failed:     only calls that fail
 * @latency, @histogram: how long calls take, in numbers and drawn
 * @cumulative: sums since the start beside the interval's
 * @stream:     a line for each call instead of counts
 * @list:       print what calls there are, and end
 * @buffer_pages: of each CPU's perf buffer, when streaming
 */
struct syscalls_choices {
	struct by by;
	char *lists;
	struct syscall_set set;
	struct errnos errnos;
	bool failed;
	bool latency;
	bool histogram;
	bool cumulative;
	bool stream;
	bool list;
	uint64_t buffer_pages;
};

extern const struct option_entry syscalls_options[SYSCALLS_OPTIONS];

/** syscalls_choices_parse(), syscalls_choices_check() - see struct tool; the state begins with a
 * struct syscalls_choices. */
int syscalls_choices_parse(void *state, int id, const char *value, struct error *err);
int syscalls_choices_check(void *state, const struct options *options, struct error *err);

void syscalls_choices_clear(void *state);

/** syscalls_choices_print() - --list, see struct tool. */
int syscalls_choices_print(struct run *run, struct error *err);

/** syscalls_choices_by() - what rows are about, the default included. */
struct by syscalls_choices_by(const struct syscalls_choices *choices);

/** syscalls_choices_counts() - are the per-CPU counts by system call enough, or does it take the
 * table of rows? */
bool syscalls_choices_counts(const struct syscalls_choices *choices);

/** syscalls_choices_only_failed() - are calls that succeed left out? */
bool syscalls_choices_only_failed(const struct syscalls_choices *choices);

/** syscalls_choices_select() - put the calls that count into the loaded program's map. */
int syscalls_choices_select(const struct syscalls_choices *choices, const struct loaded *loaded,
			    struct error *err);

/** syscalls_plan_...() - see struct way. */
int syscalls_plan_raw_if_exact(const struct run *run, struct plan *plan, struct error *err);
int syscalls_plan_classic(const struct run *run, struct plan *plan, struct error *err);
int syscalls_plan_raw(const struct run *run, struct plan *plan, struct error *err);

#endif
