/* SPDX-License-Identifier: MIT */
/*
 * Names for what the kernel knows by number: users and cgroups. Each number is looked up once in a
 * run, and its name is kept.
 */
#ifndef ID_NAMES_H
#define ID_NAMES_H

#include <limits.h>
#include <stdint.h>

struct id_names;

/** id_names_new() - make an empty collection; release with id_names_free(). Return: 0 or -ENOMEM.
 */
int id_names_new(struct id_names **namesp);

/** id_names_free() - release it; NULL is fine. */
void id_names_free(struct id_names *names);

/**
 * id_names_user() - the name of a user
 *
 * Return: borrowed from @names, the number as text when the user has no name; NULL without memory.
 */
const char *id_names_user(struct id_names *names, uint32_t uid);

/**
 * id_names_open_cgroups() - open the root of cgroup v2, for id_names_cgroup() and
 * id_names_cgroup_id()
 *
 * Takes CAP_SYS_ADMIN, so call it before privileges are dropped. Without it, cgroups have no names.
 */
void id_names_open_cgroups(struct id_names *names);

/** id_names_look_up_user() - read the name of a user. Return: 0, or -ENOENT when it has none. */
int id_names_look_up_user(uint32_t uid, char name[PATH_MAX]);

/** id_names_cgroups() - the root of cgroup v2, borrowed; -1 when it is not open. */
int id_names_cgroups(const struct id_names *names);

/** id_names_set_cgroups() - another descriptor of the same root, owned by @names. */
void id_names_set_cgroups(struct id_names *names, int cgroups);

/** id_names_cgroup_path() - read the path of a cgroup. Return: 0, or -ENOENT when it is gone. */
int id_names_cgroup_path(const struct id_names *names, uint64_t id, char path[PATH_MAX]);

/**
 * id_names_cgroup() - the path of a cgroup v2 directory: "/system.slice/cron.service"
 * @id: as bpf_get_current_cgroup_id() returns it
 *
 * Since 5.5 the id is a file handle of cgroup2, so no directory has to be searched for it. The path
 * begins at the root of the hierarchy, or at the root of this process's cgroup namespace.
 *
 * Return: borrowed from @names; "id:N" when the cgroup is gone or cannot be seen from here; NULL
 * without memory.
 */
const char *id_names_cgroup(struct id_names *names, uint64_t id);

/**
 * id_names_cgroup_id() - the id of a cgroup v2 directory
 * @path: as id_names_cgroup() returns it
 *
 * Return: the id, or 0 when there is no such directory or no cgroup can be seen.
 */
uint64_t id_names_cgroup_id(const struct id_names *names, const char *path);

#endif
