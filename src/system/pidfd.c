/* SPDX-License-Identifier: MIT */
/* Descriptors of processes and threads. See pidfd.h. */
#define _GNU_SOURCE
#include "pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "procfs.h"

enum {
	THREAD = O_EXCL, /* PIDFD_THREAD: <linux/pidfd.h> may be older */
};

/* A signal handler needs to reach it. @fd: an eventfd; the caller has a duplicate */
static struct {
	volatile sig_atomic_t pid;
	volatile sig_atomic_t fd;
} child = { .fd = -1 };

static bool is_zombie(uint32_t pid)
{
	cleanup_close int proc = procfs_open();

	return proc >= 0 && procfs_is_zombie(proc, pid);
}

int pidfd_of_process(uint32_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	/* Before Linux 5.3 it can at least be told whether there is such a process. */
	errno = kill((pid_t)pid, 0) < 0 && errno == ESRCH ? ESRCH : is_zombie(pid) ? ESRCH : ENOSYS;
	return -1;
}

/* The signal can stand for several children, so ask for the one. */
static void on_child(int signo)
{
	siginfo_t info = { .si_pid = 0 };
	int saved = errno;
	uint64_t one = 1;

	(void)signo;
	if (waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid && write(child.fd, &one, sizeof(one)) < 0)
		errno = 0; /* the counter is full: it is readable */
	errno = saved;
}

static int watch_child(uint32_t pid)
{
	const struct sigaction action = { .sa_handler = on_child,
					  .sa_flags = SA_RESTART | SA_NOCLDSTOP };
	int before = child.fd, fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigset_t set;

	if (fd < 0)
		return -1;
	child.pid = (sig_atomic_t)pid;
	child.fd = fd;
	if (before >= 0)
		close(before);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* It may have ended before the handler was there. */
	on_child(SIGCHLD);
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

int pidfd_of_child(uint32_t pid)
{
	int fd = pidfd_of_process(pid);

	/* A child that has ended is there, until this process waits for it. */
	return fd >= 0 || (errno != ENOSYS && errno != ESRCH) ? fd : watch_child(pid);
}

int pidfd_of_thread(uint32_t tid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)tid, THREAD);
}

bool pidfd_has_ended(int pidfd)
{
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	return pidfd < 0 ? errno == ESRCH : poll(&ended, 1, 0) > 0;
}
