/* SPDX-License-Identifier: MIT */
/*
 * File systems that only this process can see. The kernel mounts them attached to no path
 * (fsmount(2), Linux 5.2): nothing changes for other processes, the process needs no mount
 * namespace, and the mount ends with its last descriptor, even after SIGKILL. Making one takes
 * CAP_SYS_ADMIN in the user namespace that owns the file system. Before 5.2 a child process mounts
 * it in a mount namespace that ends with the child.
 */
#ifndef DETACHED_MOUNT_H
#define DETACHED_MOUNT_H

/**
 * detached_mount() - mount a file system
 * @type: "tracefs", "cgroup2", "proc"
 *
 * Return: the root directory, a descriptor with O_PATH that the caller closes; -1 with errno.
 */
int detached_mount(const char *type);

/**
 * detached_mount_tmpfs() - mount an empty file system in memory
 * @size: the most it may hold, as mount(8) spells it: "1m"
 *
 * Return: as detached_mount().
 */
int detached_mount_tmpfs(const char *size);

#endif
