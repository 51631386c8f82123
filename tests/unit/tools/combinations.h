/* SPDX-License-Identifier: MIT */
/*
 * Every combination of what the programs can be compiled with compiles, as an ordinary user, to a
 * program for each hook that makes use of nothing an old kernel lacks. What they are is said by a
 * file for each tool, test_combinations_*.c; that they are so is tested in combinations.c.
 */
#ifndef COMBINATIONS_H
#define COMBINATIONS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "compiling.h"
#include "group_by.h"

enum filter_set {
	PIDS = 1,
	TIDS = 2,
	PPIDS = 4,
	UIDS = 8,
	NAME = 16,
	CGROUP = 32,
	FOLLOWED = 64,
	ALL_FILTERS = 127,
};

/* Each on its own, pairs that share a helper or a variable, and all. */
static const unsigned filter_sets[] = {
	0,
	PIDS,
	TIDS,
	PPIDS,
	UIDS,
	NAME,
	CGROUP,
	FOLLOWED,
	PIDS | TIDS,
	PIDS | NAME,
	TIDS | FOLLOWED,
	UIDS | NAME,
	PPIDS | CGROUP,
	FOLLOWED | PPIDS,
	CGROUP | FOLLOWED,
	ALL_FILTERS,
};

/* With these everything else is combined; with the others, what is usual: a filter is the same code
 * everywhere. */
static inline bool is_thorough(unsigned filters)
{
	return filters == 0 || filters == FOLLOWED || filters == ALL_FILTERS;
}

/* What programs of several tools can be compiled with; a tool's own flags begin with FLAG_OWN. */
enum flag {
	COMPAT_ = 1,
	TASK_PT_REGS_ = 2,
	TASK_BTF_ = 4,
	PIDNS_ = 8,
	BIRTH_TRACEPOINT_ = 16,
	LATENCY_ = 32,
	FAILED_ONLY_ = 64,
	FILTER_ERRNO_ = 128,
	TASK_COMM_ = 256,
	FLAG_OWN = 512,
};

/* One compile. @by: what rows are about; none: there are no rows */
struct job {
	const char *program;
	unsigned flags, filters;
	struct by by;
	const struct hook *hooks;
	size_t nhooks;
};

/**
 * struct suite - the combinations of one tool
 * @programs:   what is compiled, ended by NULL
 * @never:      what is asked about only for other tools, or of the compiler; ended by NULL
 * @add:        make all jobs, with add_job()
 * @define:     what a job is compiled with, besides what all are
 * @own_birth:  the program sees births itself, also when it follows nobody
 * @check_maps: Return: 1 after complain()
 */
struct suite {
	const char *const *programs;
	const char *const *never;
	void (*add)(void);
	void (*define)(struct source *s, const struct job *job);
	bool (*own_birth)(const struct job *job);
	int (*check_maps)(const struct job *job, const struct object *o);
};

extern const struct suite suite;

/** add_job() - one more; what it points to stays. */
void add_job(struct job job);

/** struct flag_define - what a flag of a job stands for */
struct flag_define {
	unsigned flag;
	const char *name, *value;
};

/** define_flags() - those that the job has. */
void define_flags(struct source *s, const struct job *job, const struct flag_define *defines,
		  size_t count);

/** define_members() - of structures; an offset of 0 stands for another each. */
void define_members(struct source *s, const struct layout_member *members, size_t count);

/** define_rows() - what shows in rows: the key, its size, and what else is kept. */
void define_rows(struct source *s, const struct job *job);

enum {
	ROWS_MAX = 4096,
};

/** check_rows() - the tables that rows are counted in. @value_size: of a row */
int check_rows(const struct job *job, const struct object *o, size_t value_size);

/** check_map() - is a map there when it should be, and only then? */
int check_map(const struct job *job, const struct object *o, const char *name, bool wanted);

/** complain() - Return: 1. */
int complain(const struct job *job, const char *what, const char *detail);

#endif
