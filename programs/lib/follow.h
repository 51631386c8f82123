/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Values of the map `followed`, whose keys are the processes (thread group ids) being followed. */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <linux/types.h>

enum follow_state {
	FOLLOW_LIVE, /* its events count */
	FOLLOW_HELD, /* a command before its execve: what it does is not the command's */
};

/**
 * struct follow - one process
 * @state: enum follow_state
 * @start_ns: when it began, to tell it from a later process with its id; 0: not known
 */
struct follow {
	__u32 state;
	__u32 reserved;
	__u64 start_ns;
};

#endif
