/* SPDX-License-Identifier: MIT */
/* A child process that waits in a system call, for tests of what /proc says about it. */
#ifndef WAITING_CHILD_H
#define WAITING_CHILD_H

#include "unit.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task_info.h"

/* Start one that waits in ppoll(2), which every architecture has. Its name looks like a line of
 * /proc/PID/status. */
static inline pid_t start_waiting(int proc)
{
	pid_t pid = fork();
	uint32_t call = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_NAME, "a ) (b\nPPid: 1");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	}
	while (task_waiting_call(proc, (uint32_t)pid, (uint32_t)pid, &call) != 1 ||
	       call != SYS_ppoll)
		assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	return pid;
}

static inline void end_waiting(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#endif
