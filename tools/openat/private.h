/* SPDX-License-Identifier: MIT */
/* What the files behind openat_rows.h share. */
#ifndef OPENAT_PRIVATE_H
#define OPENAT_PRIVATE_H

#include "aggregate.h"
#include "id_names.h"
#include "log_histogram.h"
#include "map_read.h"
#include "path_names.h"
#include "per_process.h"
#include "row_table.h"

/**
 * struct openat_sum - what is added up for one row
 * @comm:     a name for the row, where it has one; not NUL-terminated when ROW_COMM long
 * @named_ns: since when; the newest is kept
 */
struct openat_sum {
	uint64_t opens;
	uint64_t failed;
	uint64_t named_ns;
	char comm[ROW_COMM];
};

/** struct openat_large - the same with latency and the count of different paths */
struct openat_large {
	struct openat_sum sum;
	struct histogram times;
	uint8_t ranks[OPEN_DISTINCT];
};

/**
 * struct openat_rows
 * @large:   rows are struct openat_large, else struct openat_sum
 * @now:     rows of the interval, as the kernel tells them apart
 * @named:   by path or directory the same, each text once; else NULL
 * @shares:  when errno is one of several keys: opens by the others; else NULL
 * @texts:   what path ids stand for; NULL unless needed
 * @totals:  opens of each process over the run; NULL unless rows have processes
 * @seconds: opens in each slice of a second
 * @slice_began_ns, @slice: the slice that is not over, and what was opened in it
 * @opens, @failed: of the whole run
 * @waiting: opens that were in progress when it ended
 */
struct openat_rows {
	const struct openat_choices *choices;
	struct by by;
	bool large;
	struct table_swap table;
	struct rows_sum *now;
	struct rows_sum *named;
	struct rows_sum *shares;
	struct names *names;
	struct openat_texts *texts;
	struct totals *totals;
	struct spread seconds;
	uint64_t slice_began_ns, slice;
	uint64_t opens, failed;
	uint64_t waiting;
};

/** openat_has_pid() - do rows tell processes apart? */
bool openat_has_pid(const struct by *by);

/* openat_waiting.c */

/** openat_add_waiting() - at the end of a run: see which opens have begun and not returned, and
 * count them where they count. */
int openat_add_waiting(struct openat_rows *rows, const struct run *run, struct error *err);

#endif
