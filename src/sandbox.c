/* SPDX-License-Identifier: MIT */
/*
 * Where the compiler runs: a file system in memory that holds a few header files and nothing else, as
 * nobody, without capabilities, unable to gain any, to fork, or to use the machine up.
 *
 * The file system is a mount attached to no path (fsmount, Linux 5.2): it is gone with the process, even
 * after SIGKILL, and the child needs no mount namespace. Without CAP_SYS_ADMIN it takes a user namespace;
 * where those are refused too, the caller's scratch directory serves, and there is no chroot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "compile_child.h"
#include "embedded.h"
#include "error.h"

enum {
	NOBODY = 65534,
};

static const char tree[] = "kernel/";

/* AddressSanitizer reserves terabytes of address space and uses next to none of it. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

static int complain(const char *what)
{
	int err = errno;

	fprintf(stderr, "sandbox: %s: %s\n", what, error_name(err));
	return -err;
}

/* A file system in memory, attached nowhere. Return: its root directory, or -1 with errno. */
static int private_filesystem(void)
{
	cleanup_close int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);

	if (context < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", "1m", 0) < 0 ||
	    syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
			    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

static int write_proc(const char *path, const char *text)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* A user namespace in which this user is nobody. Without a name in it there is no making of files. */
static int enter_user_namespace(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "%d %u 1", NOBODY, geteuid());
	snprintf(gids, sizeof(gids), "%d %u 1", NOBODY, getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || write_proc("/proc/self/setgroups", "deny") < 0 ||
	    write_proc("/proc/self/uid_map", uids) < 0 || write_proc("/proc/self/gid_map", gids) < 0)
		return -1;
	return 0;
}

static int enter_private_filesystem(void)
{
	cleanup_close int root = private_filesystem();

	if (root < 0 && enter_user_namespace() == 0)
		root = private_filesystem();
	return root < 0 || fchdir(root) < 0 ? -1 : 0;
}

bool sandbox_scratch_needed(void)
{
	cleanup_close int root = -1;
	pid_t child;
	int status;

	root = private_filesystem();
	if (root >= 0)
		return false;
	/* A user namespace is for good, so ask in a child. */
	child = fork();
	if (child == 0)
		_exit(enter_private_filesystem() < 0 || chroot(".") < 0);
	return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

/* Make all directories on the way to @path, then the file. */
static int write_file(const char *path, const char *text)
{
	cleanup_close int fd = -1;
	char dir[128];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
		if (mkdir(dir, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* Below the current directory. Who reads it may be somebody else: nobody. */
static int write_tree(void)
{
	umask(0022);
	if (chmod(".", 0755) < 0)
		return -1;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strncmp(f->path, tree, strlen(tree)) == 0 && write_file(f->path + strlen(tree), f->text) < 0)
			return -1;
	return 0;
}

static int drop_privileges(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
			       setresuid(NOBODY, NOBODY, NOBODY) < 0))
		return -1;
	if (syscall(SYS_capset, &header, none) < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Some ten times what the largest of our programs needs. */
static int limit_resources(void)
{
	static const struct {
		int resource;
		rlim_t limit;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_CPU, 60 },
#ifndef SANITIZED
		{ RLIMIT_AS, (rlim_t)2 << 30 },
#endif
		{ RLIMIT_FSIZE, 16 << 20 },
		{ RLIMIT_NPROC, 0 },
	};

	for (size_t i = 0; i < array_size(limits); i++) {
		struct rlimit rl;

		if (getrlimit(limits[i].resource, &rl) < 0)
			return -1;
		if (rl.rlim_max > limits[i].limit)
			rl.rlim_max = limits[i].limit;
		rl.rlim_cur = rl.rlim_max;
		if (setrlimit(limits[i].resource, &rl) < 0)
			return -1;
	}
	return 0;
}

int sandbox_enter(const char *scratch)
{
	if (scratch) {
		if (chdir(scratch) < 0 || write_tree() < 0)
			return complain("writing headers into the scratch directory");
	} else {
		if (enter_private_filesystem() < 0)
			return complain("making a private file system");
		if (write_tree() < 0)
			return complain("writing headers");
		if (chroot(".") < 0)
			return complain("entering the private file system");
	}
	if (limit_resources() < 0)
		return complain("limiting resources");
	if (drop_privileges() < 0)
		return complain("dropping privileges");
	return 0;
}
