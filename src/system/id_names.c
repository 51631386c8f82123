/* SPDX-License-Identifier: MIT */
/* Names of users and cgroups. See id_names.h. */
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
#include "hash.h"
#include "inspector.h"
#include "procfs.h"

enum {
	FILEID_KERNFS =
		0xfe, /* of the kernel's enum fid_type, which is in no header for programs */
};

struct name {
	bool cgroup;
	uint64_t id;
	char *text;
};

/*
 * @list:    the names, found by @index
 * @cgroups: root of cgroup2, or -1
 */
struct id_names {
	struct name *list;
	struct hash_index index;
	int cgroups;
};

int id_names_new(struct id_names **namesp)
{
	struct id_names *names = calloc(1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	names->cgroups = -1;
	*namesp = names;
	return 0;
}

void id_names_free(struct id_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->index.count; i++)
		free(names->list[i].text);
	free(names->list);
	hash_index_free(&names->index);
	if (names->cgroups >= 0)
		close(names->cgroups);
	free(names);
}

static uint64_t hash_key(bool cgroup, uint64_t id)
{
	const uint64_t key[] = { cgroup, id };

	return hash_bytes(key, sizeof(key));
}

static uint64_t hash_name(const void *owner, uint32_t i)
{
	const struct name *name = &((const struct id_names *)owner)->list[i];

	return hash_key(name->cgroup, name->id);
}

static bool is_name(const void *owner, uint32_t i, const void *key)
{
	const struct name *name = &((const struct id_names *)owner)->list[i], *wanted = key;

	return name->cgroup == wanted->cgroup && name->id == wanted->id;
}

static const char *find(const struct id_names *names, bool cgroup, uint64_t id)
{
	const struct name key = { cgroup, id, NULL };
	uint32_t i = hash_index_find(&names->index, hash_key(cgroup, id), is_name, names, &key);

	return i == HASH_NONE ? NULL : names->list[i].text;
}

/* Keep a name that find() has not found. @text: heap memory, now owned by @names; or NULL. */
static const char *keep(struct id_names *names, bool cgroup, uint64_t id, char *text)
{
	if (!text || hash_index_reserve(&names->index, &names->list, sizeof(*names->list),
					hash_name, names) < 0) {
		free(text);
		return NULL;
	}
	names->list[names->index.count] = (struct name){ cgroup, id, text };
	hash_index_add(&names->index, hash_key(cgroup, id));
	return text;
}

int id_names_look_up_user(uint32_t uid, char name[PATH_MAX])
{
	const struct passwd *user = getpwuid(uid);

	if (!user || strlen(user->pw_name) >= PATH_MAX)
		return -ENOENT;
	strcpy(name, user->pw_name);
	return 0;
}

/* Return: heap memory; NULL when the user has no name. */
static char *user_name(uint32_t uid)
{
	const struct inspector_asked asked = { .question = INSPECTOR_USER, .id = uid };
	char name[PATH_MAX];
	int r = inspector_runs(INSPECTOR_USER) ? inspector_ask_text(&asked, name)
					       : id_names_look_up_user(uid, name);

	return r < 0 ? NULL : strdup(name);
}

const char *id_names_user(struct id_names *names, uint32_t uid)
{
	const char *known = find(names, false, uid);
	char number[16];
	char *name;

	if (known)
		return known;
	name = user_name(uid);
	snprintf(number, sizeof(number), "%u", uid);
	return keep(names, false, uid, name ? name : strdup(number));
}

/*
 * A cgroup2 of our own: paths below it begin at the root of the hierarchy, wherever the machine has
 * cgroup2 mounted, if at all.
 */
static int open_cgroups(void)
{
	cleanup_close int mount = detached_mount("cgroup2");

	/* open_by_handle_at() does not take a descriptor with O_PATH. */
	return mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void id_names_open_cgroups(struct id_names *names)
{
	if (names->cgroups < 0)
		names->cgroups = open_cgroups();
}

int id_names_cgroups(const struct id_names *names)
{
	return names->cgroups;
}

void id_names_set_cgroups(struct id_names *names, int cgroups)
{
	names->cgroups = cgroups;
}

/*
 * The kernel marks the path of a cgroup that was removed and is still in use. A cgroup may have a
 * name that looks so.
 */
static bool is_removed(const struct id_names *names, uint64_t id, const char *path)
{
	static const char mark[] = " (deleted)";
	size_t len = strlen(path), end = strlen(mark);

	return len >= end && strcmp(path + len - end, mark) == 0 &&
	       id_names_cgroup_id(names, path) != id;
}

int id_names_cgroup_path(const struct id_names *names, uint64_t id, char path[PATH_MAX])
{
	union {
		struct file_handle handle;
		char memory[sizeof(struct file_handle) + sizeof(uint64_t)];
	} file = { .handle = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS } };
	cleanup_close int dir = -1, proc = -1;
	char link[64];
	ssize_t len;

	memcpy(file.handle.f_handle, &id, sizeof(id));
	dir = names->cgroups < 0
		      ? -1
		      : open_by_handle_at(names->cgroups, &file.handle, O_PATH | O_CLOEXEC);
	if (dir < 0)
		return -ENOENT;
	proc = procfs_open();
	snprintf(link, sizeof(link), "self/fd/%d", dir);
	len = proc < 0 ? -1 : readlinkat(proc, link, path, PATH_MAX - 1);
	if (len <= 0)
		return -ENOENT;
	path[len] = '\0';
	return is_removed(names, id, path) ? -ENOENT : 0;
}

/* Return: heap memory; NULL when there is no such directory, or no longer. */
static char *cgroup_path(const struct id_names *names, uint64_t id)
{
	const struct inspector_asked asked = { .question = INSPECTOR_CGROUP_PATH, .id = id };
	char path[PATH_MAX];
	int r = inspector_runs(INSPECTOR_CGROUP_PATH) ? inspector_ask_text(&asked, path)
						      : id_names_cgroup_path(names, id, path);

	return r < 0 ? NULL : strdup(path);
}

const char *id_names_cgroup(struct id_names *names, uint64_t id)
{
	const char *known = find(names, true, id);
	char *path;

	if (known)
		return known;
	path = cgroup_path(names, id);
	if (!path && asprintf(&path, "id:%" PRIu64, id) < 0)
		path = NULL;
	return keep(names, true, id, path);
}

/*
 * /proc/PID/cgroup shows a cgroup outside this cgroup namespace as "/../...". Below our mount such
 * a path would lead to another cgroup.
 */
static bool is_outside(const char *path)
{
	return strncmp(path, "..", 2) == 0 && (!path[2] || path[2] == '/');
}

/* Since 5.5 a cgroup's id is the number of its inode. */
uint64_t id_names_cgroup_id(const struct id_names *names, const char *path)
{
	struct stat st;

	path += strspn(path, "/");
	if (names->cgroups < 0 || is_outside(path) ||
	    fstatat(names->cgroups, *path ? path : ".", &st, 0) < 0)
		return 0;
	return st.st_ino;
}
