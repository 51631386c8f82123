/* SPDX-License-Identifier: MIT */
/* A file system of the kernel's, mounted for this process alone: no path leads to it (fsmount,
 * Linux 5.2). */
#ifndef DETACHED_MOUNT_H
#define DETACHED_MOUNT_H

/**
 * private_mount() - its root
 * @type: "tracefs", "cgroup2", "proc"
 * Return: a descriptor with O_PATH, which the caller closes and which ends the mount; -1 with
 * errno.
 */
int private_mount(const char *type);

/**
 * private_tmpfs() - the same for a file system in memory
 * @size: most that it holds, as mount(8) takes it: "1m"
 */
int private_tmpfs(const char *size);

#endif
