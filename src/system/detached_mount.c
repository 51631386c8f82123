/* SPDX-License-Identifier: MIT */
/* File systems that only this process can see. See detached_mount.h. */
#define _GNU_SOURCE
#include "detached_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cleanup.h"

/* Directories of which one exists everywhere. */
static const char *const places[] = { "/sys", "/proc", "/tmp" };

/*
 * Body of a child that shares the table of descriptors, but has a mount namespace of its own. The
 * mount outlives that namespace, as a file of it is open.
 */
static _Noreturn void mount_in_namespace(const char *type, const char *options, int result)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		_exit(errno);
	for (size_t i = 0; i < array_size(places); i++) {
		int root;

		if (mount(type, places[i], type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options) < 0)
			continue;
		root = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (root < 0 || dup3(root, result, O_CLOEXEC) < 0)
			_exit(errno);
		close(root);
		_exit(0);
	}
	_exit(errno);
}

/* Before Linux 5.2. */
static int mount_by_child(const char *type, const char *size)
{
	/* Its number is where the child puts the root. */
	cleanup_close int result = open("/dev/null", O_PATH | O_CLOEXEC);
	char options[32] = "";
	int status;
	pid_t child;

	if (size)
		snprintf(options, sizeof(options), "size=%s", size);
	child = result < 0
			? -1
			: (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child == 0)
		mount_in_namespace(type, options, result);
	if (child < 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
	return errno ? -1 : steal_fd(&result);
}

/* @size: the option of that name, or NULL */
static int mount_detached(const char *type, const char *size)
{
	cleanup_close int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);

	if (context < 0)
		return errno == ENOSYS ? mount_by_child(type, size) : -1;
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
