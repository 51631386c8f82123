/* SPDX-License-Identifier: MIT */
/* Cells that rows of several tools have alike: what a row is about, and how long its calls took. */
#ifndef ROW_CELLS_H
#define ROW_CELLS_H

#include "errno_set.h"
#include "group_by.h"
#include "id_names.h"
#include "log_histogram.h"
#include "report.h"
#include "syscall_names.h"

/**
 * struct key_columns - where a tool's report has what rows are about
 * @slot_name: text for a slot, see syscall_slot_name()
 */
struct key_columns {
	size_t pid, tid, start, comm, uid, user, cgroup, call, error;
	void (*slot_name)(size_t slot, char *buf, size_t size);
};

/** struct time_columns - and how long calls took */
struct time_columns {
	size_t timed, total, avg, min, p50, p99, max;
};

/** struct row_texts - room for the texts of one row that are made for it */
struct row_texts {
	char call[SYSCALL_NAME_MAX];
	char error[ERRNO_TEXT_MAX];
};

/**
 * row_cells_key() - fill the cells that say what a row is about
 * @comm:  the row's name where the key has none; ROW_COMM bytes, not NUL-terminated when that long
 * @texts: what the cells borrow
 */
void row_cells_key(const struct key_columns *columns, const struct group_by *by,
		   struct id_names *names, const struct row_id *id, const char *comm,
		   struct row_texts *texts, struct cell *cells);

/** cell_share() - @some of @all for a COLUMN_PERCENT; 0 of nothing. */
uint64_t cell_share(uint64_t some, uint64_t all);

/** row_cells_times() - all but the sums are unknown when nothing was timed. */
void row_cells_times(const struct time_columns *columns, const struct histogram *times,
		     struct cell *cells);

#endif
