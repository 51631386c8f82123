/* SPDX-License-Identifier: MIT */
/* Filters that exclude each other, or all tasks. See task_filter.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "procfs.h"
#include "task_filter.h"
#include "task_info.h"

/* An id, or a user, that is asked for and left out. */
static int check_ids(const struct filter *filter, struct error *err)
{
	static const char *const names[FILTER_ID_KINDS] = {
		[FILTER_PIDS] = "pid", [FILTER_TIDS] = "tid",   [FILTER_PPIDS] = "ppid",
		[FILTER_UIDS] = "uid", [FILTER_EUIDS] = "euid",
	};

	for (int kind = 0; kind < FILTER_ID_KINDS; kind++) {
		const struct id_set *list = &filter->ids[kind];

		for (size_t i = 0; i < list->count; i++)
			if (id_set_has(&filter->but.ids[kind], list->ids[i]))
				return error_set(err, -EINVAL,
						 "--%s: %u is both to be traced and left out",
						 names[kind], list->ids[i]);
	}
	return 0;
}

/* A name without * ? [ ] or \\ is a glob that matches itself alone. */
static int check_names(const struct filter *filter, struct error *err)
{
	const char *name = filter->name;

	for (size_t i = 0; name && i < filter->but.nnames; i++) {
		const char *but = filter->but.names[i];
		struct glob glob;

		if (strcmp(but, name) == 0 ||
		    (!name[strcspn(name, "*?[\\")] && glob_parse(&glob, but) == 0 &&
		     glob_matches(&glob, name, strlen(name))))
			return error_set(err, -EINVAL, "--name: '!%s' leaves nothing of '%s'", but,
					 name);
	}
	return 0;
}

static bool is_same(int one, int other)
{
	struct stat a, b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_ino == b.st_ino;
}

static int check_cgroups(const struct filter *filter, struct error *err)
{
	for (size_t i = 0; filter->cgroup >= 0 && i < filter->but.ncgroups; i++)
		if (is_same(filter->cgroup, filter->but.cgroups[i]))
			return error_set(err, -EINVAL,
					 "--cgroup: one is both to be traced and left out");
	return 0;
}

/* A thread of --tid that --pid lets through, or a reason to let it be. */
static bool may_pass(const struct filter *filter, uint32_t leader)
{
	const struct id_set *pids = &filter->ids[FILTER_PIDS];

	return (!pids->count || id_set_has(pids, leader)) &&
	       !id_set_has(&filter->but.ids[FILTER_PIDS], leader);
}

/* Threads of other processes than those of --pid: nothing can match both. */
static bool excludes_all(const struct filter *filter)
{
	const struct id_set *tids = &filter->ids[FILTER_TIDS];
	cleanup_close int proc = -1;

	if (!tids->count || !filter_compares(filter, FILTER_PIDS))
		return false;
	proc = procfs_open();
	if (proc < 0)
		return false;
	for (size_t i = 0; i < tids->count; i++)
		if (may_pass(filter, procfs_thread_group(proc, tids->ids[i])))
			return false;
	return true;
}

static bool has_pids(const struct filter *filter)
{
	return filter->ids[FILTER_PIDS].count || filter->but.ids[FILTER_PIDS].count;
}

static int check_followed(const struct filter *filter, struct error *err)
{
	bool tids = filter_compares(filter, FILTER_TIDS);

	if (filter->descendants && !has_pids(filter))
		return error_set(err, -EINVAL, "--descendants needs --pid");
	if (filter->descendants && filter->ids[FILTER_PIDS].count &&
	    filter->but.ids[FILTER_PIDS].count)
		return error_set(err, -EINVAL,
				 "--descendants: of processes to trace, or with ! to leave out, "
				 "not of both");
	if (filter->descendants && tids)
		return error_set(err, -EINVAL, "--descendants and --tid exclude each other");
	if (filter->has_command && has_pids(filter))
		return error_set(err, -EINVAL, "--pid and a COMMAND exclude each other");
	if (filter->has_command && tids)
		return error_set(err, -EINVAL, "--tid and a COMMAND exclude each other");
	return 0;
}

int filter_check(const struct filter *filter, struct error *err)
{
	int r = check_followed(filter, err);

	if (r == 0)
		r = check_ids(filter, err);
	if (r == 0)
		r = check_names(filter, err);
	if (r == 0)
		r = check_cgroups(filter, err);
	if (r < 0)
		return r;
	if (filter->self && filter_is_of_others(filter))
		return error_set(err, -EINVAL,
				 "--self: --pid, --tid and a COMMAND leave the tool out anyway");
	if (excludes_all(filter))
		return error_set(err, -EINVAL,
				 "--tid: none of these is a thread of a process of --pid");
	return 0;
}
