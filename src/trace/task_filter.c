/* SPDX-License-Identifier: MIT */
/* Which tasks count. See filter.h. */
#define _GNU_SOURCE
#include "task_filter.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <pwd.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "clock.h"
#include "follow.h"
#include "glob.h"
#include "memstream.h"
#include "number.h"
#include "procfs.h"

enum {
	PID_MAX_LIMIT = 4 * 1024 * 1024, /* the kernel's own, on 64-bit */
	FOLLOW_PREALLOCATED = 32768,
};

void filter_clear(struct filter *filter)
{
	for (int kind = 0; kind < FILTER_ID_KINDS; kind++)
		free(filter->ids[kind].ids);
	if (filter->cgroup >= 0)
		close(filter->cgroup);
	*filter = (struct filter)FILTER_INIT;
}

/* Where an id is, or would be. */
static size_t place(const struct id_list *list, uint32_t id)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (list->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool id_list_has(const struct id_list *list, uint32_t id)
{
	size_t at = place(list, id);

	return at < list->count && list->ids[at] == id;
}

int id_list_add(struct id_list *list, uint32_t id)
{
	size_t at = place(list, id);
	uint32_t *more;

	if (id_list_has(list, id))
		return 0;
	/* By powers of two: a list may be as long as there are threads. */
	if ((list->count & (list->count - 1)) == 0) {
		more = reallocarray(list->ids, list->count ? 2 * list->count : 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->ids = more;
	}
	memmove(&list->ids[at + 1], &list->ids[at], (list->count - at) * sizeof(*list->ids));
	list->ids[at] = id;
	list->count++;
	return 0;
}

/* The process a thread belongs to; the thread's own id when that cannot be told. */
static uint32_t thread_group(int proc, uint32_t tid)
{
	cleanup_fclose FILE *file = NULL;
	char line[128];
	uint32_t tgid;
	int fd;

	snprintf(line, sizeof(line), "%u/status", tid);
	fd = openat(proc, line, O_RDONLY | O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %u", &tgid) == 1)
			return tgid;
	return tid;
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
	proc = proc_open();
	if (proc < 0)
		return error_set(err, proc, "'%s': there is no /proc to look it up: %s", text,
				 error_name(proc));
	snprintf(name, sizeof(name), "%u", *id);
	if (faccessat(proc, name, F_OK, 0) < 0)
		return error_set(err, -EINVAL, "'%s': no such process", text);
	leader = process ? thread_group(proc, *id) : *id;
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

int filter_add_ids(struct filter *filter, enum filter_ids kind, const char *text, struct error *err)
{
	cleanup_free char *copy = strdup(text);
	char *rest = copy, *one;

	if (!copy)
		return error_nomem(err);
	if (kind != FILTER_UIDS && !filter->asked_ns)
		filter->asked_ns = clock_boottime_ns();
	while ((one = strsep(&rest, ","))) {
		uint32_t id = 0;
		int r = kind == FILTER_UIDS ? parse_user(one, &id, err)
					    : parse_task(one, kind != FILTER_TIDS, &id, err);

		if (r == 0)
			r = id_list_add(&filter->ids[kind], id) < 0 ? error_nomem(err) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

int filter_set_name(struct filter *filter, const char *pattern, struct error *err)
{
	struct glob glob;
	int r = glob_parse(&glob, pattern);

	if (r < 0)
		return error_set(err, -EINVAL, "'%s' is not a glob%s", pattern,
				 r == -ERANGE ? ": it is longer than any command name"
					      : ": a [ is not closed");
	filter->name = pattern;
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

int filter_set_cgroup(struct filter *filter, const char *path, struct error *err)
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
				 error_name(errno));
	if (fstatfs(fd, &fs) < 0 || (unsigned long)fs.f_type != CGROUP2_SUPER_MAGIC)
		return error_set(err, -EINVAL, "'%s' is not a cgroup v2 directory", path);
	if (filter->cgroup >= 0)
		close(filter->cgroup);
	filter->cgroup = steal_fd(&fd);
	return 0;
}

bool filter_follows(const struct filter *filter)
{
	return filter->descendants || filter->has_command;
}

/* `((id) == PARAMETER(0) || (id) == PARAMETER(1))`; with more ids than there are parameters,
 * constants. */
static int define_ids(struct source *source, const char *name, const struct id_list *list,
		      struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = text_stream(&text, &len);

	if (!out)
		return error_nomem(err);
	for (size_t i = 0; i < list->count; i++) {
		int parameter = source_parameter(source, list->ids[i]);

		fputs(i ? " || " : "(", out);
		if (parameter >= 0)
			fprintf(out, "(id) == PARAMETER(%d)", parameter);
		else
			fprintf(out, "(id) == %u", list->ids[i]);
	}
	fputc(')', out);
	if (fclose(out) != 0)
		return error_nomem(err);
	source_define(source, name, "%s", text);
	return 0;
}

/*
 * Room for every process there can be, and for as many that are dead and leave only when RCU lets
 * go of them. A full table is counted in `dropped`.
 */
static void define_follow(struct source *source, const struct kernel *kernel)
{
	source_define(source, "FOLLOW", "1");
	kernel_define_table(kernel, source, "FOLLOW", kernel_unfreed_max(), FOLLOW_PREALLOCATED);
}

int filter_define(const struct filter *filter, struct source *source, const struct kernel *kernel,
		  struct error *err)
{
	static const char *const names[FILTER_ID_KINDS] = { "FILTER_PID(id)", "FILTER_TID(id)",
							    "FILTER_PPID(id)", "FILTER_UID(id)" };
	struct glob glob;
	int r = 0;

	for (int kind = 0; r == 0 && kind < FILTER_ID_KINDS; kind++)
		if (filter->ids[kind].count && !(kind == FILTER_PIDS && filter->descendants))
			r = define_ids(source, names[kind], &filter->ids[kind], err);
	if (r == 0 && (filter_follows(filter) || filter->ids[FILTER_PPIDS].count))
		r = kernel_define_task(kernel, source, err);
	if (r < 0)
		return r;
	if (btf_has(kernel->btf, "bpf_get_current_task_btf"))
		source_define(source, "CURRENT_TASK_BTF", "1");
	if (filter_follows(filter))
		define_follow(source, kernel);
	if (filter->cgroup >= 0)
		source_define(source, "FILTER_CGROUP", "1");
	if (filter->name && glob_parse(&glob, filter->name) == 0)
		glob_define(&glob, source);
	return 0;
}

size_t filter_hooks(const struct filter *filter, bool own_birth, bool classic, struct hook *hooks)
{
	size_t n = 0;

	if (!filter_follows(filter))
		return 0;
	if (!own_birth && classic)
		hooks[n++] = (struct hook){ HOOK_TRACEPOINT, "tracepoint__task_newtask",
					    "task/task_newtask" };
	else if (!own_birth)
		hooks[n++] = (struct hook){ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask",
					    "task_newtask" };
	/* Behind the one above: programs run in the order in which they are attached. */
	if (classic)
		hooks[n++] = (struct hook){ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__follow_began",
					    "task_newtask" };
	hooks[n++] = (struct hook){ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_free",
				    "sched_process_free" };
	return n;
}

static int follow_pid(int map, uint32_t pid, uint32_t state, struct error *err)
{
	const struct follow follow = { .state = state };
	int r = bpf_map_update_elem(map, &pid, &follow, BPF_ANY);

	return r < 0 ? error_set(err, r, "following process %u: %s", pid, error_name(r)) : 0;
}

int filter_fill(const struct filter *filter, const struct loaded *loaded, struct error *err)
{
	int map, r = 0;

	if (filter->cgroup >= 0) {
		uint32_t zero = 0, fd = (uint32_t)filter->cgroup;

		r = bpf_map_update_elem(load_map(loaded, "filter_cgroup"), &zero, &fd, BPF_ANY);
		if (r < 0)
			return error_set(err, r, "filtering by cgroup: %s", error_name(r));
	}
	if (!filter_follows(filter))
		return 0;
	map = load_map(loaded, "followed");
	if (filter->has_command)
		r = follow_pid(map, filter->command, FOLLOW_HELD, err);
	for (size_t i = 0; r == 0 && i < filter->ids[FILTER_PIDS].count; i++)
		r = follow_pid(map, filter->ids[FILTER_PIDS].ids[i], FOLLOW_LIVE, err);
	return r;
}

static int still_there(int proc, uint32_t id, const char *what, uint64_t asked_ns,
		       struct error *err)
{
	uint64_t began_ns = 0;
	int r = proc_task_began(proc, id, &began_ns);

	if (r == -ENOENT || r == -ESRCH || (r == 0 && began_ns > asked_ns))
		return error_set(err, -ESRCH, "%s %u ended before it could be traced", what, id);
	return r < 0 ? error_set(err, r, "looking up %s %u in /proc: %s", what, id, error_name(r))
		     : 0;
}

int filter_still_there(const struct filter *filter, struct error *err)
{
	static const char *const what[] = {
		[FILTER_PIDS] = "process",
		[FILTER_TIDS] = "thread",
		[FILTER_PPIDS] = "process",
	};
	cleanup_close int proc = filter->asked_ns ? proc_open() : -1;
	int r = 0;

	if (!filter->asked_ns)
		return 0;
	if (proc < 0)
		return error_set(err, proc, "opening /proc: %s", error_name(proc));
	for (size_t kind = 0; kind < sizeof(what) / sizeof(what[0]); kind++)
		for (size_t i = 0; r == 0 && i < filter->ids[kind].count; i++)
			r = still_there(proc, filter->ids[kind].ids[i], what[kind],
					filter->asked_ns, err);
	return r;
}
