/* SPDX-License-Identifier: MIT */
/* A directory in /tmp that is removed with its process. See scratch_dir.h. */
#define _GNU_SOURCE
#include "scratch_dir.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"

/*
 * Body of the child. It creates the directory itself, so that there is never a directory without a
 * process that will remove it. Signals to the process group (Ctrl-C) must not end it before that.
 */
static _Noreturn void create_and_remove(int tool)
{
	char path[] = "/tmp/bcc-tools-XXXXXX", byte;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (!mkdtemp(path)) {
		send(tool, &errno, sizeof(errno), MSG_NOSIGNAL);
		_exit(1);
	}
	send(tool, path, sizeof(path), MSG_NOSIGNAL);
	recv(tool, &byte, 1, 0); /* returns when the tool has closed its end or died */
	execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
	_exit(127);
}

/* The child sends the path, or an errno. */
static int receive_path(struct scratch_dir *dir)
{
	int error = ECHILD;
	ssize_t n = recv(dir->alive_fd, dir->path, sizeof(dir->path) - 1, 0);

	if (n == (ssize_t)sizeof(error))
		memcpy(&error, dir->path, sizeof(error));
	return n > (ssize_t)sizeof(error) ? 0 : -error;
}

int scratch_dir_make(struct scratch_dir *dir, struct error *err)
{
	cleanup_close int own = -1, removers = -1;
	int ends[2], r;

	*dir = (struct scratch_dir){ .alive_fd = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set(err, -errno,
				 "making a directory in /tmp for the compiler: socketpair: %s",
				 error_words(errno));
	own = ends[0];
	removers = ends[1];
	dir->remover = fork();
	if (dir->remover < 0)
		return error_set(err, -errno,
				 "making a directory in /tmp for the compiler: fork: %s",
				 error_words(errno));
	if (dir->remover == 0) {
		close(steal_fd(&own));
		create_and_remove(removers);
	}
	close(steal_fd(&removers));
	dir->alive_fd = steal_fd(&own);
	r = receive_path(dir);
	if (r < 0) {
		scratch_dir_remove(dir);
		return error_set(err, r, "making a directory in /tmp for the compiler: %s",
				 error_words(r));
	}
	return 0;
}

void scratch_dir_remove(struct scratch_dir *dir)
{
	if (dir->remover <= 0)
		return;
	close(dir->alive_fd);
	while (waitpid(dir->remover, NULL, 0) < 0 && errno == EINTR)
		;
	*dir = (struct scratch_dir){ .alive_fd = -1 };
}
