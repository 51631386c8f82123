/* SPDX-License-Identifier: MIT */
/* What bcc-fork calls things. See names.h. */
#define _GNU_SOURCE
#include "names.h"

#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>

#include "cleanup.h"

const char *fork_type_name(enum fork_type type)
{
	static const char *const names[FORK_TYPES] = { "fork", "thread", "exec", "exit" };

	return names[type];
}

const char *fork_signal_name(int signo, char *buf)
{
	const char *name = sigabbrev_np(signo);

	if (name)
		snprintf(buf, FORK_SIGNAL_NAME_MAX, "SIG%s", name);
	else if (signo == SIGRTMIN)
		snprintf(buf, FORK_SIGNAL_NAME_MAX, "SIGRTMIN");
	else if (signo > SIGRTMIN &&
		 signo <= SIGRTMAX) /* the C library keeps 32 and 33 to itself */
		snprintf(buf, FORK_SIGNAL_NAME_MAX, "SIGRTMIN+%d", signo - SIGRTMIN);
	else
		snprintf(buf, FORK_SIGNAL_NAME_MAX, "SIG%d", signo);
	return buf;
}

static const struct {
	uint64_t bit;
	const char *name;
} clone_flags[] = {
	{ CLONE_VM, "CLONE_VM" },
	{ CLONE_FS, "CLONE_FS" },
	{ CLONE_FILES, "CLONE_FILES" },
	{ CLONE_SIGHAND, "CLONE_SIGHAND" },
	{ CLONE_PIDFD, "CLONE_PIDFD" },
	{ CLONE_PTRACE, "CLONE_PTRACE" },
	{ CLONE_VFORK, "CLONE_VFORK" },
	{ CLONE_PARENT, "CLONE_PARENT" },
	{ CLONE_THREAD, "CLONE_THREAD" },
	{ CLONE_NEWNS, "CLONE_NEWNS" },
	{ CLONE_SYSVSEM, "CLONE_SYSVSEM" },
	{ CLONE_SETTLS, "CLONE_SETTLS" },
	{ CLONE_PARENT_SETTID, "CLONE_PARENT_SETTID" },
	{ CLONE_CHILD_CLEARTID, "CLONE_CHILD_CLEARTID" },
	{ CLONE_DETACHED, "CLONE_DETACHED" },
	{ CLONE_UNTRACED, "CLONE_UNTRACED" },
	{ CLONE_CHILD_SETTID, "CLONE_CHILD_SETTID" },
	{ CLONE_NEWCGROUP, "CLONE_NEWCGROUP" },
	{ CLONE_NEWUTS, "CLONE_NEWUTS" },
	{ CLONE_NEWIPC, "CLONE_NEWIPC" },
	{ CLONE_NEWUSER, "CLONE_NEWUSER" },
	{ CLONE_NEWPID, "CLONE_NEWPID" },
	{ CLONE_NEWNET, "CLONE_NEWNET" },
	{ CLONE_NEWTIME, "CLONE_NEWTIME" },
	{ CLONE_IO, "CLONE_IO" },
	{ CLONE_CLEAR_SIGHAND, "CLONE_CLEAR_SIGHAND" },
	{ CLONE_INTO_CGROUP, "CLONE_INTO_CGROUP" },
};

static const uint64_t notable_flags = CLONE_VFORK | CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP |
				      CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
				      CLONE_NEWNET | CLONE_NEWTIME | CLONE_INTO_CGROUP;

static void add_name(struct fork_flags *out, const char *name)
{
	out->names[out->count++] = cell_string(name);
}

void fork_flags_name(struct fork_flags *out, uint64_t flags, bool notable)
{
	/* The low byte of clone(2)'s flags is a signal, which the kernel takes out; clone3(2) has
	 * CLONE_NEWTIME there. */
	flags &= ~(uint64_t)(CSIGNAL & ~CLONE_NEWTIME);
	out->count = 0;
	for (size_t i = 0; i < array_size(clone_flags); i++) {
		if (flags & clone_flags[i].bit & (notable ? notable_flags : UINT64_MAX))
			add_name(out, clone_flags[i].name);
		flags &= ~clone_flags[i].bit;
	}
	/* Of a kernel newer than this list. */
	if (!flags)
		return;
	snprintf(out->others, sizeof(out->others), "0x%" PRIx64, flags);
	add_name(out, out->others);
}
