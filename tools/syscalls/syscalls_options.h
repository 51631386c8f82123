/* SPDX-License-Identifier: MIT */
/* What a run of bcc-syscalls is asked for. */
#ifndef SYSCALLS_OPTIONS_H
#define SYSCALLS_OPTIONS_H

#include "syscall_set.h"
#include "tool.h"
#include "tracing_options.h"

/**
 * struct syscalls_options
 * @tracing:    shared with bcc-openat
 * @lists:      all of -e, joined; heap memory
 * @set:        the same as slots; any false: every call
 * @string_limit: bytes of buffers and strings to show; of their default if not @limited
 * @in_words:   lines for people, with what arguments point to
 * @cumulative: sums since the start beside the interval's
 * @list:       print what calls there are, and end
 */
struct syscalls_options {
	struct tracing_options tracing;
	char *lists;
	struct syscall_set set;
	uint64_t string_limit;
	bool limited;
	bool in_words;
	bool cumulative;
	bool list;
};

/** syscalls_options - for struct tool; the struct they fill is struct syscalls_options */
extern const struct tool_options syscalls_options;

/** syscalls_list() - --list, see `answer` of struct tool. */
int syscalls_list(const void *options, const struct options *common, struct error *err);

/** syscalls_by() - what rows are about, the default included. */
struct group_by syscalls_by(const struct syscalls_options *options);

/** syscalls_counters_suffice() - are counters by system call enough, without a table of rows? */
bool syscalls_counters_suffice(const struct syscalls_options *options);

/** syscalls_only_failed() - are calls that succeed left out? */
bool syscalls_only_failed(const struct syscalls_options *options);

/** syscalls_string_limit() - how many bytes of a buffer or a string of argv a line shows */
unsigned syscalls_string_limit(const struct syscalls_options *options);

/** syscalls_are_selected() - does a call with this slot count? */
bool syscalls_are_selected(const struct syscalls_options *options, size_t slot);

#endif
