/* SPDX-License-Identifier: MIT */
/* File systems that only this process can see. See detached_mount.h. */
#define _GNU_SOURCE
#include "detached_mount.h"

#include <linux/mount.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "cleanup.h"

/* @size: the option of that name, or NULL */
static int mount_detached(const char *type, const char *size)
{
	cleanup_close int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);

	if (context < 0)
		return -1;
	if (size && syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", size, 0) < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
			    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

int detached_mount(const char *type)
{
	return mount_detached(type, NULL);
}

int detached_mount_tmpfs(const char *size)
{
	return mount_detached("tmpfs", size);
}
