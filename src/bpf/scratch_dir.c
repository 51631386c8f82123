/* SPDX-License-Identifier: MIT */
/* A directory in /tmp that goes with its process. See scratch.h. */
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
 * Makes the directory, so that at no moment there is one without somebody to remove it. Signals are
 * for the tool, and are not to end this one before it has done that.
 */
static _Noreturn void keep(int tool)
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
	recv(tool, &byte, 1, 0); /* returns when nobody has the other end any more */
	execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
	_exit(127);
}

/* @path, or the number of an error. */
static int hear(struct scratch *scratch)
{
	int error = ECHILD;
	ssize_t n = recv(scratch->alive, scratch->path, sizeof(scratch->path) - 1, 0);

	if (n == (ssize_t)sizeof(error))
		memcpy(&error, scratch->path, sizeof(error));
	return n > (ssize_t)sizeof(error) ? 0 : -error;
}

int scratch_make(struct scratch *scratch, struct error *err)
{
	cleanup_close int own = -1, keepers = -1;
	int ends[2], r;

	*scratch = (struct scratch){ .alive = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set(err, -errno,
				 "making a directory in /tmp for the compiler: socketpair: %s",
				 error_name(errno));
	own = ends[0];
	keepers = ends[1];
	scratch->keeper = fork();
	if (scratch->keeper < 0)
		return error_set(err, -errno,
				 "making a directory in /tmp for the compiler: fork: %s",
				 error_name(errno));
	if (scratch->keeper == 0) {
		close(steal_fd(&own));
		keep(keepers);
	}
	close(steal_fd(&keepers));
	scratch->alive = steal_fd(&own);
	r = hear(scratch);
	if (r < 0) {
		scratch_remove(scratch);
		return error_set(err, r, "making a directory in /tmp for the compiler: %s",
				 error_name(r));
	}
	return 0;
}

void scratch_remove(struct scratch *scratch)
{
	if (scratch->keeper <= 0)
		return;
	close(scratch->alive);
	while (waitpid(scratch->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	*scratch = (struct scratch){ .alive = -1 };
}
