/* SPDX-License-Identifier: MIT */
/* Which process is whose child. See ancestry.h. */
#define _GNU_SOURCE
#include "ancestry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "number.h"
#include "procfs.h"
#include "task_info.h"

/* @children: nodes that have this one as their parent; a node goes when it has ended and has none.
 */
struct process {
	uint32_t pid;
	bool ended;
	char comm[PROCESS_NAME_MAX];
	struct process *parent;
	size_t children;
};

/* A binary tree by process id; nodes that were replaced by a later process with their id are only
 * reached through their children. */
struct ancestry {
	void *by_pid;
};

static int compare(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static struct process *find(const struct ancestry *ps, uint32_t pid)
{
	const struct process key = { .pid = pid };
	struct process *const *node = tfind(&key, &ps->by_pid, compare);

	return node ? *node : NULL;
}

int ancestry_new(struct ancestry **processesp)
{
	*processesp = calloc(1, sizeof(**processesp));
	return *processesp ? 0 : -ENOMEM;
}

/* Let go of a node that nobody needs, and of the ancestors that were only kept for it. */
static void release(struct process *p)
{
	while (p && p->ended && !p->children) {
		struct process *parent = p->parent;

		free(p);
		if (parent)
			parent->children--;
		p = parent;
	}
}

static void forget(struct ancestry *ps, struct process *p)
{
	tdelete(p, &ps->by_pid, compare);
	p->ended = true;
	release(p);
}

void ancestry_free(struct ancestry *ps)
{
	while (ps && ps->by_pid)
		forget(ps, *(struct process **)ps->by_pid);
	free(ps);
}

static void set_name(struct process *p, const char *comm)
{
	memset(p->comm, 0, sizeof(p->comm));
	memcpy(p->comm, comm, strnlen(comm, sizeof(p->comm)));
}

/* A process may fork itself anew and end, for months: nobody asks for ancestors that are too far
 * away to be shown. */
static void cut_lineage(struct process *p)
{
	struct process *above;

	for (int i = 1; p && i < LINEAGE_MAX; i++)
		p = p->parent;
	above = p ? p->parent : NULL;
	/* A living one shows its own ancestors. */
	if (!above || !above->ended || !p->ended)
		return;
	p->parent = NULL;
	above->children--;
	release(above);
}

static void set_parent(struct process *p, struct process *parent)
{
	p->parent = parent;
	if (parent)
		parent->children++;
	cut_lineage(p);
}

static struct process *add(struct ancestry *ps, uint32_t pid, const char *comm)
{
	struct process *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->pid = pid;
	set_name(p, comm);
	if (!tsearch(p, &ps->by_pid, compare)) {
		free(p);
		return NULL;
	}
	return p;
}

int ancestry_born(struct ancestry *ps, uint32_t pid, uint32_t ppid, const char *comm)
{
	struct process *earlier = find(ps, pid), *parent, *p;

	if (!pid)
		return 0;
	if (earlier)
		forget(ps, earlier);
	/* Before it is there itself: nobody is their own parent. */
	parent = find(ps, ppid);
	p = add(ps, pid, comm);
	if (!p)
		return -ENOMEM;
	set_parent(p, parent);
	return 0;
}

int ancestry_named(struct ancestry *ps, uint32_t pid, uint32_t ppid, const char *comm)
{
	struct process *p = find(ps, pid);

	if (!p)
		return ancestry_born(ps, pid, ppid, comm);
	set_name(p, comm);
	return 0;
}

void ancestry_ended(struct ancestry *ps, uint32_t pid)
{
	struct process *p = find(ps, pid);

	if (p)
		forget(ps, p);
}

size_t ancestry_lineage(const struct ancestry *ps, uint32_t pid, struct cell *names)
{
	const struct process *chain[LINEAGE_MAX], *p = find(ps, pid);
	size_t count = 0;

	for (; p && count < LINEAGE_MAX; p = p->parent)
		chain[count++] = p;
	for (size_t i = 0; i < count; i++) {
		p = chain[count - 1 - i];
		names[i] = cell_array(p->comm, sizeof(p->comm));
	}
	return count;
}

static int scan_one(struct ancestry *ps, int proc, const char *name, uint32_t **parents,
		    size_t *count)
{
	struct procfs_stat stat;
	uint32_t ppid, *more;
	uint64_t pid;
	int r;

	if (number_u64(name, strlen(name), 1, UINT32_MAX, &pid) < 0 || find(ps, (uint32_t)pid))
		return 0;
	r = procfs_read_stat(proc, (uint32_t)pid, &stat);
	if (r < 0)
		return r == -EINVAL || task_is_out_of_reach(r) ? 0 : r;
	if (sscanf(stat.fields, " %*c %u", &ppid) != 1)
		return 0;
	more = reallocarray(*parents, *count + 2, sizeof(*more));
	if (!more)
		return -ENOMEM;
	*parents = more;
	more[(*count)++] = (uint32_t)pid;
	more[(*count)++] = ppid;
	return add(ps, (uint32_t)pid, stat.comm) ? 0 : -ENOMEM;
}

int ancestry_scan(struct ancestry *ps, int proc)
{
	cleanup_free uint32_t *parents = NULL; /* pairs of a process and its parent */
	int copy = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	size_t count = 0;

	if (!dir) {
		r = -errno;
		if (copy >= 0)
			close(copy);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		r = scan_one(ps, proc, entry->d_name, &parents, &count);
	closedir(dir);
	/* Only now is every parent there. */
	for (size_t i = 0; i < count; i += 2) {
		struct process *p = find(ps, parents[i]);

		if (p && !p->parent && parents[i] != parents[i + 1])
			set_parent(p, find(ps, parents[i + 1]));
	}
	return r;
}
