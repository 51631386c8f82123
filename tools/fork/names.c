/* SPDX-License-Identifier: MIT */
/* What bcc-fork calls things. See names.h. */
#define _GNU_SOURCE
#include "names.h"

#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>

#include "cleanup.h"
#include "constants.h"

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

static const uint64_t notable_flags = CLONE_VFORK | CLONE_PARENT | CLONE_NEWNS | CLONE_NEWCGROUP |
				      CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
				      CLONE_NEWNET | CLONE_NEWTIME | CLONE_INTO_CGROUP;

void fork_flags_name(struct fork_flags *out, uint64_t flags, bool notable)
{
	const struct constant_set *set = constants_find("clone_flags");
	const char *names[CONSTANTS_SPLIT_MAX];
	uint64_t unknown, left_out;
	size_t count;

	/* The low byte of clone(2)'s flags is a signal, which the kernel takes out; clone3(2) has
	 * CLONE_NEWTIME there. */
	flags &= ~(uint64_t)(CSIGNAL & ~CLONE_NEWTIME);
	count = constants_split(set, flags, names, array_size(names), &unknown);
	if (notable)
		count = constants_split(set, flags & notable_flags, names, array_size(names),
					&left_out);
	out->count = 0;
	for (size_t i = 0; i < count; i++)
		out->names[out->count++] = cell_string(names[i]);
	/* Of a kernel newer than the header that the tools were built with. */
	if (!unknown)
		return;
	snprintf(out->others, sizeof(out->others), "0x%" PRIx64, unknown);
	out->names[out->count++] = cell_string(out->others);
}
