/* SPDX-License-Identifier: MIT */
/* Names of what the kernel knows by number: users and cgroups. Each is looked up once. */
#ifndef ID_NAMES_H
#define ID_NAMES_H

#include <stdint.h>

struct names;

/** names_new() - Return: 0 or -ENOMEM. */
int names_new(struct names **namesp);

/** names_free() - NULL is fine. */
void names_free(struct names *names);

/** names_user() - of a user id; the number where it has none. Return: borrowed from @names; NULL
 * without memory. */
const char *names_user(struct names *names, uint32_t uid);

/** names_open_cgroups() - what names_cgroup() and names_cgroup_id() look in, while there is the
 * privilege to open it. */
void names_open_cgroups(struct names *names);

/**
 * names_cgroup() - path of a cgroup v2 directory below the root of the hierarchy:
 * "/system.slice/cron.service"
 * @id: as bpf_get_current_cgroup_id() gives it: a file handle of cgroup2's (5.5+), so no directory
 * is searched Return: borrowed from @names; "id:N" when it is gone or cannot be seen from here;
 * NULL without memory.
 */
const char *names_cgroup(struct names *names, uint64_t id);

/** names_cgroup_id() - the reverse. Return: 0 when there is no such directory, or none can be seen.
 */
uint64_t names_cgroup_id(struct names *names, const char *path);

#endif
