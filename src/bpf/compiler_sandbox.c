/* SPDX-License-Identifier: MIT */
/*
 * Where the compiler runs: a file system in memory that holds a few header files and nothing else,
 * as nobody, without capabilities, unable to gain any, to fork, to reach the network, or to use the
 * machine up. All of that holds before the first line of the compiler's libraries runs.
 *
 * The file system is a mount attached to no path (fsmount, Linux 5.2): it is gone with the process,
 * even after SIGKILL, and the child needs no mount namespace. Without CAP_SYS_ADMIN it takes a user
 * namespace; where those are refused too, the caller's scratch directory serves, and there is no
 * chroot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capabilities.h"
#include "cleanup.h"
#include "compiler_child.h"
#include "detached_mount.h"
#include "embedded.h"
#include "error.h"
#include "privileges.h"
#include "sanitizer.h"
#include "seccomp_filter.h"

static const char tree[] = "kernel/";
#define FILESYSTEM_SIZE "1m"

static int complain(const char *what)
{
	int err = errno;

	fprintf(stderr, "sandbox: %s: %s\n", what, error_name(err));
	return -err;
}

static int write_proc(const char *path, const char *text)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/* A user namespace in which this user is nobody. Without a name in it there is no making of files.
 */
static int enter_user_namespace(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "%d %u 1", PRIVILEGES_NOBODY, geteuid());
	snprintf(gids, sizeof(gids), "%d %u 1", PRIVILEGES_NOBODY, getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
	    write_proc("/proc/self/setgroups", "deny") < 0 ||
	    write_proc("/proc/self/uid_map", uids) < 0 ||
	    write_proc("/proc/self/gid_map", gids) < 0)
		return -1;
	return 0;
}

/* Return: descriptor of its root, or -1 with errno. */
static int enter_private_filesystem(void)
{
	cleanup_close int root = private_mount_tmpfs(FILESYSTEM_SIZE);

	if (root < 0 && enter_user_namespace() == 0)
		root = private_mount_tmpfs(FILESYSTEM_SIZE);
	return root < 0 || fchdir(root) < 0 ? -1 : steal_fd(&root);
}

bool sandbox_scratch_needed(void)
{
	cleanup_close int root = private_mount_tmpfs(FILESYSTEM_SIZE);
	pid_t child;
	int status;

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
	if (fd < 0)
		return -1;
	/* What does not fit is told by the write after the one that was cut short. */
	for (size_t done = 0, len = strlen(text); done < len;) {
		ssize_t n = write(fd, text + done, len - done);

		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

/* Below the current directory. Who reads it may be somebody else: nobody. */
static int write_tree(void)
{
	umask(0022);
	if (chmod(".", 0755) < 0)
		return -1;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strncmp(f->path, tree, strlen(tree)) == 0 &&
		    write_file(f->path + strlen(tree), f->text) < 0)
			return -1;
	return 0;
}

static int drop_privileges(void)
{
	const unsigned nobody = PRIVILEGES_NOBODY;

	if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setresgid(nobody, nobody, nobody) < 0 ||
			       setresuid(nobody, nobody, nobody) < 0))
		return -1;
	if (privileges_set(0, 0) < 0)
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

/* The doorkeeper: nothing of the library is ever there, and it does one thing. */
static _Noreturn void keep_door(int root, int call)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(call, &byte, 1) != 1)
		_exit(1);
	_exit(fchdir(root) < 0 || chroot(".") < 0);
}

/*
 * The library must be loaded before the door of the private file system is shut, as it is outside,
 * and chroot() takes privilege, which the library must not find. So a process that shares root and
 * working directory with this one (CLONE_FS) does it when this one calls.
 */
static int post_doorkeeper(struct sandbox *sandbox, int root)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	sandbox->doorkeeper = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, NULL, NULL, NULL, NULL);
	if (sandbox->doorkeeper == 0) {
		close(ends[1]);
		keep_door(root, ends[0]);
	}
	close(ends[0]);
	sandbox->call = ends[1];
	return sandbox->doorkeeper < 0 ? -1 : 0;
}

static int make_private(struct sandbox *sandbox)
{
	cleanup_close int root = enter_private_filesystem();

	if (root < 0)
		return complain("making a private file system");
	if (write_tree() < 0)
		return complain("writing headers");
	return post_doorkeeper(sandbox, root) < 0 ? complain("starting the sandbox's doorkeeper")
						  : 0;
}

static int filter_calls(void)
{
	struct error err = ERROR_INIT;
	int r = 0;

#ifndef SANITIZED
	r = syscall_filter_install(SYSCALL_FILTER_COMPILER, 0, &err);
	if (r == -ENOTSUP)
		r = 0;
	if (r < 0)
		fprintf(stderr, "sandbox: %s\n", err.text);
#endif
	error_clear(&err);
	return r;
}

int sandbox_enter(struct sandbox *sandbox, const char *scratch)
{
	int r = 0;

	if (!scratch)
		r = make_private(sandbox);
	else if (chdir(scratch) < 0 || write_tree() < 0)
		r = complain("writing headers into the scratch directory");
	if (r < 0)
		return r;
	if (limit_resources() < 0)
		return complain("limiting resources");
	if (drop_privileges() < 0)
		return complain("dropping privileges");
	return filter_calls();
}

int sandbox_shut(struct sandbox *sandbox)
{
	int status;

	if (!sandbox->doorkeeper)
		return 0;
	if (write(sandbox->call, "", 1) != 1 ||
	    waitpid(sandbox->doorkeeper, &status, 0) != sandbox->doorkeeper)
		return complain("calling the sandbox's doorkeeper");
	close(steal_fd(&sandbox->call));
	if (status == 0)
		return 0;
	fprintf(stderr, "sandbox: the private file system cannot be entered\n");
	return -EPERM;
}
