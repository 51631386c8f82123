/* SPDX-License-Identifier: MIT */
/*
 * Confinement of the compiling child. See compiler_sandbox.h.
 *
 * The file system is a mount that no path leads to (fsmount, Linux 5.2). It disappears with the
 * process, even after SIGKILL, and the child needs no mount namespace for it.
 */
#define _GNU_SOURCE
#include "compiler_sandbox.h"

#include <errno.h>
#include <fcntl.h>
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
#include "descriptors.h"
#include "detached_mount.h"
#include "embedded.h"
#include "error.h"
#include "own_user.h"
#include "sanitizer.h"
#include "seccomp_filter.h"

/* Of programs/: stand-ins for the kernel headers that BCC's own headers include. */
static const char headers_dir[] = "kernel/";

static int print_failure(const char *what)
{
	int err = errno;

	fprintf(stderr, "sandbox: %s: %s\n", what, error_words(err));
	return -err;
}

/* Far more than the embedded headers take. */
static const char filesystem_size[] = "1m";

static int write_proc(const char *path, const char *text)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : 0;
}

/*
 * Body of a process that makes a user namespace in which this user is nobody: a user that is not
 * mapped could not create files there. Only a dumpable process may write its own map. Any process
 * of the same user may then take it over, so it has nothing: no capabilities and no descriptors
 * but the pipe, on which it says that it is done.
 */
static _Noreturn void make_user_namespace(int done)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "%d %u 1", OWN_USER_NOBODY, geteuid());
	snprintf(gids, sizeof(gids), "%d %u 1", OWN_USER_NOBODY, getegid());
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(done, STDIN_FILENO) < 0)
		_exit(1);
	descriptors_close(1, ~0U);
	if (capabilities_set(0, 0) < 0 || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ||
	    unshare(CLONE_NEWUSER) < 0 || write_proc("/proc/self/setgroups", "deny") < 0 ||
	    write_proc("/proc/self/uid_map", uids) < 0 ||
	    write_proc("/proc/self/gid_map", gids) < 0 || write(STDIN_FILENO, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int join_user_namespace(pid_t maker)
{
	cleanup_close int namespace = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", maker);
	namespace = open(path, O_RDONLY | O_CLOEXEC);
	return namespace < 0 || setns(namespace, CLONE_NEWUSER) < 0 ? -1 : unshare(CLONE_NEWNS);
}

/*
 * Enter a user namespace that another process has made. This process stays undumpable, which the
 * kernel judges by the namespace that the tool was started in. So nobody with power over the new
 * namespace, as any process of this user has, gets at what is mounted in it.
 */
static int enter_user_namespace(void)
{
	int ends[2], r = -1, error;
	pid_t maker;
	char byte;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	maker = fork();
	if (maker == 0)
		make_user_namespace(ends[1]);
	close(ends[1]);
	if (maker > 0 && read(ends[0], &byte, 1) == 1)
		r = join_user_namespace(maker);
	error = errno;
	close(ends[0]);
	if (maker > 0) {
		kill(maker, SIGKILL);
		waitpid(maker, NULL, 0);
	}
	errno = error;
	return r;
}

/*
 * Mount, with a user namespace if that takes one, and make the root the working directory.
 * Return: descriptor of the root, or -1 with errno.
 */
static int enter_private_filesystem(void)
{
	cleanup_close int root = detached_mount_tmpfs(filesystem_size);

	if (root < 0 && enter_user_namespace() == 0)
		root = detached_mount_tmpfs(filesystem_size);
	return root < 0 || fchdir(root) < 0 ? -1 : steal_fd(&root);
}

bool compiler_sandbox_needs_scratch_dir(void)
{
	cleanup_close int root = detached_mount_tmpfs(filesystem_size);
	pid_t child;
	int status;

	if (root >= 0)
		return false;
	/* A process cannot leave a user namespace, so a child tries. */
	child = fork();
	if (child == 0)
		_exit(enter_private_filesystem() < 0 || chroot(".") < 0);
	return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

/* Create all directories on the way to @path, then the file. */
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
	/* On a full file system write() first writes less, and fails only the next time. */
	for (size_t done = 0, len = strlen(text); done < len;) {
		ssize_t n = write(fd, text + done, len - done);

		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

/* Into the working directory, readable for the user that compiles, who may not be the owner. */
static int write_headers(void)
{
	umask(0022);
	if (chmod(".", 0755) < 0)
		return -1;
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (strncmp(f->path, headers_dir, strlen(headers_dir)) == 0 &&
		    write_file(f->path + strlen(headers_dir), f->text) < 0)
			return -1;
	return 0;
}

static int drop_privileges(void)
{
	const uint64_t both = CAPABILITY_BIT(CAP_SETUID) | CAPABILITY_BIT(CAP_SETGID);
	bool may = (capabilities_effective() & both) == both;
	/* Root that may not become another user stays root, without capabilities. */
	int r = geteuid() == 0 && may ? own_user_become() : 0;

	if (r < 0) {
		errno = -r;
		return -1;
	}
	if (capabilities_set(0, 0) < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* About ten times what the largest program of the tools needs. */
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

static _Noreturn void run_chroot_helper(int root, int request_fd)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(request_fd, &byte, 1) != 1)
		_exit(1);
	_exit(fchdir(root) < 0 || chroot(".") < 0);
}

/*
 * chroot() takes privilege, and when it is due, this process has none left: libbcc must be loaded
 * before the chroot and must not find privilege. So a helper process keeps the privilege. It shares
 * root and working directory with this one (CLONE_FS), does the chroot on request, and never has
 * libbcc in its memory.
 */
static int start_chroot_helper(struct compiler_sandbox *sandbox, int root)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		close(ends[1]);
		run_chroot_helper(root, ends[0]);
	}
	close(ends[0]);
	*sandbox = (struct compiler_sandbox){ .chroot_helper = pid, .request_fd = ends[1] };
	return pid < 0 ? -1 : 0;
}

static int enter_own_filesystem(struct compiler_sandbox *sandbox)
{
	cleanup_close int root = enter_private_filesystem();

	if (root < 0)
		return print_failure("making a private file system");
	if (write_headers() < 0)
		return print_failure("writing headers");
	if (start_chroot_helper(sandbox, root) < 0)
		return print_failure("starting the chroot helper");
	return 0;
}

static int filter_calls(void)
{
	struct error err = ERROR_INIT;
	int r = 0;

#ifndef SANITIZED
	r = seccomp_filter_install(SECCOMP_FILTER_COMPILER, 0, &err);
	if (r == -ENOTSUP)
		r = 0;
	if (r < 0)
		fprintf(stderr, "sandbox: %s\n", err.text);
#endif
	error_clear(&err);
	return r;
}

static int enter_scratch_dir(const char *path)
{
	if (chdir(path) < 0 || write_headers() < 0)
		return print_failure("writing headers into the scratch directory");
	return 0;
}

static int enter_directory(struct compiler_sandbox *sandbox, const char *scratch_dir,
			   const char *ready_dir)
{
	if (ready_dir)
		return chdir(ready_dir) < 0 ? print_failure("entering the headers") : 0;
	return scratch_dir ? enter_scratch_dir(scratch_dir) : enter_own_filesystem(sandbox);
}

int compiler_sandbox_enter(struct compiler_sandbox *sandbox, const char *scratch_dir,
			   const char *ready_dir)
{
	int r = enter_directory(sandbox, scratch_dir, ready_dir);

	if (r < 0)
		return r;
	if (limit_resources() < 0)
		return print_failure("limiting resources");
	if (drop_privileges() < 0)
		return print_failure("dropping privileges");
	return filter_calls();
}

int compiler_sandbox_chroot(struct compiler_sandbox *sandbox)
{
	int status;

	if (!sandbox->chroot_helper)
		return 0;
	if (write(sandbox->request_fd, "", 1) != 1 ||
	    waitpid(sandbox->chroot_helper, &status, 0) != sandbox->chroot_helper)
		return print_failure("asking the chroot helper");
	close(steal_fd(&sandbox->request_fd));
	if (status == 0)
		return 0;
	fprintf(stderr, "sandbox: the private file system cannot be entered\n");
	return -EPERM;
}
