/* SPDX-License-Identifier: MIT */
/* Names of users and cgroups. See names.h. */
#define _GNU_SOURCE
#include "id_names.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "detached_mount.h"
#include "procfs.h"

enum {
	FILEID_KERNFS = 0xfe, /* the kernel's enum fid_type has no name for user space */
};

struct name {
	bool cgroup;
	uint64_t id;
	char *text;
};

/* @cgroups: root of cgroup2, or -1 */
struct names {
	struct name *list; /* sorted */
	size_t count, room;
	int cgroups;
};

int names_new(struct names **namesp)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	names->cgroups = -1;
	*namesp = names;
	return 0;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i].text);
	free(names->list);
	if (names->cgroups >= 0)
		close(names->cgroups);
	free(names);
}

/* Where a name is, or would be. */
static size_t place(const struct names *names, bool cgroup, uint64_t id)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct name *name = &names->list[middle];

		if (name->cgroup < cgroup || (name->cgroup == cgroup && name->id < id))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const char *find(const struct names *names, bool cgroup, uint64_t id)
{
	size_t at = place(names, cgroup, id);

	return at < names->count && names->list[at].cgroup == cgroup && names->list[at].id == id
		       ? names->list[at].text
		       : NULL;
}

/* @text: from the heap, or NULL; taken over. */
static const char *keep(struct names *names, bool cgroup, uint64_t id, char *text)
{
	size_t at = place(names, cgroup, id);

	if (text && names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		struct name *more = reallocarray(names->list, room, sizeof(*more));

		if (more) {
			names->list = more;
			names->room = room;
		}
	}
	if (!text || names->count == names->room) {
		free(text);
		return NULL;
	}
	memmove(&names->list[at + 1], &names->list[at], (names->count - at) * sizeof(*names->list));
	names->list[at] = (struct name){ cgroup, id, text };
	names->count++;
	return text;
}

const char *names_user(struct names *names, uint32_t uid)
{
	const char *known = find(names, false, uid);
	const struct passwd *user;
	char number[16];

	if (known)
		return known;
	user = getpwuid(uid);
	snprintf(number, sizeof(number), "%u", uid);
	return keep(names, false, uid, strdup(user ? user->pw_name : number));
}

/*
 * A cgroup2 of our own that no path leads to: wherever the machine has it mounted, or not at all,
 * paths below it begin at the root of the hierarchy.
 */
static int open_cgroups(void)
{
	cleanup_close int mount = private_mount("cgroup2");

	/* What that gives is O_PATH, which open_by_handle_at() does not take. */
	return mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void names_open_cgroups(struct names *names)
{
	if (names->cgroups < 0)
		names->cgroups = open_cgroups();
}

/* Return: from the heap; NULL when there is no such directory (any more). */
static char *cgroup_path(int cgroups, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} file = { .handle = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS } };
	cleanup_close int dir = -1, proc = -1;
	char link[64], path[PATH_MAX];
	ssize_t len;

	memcpy(file.handle.f_handle, &id, sizeof(id));
	dir = open_by_handle_at(cgroups, &file.handle, O_PATH | O_CLOEXEC);
	if (dir < 0)
		return NULL;
	proc = proc_open();
	snprintf(link, sizeof(link), "self/fd/%d", dir);
	len = proc < 0 ? -1 : readlinkat(proc, link, path, sizeof(path) - 1);
	return len > 0 ? strndup(path, (size_t)len) : NULL;
}

const char *names_cgroup(struct names *names, uint64_t id)
{
	const char *known = find(names, true, id);
	char *path = NULL;

	if (known)
		return known;
	if (names->cgroups >= 0)
		path = cgroup_path(names->cgroups, id);
	if (!path && asprintf(&path, "id:%" PRIu64, id) < 0)
		path = NULL;
	return keep(names, true, id, path);
}

/* Of one that is outside the cgroup namespace the path leads out at the top: here it would lead to
 * another. */
static bool is_outside(const char *path)
{
	return strncmp(path, "..", 2) == 0 && (!path[2] || path[2] == '/');
}

/* Since 5.5 a cgroup's id is the number of its inode. */
uint64_t names_cgroup_id(struct names *names, const char *path)
{
	struct stat st;

	path += strspn(path, "/");
	if (names->cgroups < 0 || is_outside(path) ||
	    fstatat(names->cgroups, *path ? path : ".", &st, 0) < 0)
		return 0;
	return st.st_ino;
}
