/* SPDX-License-Identifier: MIT */
/*
 * Names for what the kernel knows by number: users and cgroups. Each number is looked up once in a
 * run, and its name is kept.
 */
#ifndef ID_NAMES_H
#define ID_NAMES_H

#include <stdint.h>

struct names;

/** names_new() - make an empty collection; release with names_free(). Return: 0 or -ENOMEM. */
int names_new(struct names **namesp);

/** names_free() - release it; NULL is fine. */
void names_free(struct names *names);

/**
 * names_user() - the name of a user
 *
 * Return: borrowed from @names, the number as text when the user has no name; NULL without memory.
 */
const char *names_user(struct names *names, uint32_t uid);

/**
 * names_open_cgroups() - open the root of cgroup v2, for names_cgroup() and names_cgroup_id()
 *
 * Takes CAP_SYS_ADMIN, so call it before privileges are dropped. Without it, cgroups have no names.
 */
void names_open_cgroups(struct names *names);

/**
 * names_cgroup() - the path of a cgroup v2 directory: "/system.slice/cron.service"
 * @id: as bpf_get_current_cgroup_id() returns it
 *
 * Since 5.5 the id is a file handle of cgroup2, so no directory has to be searched for it. The path
 * begins at the root of the hierarchy, or at the root of this process's cgroup namespace.
 *
 * Return: borrowed from @names; "id:N" when the cgroup is gone or cannot be seen from here; NULL
 * without memory.
 */
const char *names_cgroup(struct names *names, uint64_t id);

/**
 * names_cgroup_id() - the id of a cgroup v2 directory
 * @path: as names_cgroup() returns it
 *
 * Return: the id, or 0 when there is no such directory or no cgroup can be seen.
 */
uint64_t names_cgroup_id(struct names *names, const char *path);

#endif
