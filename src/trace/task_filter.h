/* SPDX-License-Identifier: MIT */
/*
 * Which tasks count.
 *
 * The options of the filter become constants in the program, and entries of two maps that it asks:
 * one of processes to follow, one of a cgroup. So a run pays only for the filters it has.
 */
#ifndef TASK_FILTER_H
#define TASK_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "glob.h"
#include "id_set.h"
#include "kernel.h"
#include "loader.h"
#include "program_text.h"

enum {
	FILTER_HOOKS = 3, /* at most, see plan_filter_hooks() */
	FILTER_BUT_NAMES = 3,
	FILTER_BUT_CGROUPS = 8,
};

enum filter_ids {
	FILTER_PIDS,
	FILTER_TIDS,
	FILTER_PPIDS,
	FILTER_UIDS,
	FILTER_EUIDS,
	FILTER_ID_KINDS,
};

/** struct filter_but - tasks that are left out; members as in struct filter */
struct filter_but {
	struct id_set ids[FILTER_ID_KINDS];
	const char *names[FILTER_BUT_NAMES];
	size_t nnames;
	int cgroups[FILTER_BUT_CGROUPS];
	size_t ncgroups;
};

/**
 * struct filter - what was asked for; all members empty: everything counts
 * @ids:         lists by kind; pids with @descendants are followed, not compared
 * @name:        glob over comm, or NULL
 * @cgroup:      descriptor of a cgroup v2 directory, or -1
 * @but:         what was given with a `!` in front
 * @descendants: follow the pids, or those that are left out
 * @has_command: a COMMAND and its descendants are followed
 * @starts_views: one of the tool's own tasks starts others
 * @self:        the tool's own tasks count too, see own_tasks.h
 * @asked_ns:    when the first process or thread was named, of CLOCK_BOOTTIME; 0: none was
 */
struct filter {
	struct id_set ids[FILTER_ID_KINDS];
	const char *name;
	int cgroup;
	struct filter_but but;
	bool descendants;
	bool has_command;
	bool self;
	bool starts_views;
	uint64_t asked_ns;
};

#define FILTER_INIT                                                                                \
	{                                                                                          \
		.cgroup = -1                                                                       \
	}

/** filter_clear() - release what the filter holds, and make it let everything through. */
void filter_clear(struct filter *filter);

/**
 * filter_add_ids() - add the ids of a list
 * @text: "12,34"; for FILTER_UIDS and FILTER_EUIDS names of users too. "!12" is left out; a list
 * that begins with "!" is left out as a whole Return: 0, -EINVAL or -ENOMEM; the error does not
 * name the option.
 */
int filter_add_ids(struct filter *filter, enum filter_ids kind, const char *text,
		   struct error *err);

/**
 * filter_set_name() - count only tasks whose comm matches a glob
 * @pattern: borrowed; with "!" in front those that match do not count
 * Return: 0 or -EINVAL.
 */
int filter_set_name(struct filter *filter, const char *pattern, struct error *err);

/**
 * filter_set_cgroup() - count only tasks in a cgroup v2 directory or below it
 * @path: absolute, or relative to where cgroup v2 is mounted; with "!" in front it is left out
 * Return: 0 or -EINVAL.
 */
int filter_set_cgroup(struct filter *filter, const char *path, struct error *err);

/**
 * filter_check() - are there tasks that all filters together can match?
 * Return: 0, or -EINVAL with an error that names the options.
 */
int filter_check(const struct filter *filter, struct error *err);

/** filter_names_tasks() - does the program compare ids of processes or threads? */
bool filter_names_tasks(const struct filter *filter);

/** filter_follows() - does the program follow processes from parent to child? */
bool filter_follows(const struct filter *filter);

/** filter_leaves_followed_out() - are the processes that it follows those that do not count? */
bool filter_leaves_followed_out(const struct filter *filter);

/** filter_is_of_others() - does it name tasks, so that no task of the tool can pass? */
bool filter_is_of_others(const struct filter *filter);

/** filter_compares() - is there a list of such ids, to be traced or left out? */
bool filter_compares(const struct filter *filter, enum filter_ids kind);

/** filter_uses_names() - does the program compare names of commands? */
bool filter_uses_names(const struct filter *filter);

/** filter_uses_cgroups() - does the program look at cgroups? */
bool filter_uses_cgroups(const struct filter *filter);

/**
 * filter_define() - add the filter's defines to a program
 * @kernel: for offsets (--ppid, --euid) and for the number of processes to follow
 * Return: 0 or negative errno.
 */
int filter_define(const struct filter *filter, struct program_text *source,
		  const struct kernel *kernel, struct error *err);

/**
 * filter_define_names() - add the defines of globs over names, see programs/lib/filter.bpf.h
 * @globs: @count of them; all their elements and one more each are at most 64
 * @kept:  so many of them, the first ones, are of names that count; the others are left out
 */
void filter_define_names(const struct glob *globs, size_t count, size_t kept,
			 struct program_text *source);

/**
 * filter_followed() - the loaded program's table of processes that are followed: struct follow by
 * process id
 * Return: a descriptor, borrowed from @loaded; -ENOENT if nothing is followed.
 */
int filter_followed(const struct loaded *loaded);

/**
 * filter_fill() - put pids, command and cgroup into the loaded program's maps; before attaching
 * @command: process id of the COMMAND; 0: there is none
 * Return: 0 or negative errno.
 */
int filter_fill(const struct filter *filter, uint32_t command, const struct loaded *loaded,
		struct error *err);

/**
 * filter_still_there() - do the processes and threads that were named still exist?
 * Call it after attaching: a process may have ended before, and its pid may have been reused.
 * Return: 0; -ESRCH, and @err says which one has ended; or another negative errno.
 */
int filter_still_there(const struct filter *filter, struct error *err);

#endif
