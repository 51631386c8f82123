/* SPDX-License-Identifier: MIT */
/* System calls in flight. See in_flight.h. */
#define _GNU_SOURCE
#include "in_flight.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "follow.h"
#include "glob.h"
#include "inspector.h"
#include "map_read.h"
#include "number.h"
#include "privileges.h"
#include "procfs.h"

/* What a look at all threads carries along. */
struct look {
	int proc;
	const struct filter *filter;
	struct glob name, but_names[FILTER_BUT_NAMES];
	struct id_names *names;
	uint64_t cgroup, but_cgroups[FILTER_BUT_CGROUPS]; /* ids of the filter's; 0: none */
	struct id_set followed;
	in_flight_fn each;
	void *context;
};

static bool has_id(const struct id_set *list, uint32_t id)
{
	return list->count == 0 || id_set_has(list, id);
}

static bool has_user(const struct filter *f, enum filter_ids kind, uint32_t id)
{
	return has_id(&f->ids[kind], id) && !id_set_has(&f->but.ids[kind], id);
}

static bool name_passes(const struct look *look, const struct task *task)
{
	size_t len = strnlen(task->comm, TASK_COMM);

	for (size_t i = 0; i < look->filter->but.nnames; i++)
		if (glob_matches(&look->but_names[i], task->comm, len))
			return false;
	return !look->filter->name || glob_matches(&look->name, task->comm, len);
}

/* Return: the answer, or negative errno. */
static int cgroup_passes(const struct look *look, const struct task *task)
{
	int r = true;

	if (look->cgroup)
		r = task_in_cgroup(look->proc, task->pid, task->tid, look->cgroup, look->names);
	for (size_t i = 0; r > 0 && i < look->filter->but.ncgroups; i++) {
		r = task_in_cgroup(look->proc, task->pid, task->tid, look->but_cgroups[i],
				   look->names);
		r = r < 0 ? r : !r;
	}
	return r;
}

/* Does a list name this task, and not an earlier one that had its id? */
static bool names(const struct look *look, const struct id_set *list, uint32_t id)
{
	uint64_t began_ns;

	return id_set_has(list, id) && procfs_task_began(look->proc, id, &began_ns) == 0 &&
	       began_ns <= look->filter->asked_ns;
}

static bool is_named(const struct look *look, enum filter_ids kind, uint32_t id)
{
	const struct filter *f = look->filter;

	if (!filter_compares(f, kind))
		return true;
	return (!f->ids[kind].count || names(look, &f->ids[kind], id)) &&
	       !names(look, &f->but.ids[kind], id);
}

/*
 * The same questions that programs/lib/filter.bpf.h asks. With a filter that follows, the look is
 * at the followed processes alone.
 */
static bool id_passes(const struct look *look, uint32_t pid, uint32_t tid)
{
	const struct filter *f = look->filter;

	return (filter_follows(f) || has_id(&f->ids[FILTER_PIDS], pid)) &&
	       has_id(&f->ids[FILTER_TIDS], tid);
}

/* Return: the answer, or negative errno. */
static int passes(const struct look *look, const struct task *task)
{
	const struct filter *f = look->filter;

	if (!is_named(look, FILTER_PIDS, task->pid) || !is_named(look, FILTER_TIDS, task->tid) ||
	    !is_named(look, FILTER_PPIDS, task->ppid) || !has_user(f, FILTER_UIDS, task->uid) ||
	    !has_user(f, FILTER_EUIDS, task->euid) || !name_passes(look, task))
		return false;
	return cgroup_passes(look, task);
}

/* By id first: each further question opens a file, or takes an answer of the inspector. */
static int look_at_thread(const struct look *look, uint32_t pid, uint32_t tid)
{
	struct task task;
	uint32_t call;
	int r = id_passes(look, pid, tid) ? task_waiting_call(look->proc, pid, tid, &call) : 0;

	if (r <= 0)
		return r;
	r = task_read(look->proc, pid, tid, &task);
	if (r < 0)
		return task_is_out_of_reach(r) ? 0 : r;
	r = passes(look, &task);
	return r <= 0 ? r : look->each(&task, call, look->context);
}

/* Call @each with every entry of a directory that is a number. */
static int each_number(int at, const char *path,
		       int (*each)(const struct look *, uint32_t, uint32_t),
		       const struct look *look, uint32_t pid)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return task_is_out_of_reach(r) ? 0 : r;
	}
	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		uint64_t id;

		if (number_u64(entry->d_name, strlen(entry->d_name), 1, UINT32_MAX, &id) == 0)
			r = each(look, pid ? pid : (uint32_t)id, (uint32_t)id);
	}
	if (r == 0 && errno && !task_is_out_of_reach(-errno))
		r = -errno;
	closedir(dir);
	return r;
}

static int look_at_process(const struct look *look, uint32_t pid, uint32_t unused)
{
	char path[32];

	(void)unused;
	if (!look->filter->self && inspector_is_own(pid))
		return 0;
	if (filter_leaves_followed_out(look->filter) && id_set_has(&look->followed, pid))
		return 0;
	snprintf(path, sizeof(path), "%u/task", pid);
	return each_number(look->proc, path, look_at_thread, look, pid);
}

static int note_followed(const void *key, const void *value, void *context)
{
	struct follow follow;
	uint32_t pid;

	memcpy(&pid, key, sizeof(pid));
	memcpy(&follow, value, sizeof(follow));
	return follow.state == FOLLOW_LIVE ? id_set_add(context, pid) : 0;
}

static int look_at_processes(const struct look *look, const struct id_set *pids)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < pids->count; i++)
		r = look_at_process(look, pids->ids[i], 0);
	return r;
}

static int read_followed(struct look *look, int followed)
{
	struct error ignored = ERROR_INIT;
	int r = map_read_all(followed, sizeof(uint32_t), sizeof(struct follow), note_followed,
			     &look->followed, &ignored);

	error_clear(&ignored);
	return r;
}

static uint64_t cgroup_id(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static void prepare(struct look *look)
{
	const struct filter *filter = look->filter;

	if (filter->name)
		glob_parse(&look->name, filter->name);
	for (size_t i = 0; i < filter->but.nnames; i++)
		glob_parse(&look->but_names[i], filter->but.names[i]);
	look->cgroup = cgroup_id(filter->cgroup);
	for (size_t i = 0; i < filter->but.ncgroups; i++)
		look->but_cgroups[i] = cgroup_id(filter->but.cgroups[i]);
}

int in_flight_each(const struct filter *filter, int followed, struct id_names *names,
		   in_flight_fn each, void *context)
{
	cleanup_close int proc = procfs_open();
	const struct id_set *pids = &filter->ids[FILTER_PIDS];
	struct look look = {
		.proc = proc,
		.filter = filter,
		.names = names,
		.each = each,
		.context = context,
	};
	int r = 0;

	if (proc < 0)
		return proc;
	prepare(&look);
	if (filter_follows(filter))
		r = read_followed(&look, followed);
	if (r == 0 && filter_follows(filter) && !filter_leaves_followed_out(filter))
		r = look_at_processes(&look, &look.followed);
	else if (r == 0 && pids->count)
		r = look_at_processes(&look, pids);
	else if (r == 0)
		r = each_number(proc, ".", look_at_process, &look, 0);
	free(look.followed.ids);
	return r;
}

unsigned in_flight_privileges(const struct filter *filter)
{
	return filter_uses_cgroups(filter) ? PRIVILEGE_TASKS | PRIVILEGE_CGROUPS : PRIVILEGE_TASKS;
}

int in_flight_failed(int r, struct error *err)
{
	if (r == -ECHILD)
		return error_set(err, r,
				 "asking which calls threads wait in: the helper process has ended "
				 "or does not answer");
	return error_set(err, r, "reading the threads from /proc: %s", error_words(r));
}
