/* SPDX-License-Identifier: MIT */
/* Which tasks count. See task_filter.h. */
#define _GNU_SOURCE
#include "task_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <pwd.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "clock.h"
#include "glob.h"
#include "number.h"
#include "procfs.h"
#include "task_info.h"

enum {
	PID_MAX_LIMIT = 4 * 1024 * 1024, /* the kernel's own, on 64-bit */
};

void filter_clear(struct filter *filter)
{
	for (int kind = 0; kind < FILTER_ID_KINDS; kind++)
		free(filter->ids[kind].ids);
	for (int kind = 0; kind < FILTER_ID_KINDS; kind++)
		free(filter->but.ids[kind].ids);
	for (size_t i = 0; i < filter->but.ncgroups; i++)
		close(filter->but.cgroups[i]);
	if (filter->cgroup >= 0)
		close(filter->cgroup);
	*filter = (struct filter)FILTER_INIT;
}

/* A process or thread id that exists now: one that does not is a typing error more often than not.
 */
static int parse_task(const char *text, bool process, uint32_t *id, struct error *err)
{
	cleanup_close int proc = -1;
	uint32_t leader;
	uint64_t value;
	char name[16];

	if (number_u64(text, strlen(text), 1, PID_MAX_LIMIT, &value) < 0)
		return error_set(err, -EINVAL, "'%s' is not a process id", text);
	*id = (uint32_t)value;
	proc = procfs_open();
	if (proc < 0)
		return error_set(err, proc, "'%s': there is no /proc to look it up: %s", text,
				 error_words(proc));
	snprintf(name, sizeof(name), "%u", *id);
	if (faccessat(proc, name, F_OK, 0) < 0)
		return error_set(err, -EINVAL, "'%s': no such process", text);
	leader = process ? procfs_thread_group(proc, *id) : *id;
	if (leader != *id)
		return error_set(err, -EINVAL, "'%s' is a thread of process %u (see --tid)", text,
				 leader);
	return 0;
}

static int parse_user(const char *text, uint32_t *id, struct error *err)
{
	const struct passwd *user;
	uint64_t value;

	if (number_u64(text, strlen(text), 0, UINT32_MAX - 1, &value) == 0) {
		*id = (uint32_t)value;
		return 0;
	}
	user = getpwnam(text);
	if (!user)
		return error_set(err, -EINVAL, "'%s': no such user", text);
	*id = user->pw_uid;
	return 0;
}

static bool are_users(enum filter_ids kind)
{
	return kind == FILTER_UIDS || kind == FILTER_EUIDS;
}

int filter_add_ids(struct filter *filter, enum filter_ids kind, const char *text, struct error *err)
{
	cleanup_free char *copy = strdup(text);
	bool all_but = *text == '!';
	char *rest = copy, *one;

	if (!copy)
		return error_nomem(err);
	if (!are_users(kind) && !filter->asked_ns)
		filter->asked_ns = clock_boottime_ns();
	while ((one = strsep(&rest, ","))) {
		bool but = all_but || *one == '!';
		struct id_set *list = but ? &filter->but.ids[kind] : &filter->ids[kind];
		uint32_t id = 0;
		int r;

		one += *one == '!';
		r = are_users(kind) ? parse_user(one, &id, err)
				    : parse_task(one, kind != FILTER_TIDS, &id, err);
		if (r == 0)
			r = id_set_add(list, id) < 0 ? error_nomem(err) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_name(const char *pattern, struct error *err)
{
	struct glob glob;
	int r = glob_parse(&glob, pattern);

	if (r < 0)
		return error_set(err, -EINVAL, "'%s' is not a glob%s", pattern,
				 r == -ERANGE ? ": it is longer than any command name"
					      : ": a [ is not closed");
	if (!pattern[0])
		return error_set(err, -EINVAL, "'': no command has an empty name");
	if (!glob_is_possible(&glob))
		return error_set(err, -EINVAL, "'%s' can match no command name: a [ ] is empty",
				 pattern);
	/* Each element matches one byte. */
	if (glob.count > TASK_COMM - 1)
		return error_set(err, -EINVAL,
				 "'%s' can match no command name: comm has at most %d bytes",
				 pattern, TASK_COMM - 1);
	return 0;
}

int filter_set_name(struct filter *filter, const char *pattern, struct error *err)
{
	struct filter_but *but = &filter->but;
	bool left_out = *pattern == '!';
	int r = check_name(pattern + left_out, err);

	if (r < 0)
		return r;
	if (!left_out)
		filter->name = pattern;
	else if (but->nnames == FILTER_BUT_NAMES)
		return error_set(err, -EINVAL, "'%s': at most %d names can be left out", pattern,
				 FILTER_BUT_NAMES);
	else
		but->names[but->nnames++] = pattern + 1;
	return 0;
}

/* Where cgroup v2 is mounted. Return: heap memory, NULL when it is not. */
static char *cgroup_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	char *path = NULL;

	while (mounts && !path && (entry = getmntent(mounts)))
		if (strcmp(entry->mnt_type, "cgroup2") == 0)
			path = strdup(entry->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return path;
}

/* Return: a descriptor or negative errno. */
static int open_cgroup(const char *path, struct error *err)
{
	cleanup_free char *mount = NULL, *below = NULL;
	cleanup_close int fd = -1;
	struct statfs fs;

	if (!path[0])
		return error_set(err, -EINVAL, "'' is not a cgroup");
	if (path[0] != '/') {
		mount = cgroup_mount();
		if (!mount || asprintf(&below, "%s/%s", mount, path) < 0)
			return error_set(err, -EINVAL, "'%s': cgroup v2 is not mounted", path);
	}
	fd = open(below ? below : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, -EINVAL, "'%s': no such cgroup (%s)", path,
				 error_words(errno));
	if (fstatfs(fd, &fs) < 0 || (unsigned long)fs.f_type != CGROUP2_SUPER_MAGIC)
		return error_set(err, -EINVAL, "'%s' is not a cgroup v2 directory", path);
	return steal_fd(&fd);
}

int filter_set_cgroup(struct filter *filter, const char *path, struct error *err)
{
	struct filter_but *but = &filter->but;
	bool left_out = *path == '!';
	int fd = open_cgroup(path + left_out, err);

	if (fd < 0)
		return fd;
	if (left_out && but->ncgroups == FILTER_BUT_CGROUPS) {
		close(fd);
		return error_set(err, -EINVAL, "'%s': at most %d cgroups can be left out", path,
				 FILTER_BUT_CGROUPS);
	}
	if (left_out) {
		but->cgroups[but->ncgroups++] = fd;
		return 0;
	}
	if (filter->cgroup >= 0)
		close(filter->cgroup);
	filter->cgroup = fd;
	return 0;
}

bool filter_follows(const struct filter *filter)
{
	return filter->descendants || filter->has_command;
}

bool filter_leaves_followed_out(const struct filter *filter)
{
	return filter->descendants && !filter->ids[FILTER_PIDS].count;
}

bool filter_is_of_others(const struct filter *filter)
{
	bool followed = filter_follows(filter) && !filter_leaves_followed_out(filter);

	return followed || filter->ids[FILTER_PIDS].count || filter->ids[FILTER_TIDS].count;
}

bool filter_compares(const struct filter *filter, enum filter_ids kind)
{
	if (kind == FILTER_PIDS && filter->descendants)
		return false;
	return filter->ids[kind].count || filter->but.ids[kind].count;
}

bool filter_names_tasks(const struct filter *filter)
{
	return filter_compares(filter, FILTER_PIDS) || filter_compares(filter, FILTER_TIDS) ||
	       filter_compares(filter, FILTER_PPIDS);
}

bool filter_uses_names(const struct filter *filter)
{
	return filter->name || filter->but.nnames;
}

bool filter_uses_cgroups(const struct filter *filter)
{
	return filter->cgroup >= 0 || filter->but.ncgroups;
}

static int still_there(int proc, uint32_t id, const char *what, uint64_t asked_ns,
		       struct error *err)
{
	uint64_t began_ns = 0;
	int r = procfs_task_began(proc, id, &began_ns);

	if (r == -ENOENT || r == -ESRCH || (r == 0 && began_ns > asked_ns))
		return error_set(err, -ESRCH, "%s %u ended before it could be traced", what, id);
	return r < 0 ? error_set(err, r, "looking up %s %u in /proc: %s", what, id, error_words(r))
		     : 0;
}

int filter_still_there(const struct filter *filter, struct error *err)
{
	static const char *const what[] = {
		[FILTER_PIDS] = "process",
		[FILTER_TIDS] = "thread",
		[FILTER_PPIDS] = "process",
	};
	cleanup_close int proc = filter->asked_ns ? procfs_open() : -1;
	int r = 0;

	if (!filter->asked_ns)
		return 0;
	if (proc < 0)
		return error_set(err, proc, "opening /proc: %s", error_words(proc));
	for (size_t kind = 0; kind < sizeof(what) / sizeof(what[0]); kind++)
		for (size_t i = 0; r == 0 && i < filter->ids[kind].count; i++)
			r = still_there(proc, filter->ids[kind].ids[i], what[kind],
					filter->asked_ns, err);
	return r;
}
