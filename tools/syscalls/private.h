/* SPDX-License-Identifier: MIT */
/* What the files behind syscalls_rows.h share. */
#ifndef SYSCALLS_PRIVATE_H
#define SYSCALLS_PRIVATE_H

#include "aggregate.h"
#include "log_histogram.h"
#include "syscalls.h"

/**
 * struct syscalls_sum - what is added up for one row
 * @calls, @errors, @total_ns: of the interval
 * @blocked:    calls that have begun and not returned
 * @blocked_ns: how long the oldest of these has lasted, as far as is known
 * @comm:       a name for the row, where it has one; not NUL-terminated when ROW_COMM long
 * @named_ns:   since when; the newest is kept
 */
struct syscalls_sum {
	uint64_t calls;
	uint64_t errors;
	uint64_t total_ns;
	uint64_t blocked;
	uint64_t blocked_ns;
	uint64_t named_ns;
	char comm[ROW_COMM];
};

/** struct syscalls_timed - the same with latency */
struct syscalls_timed {
	struct syscalls_sum sum;
	struct histogram times;
};

/**
 * struct syscalls_rows
 * @swaps:  counts are in the kernel's table of rows; else in its array of counters
 * @then:   that array, as it was last read
 * @now:    rows of the interval: struct syscalls_sum, with latency struct syscalls_timed
 * @all:    rows since the start, struct syscalls_sum; NULL when not asked for
 * @shares: when errno is one of several keys: calls by the others; else NULL
 * @calls, @errors: of the whole run, without the interval
 */
struct syscalls_rows {
	const struct syscalls_choices *choices;
	struct by by;
	bool swaps;
	struct table_swap table;
	struct syscall_count then[SYSCALL_SLOTS];
	struct rows_sum *now;
	struct rows_sum *all;
	struct rows_sum *shares;
	struct names *names;
	uint64_t calls, errors;
};

/* syscalls_waiting.c */

/** syscalls_seed_waiting() - note for each thread that already waits in a call that its beginning
 * is not known. */
int syscalls_seed_waiting(struct syscalls_rows *rows, const struct run *run, struct error *err);

/** syscalls_add_waiting() - add the calls that have begun and not returned; at the end of a run
 * they count as calls. */
int syscalls_add_waiting(struct syscalls_rows *rows, const struct run *run, struct error *err);

#endif
