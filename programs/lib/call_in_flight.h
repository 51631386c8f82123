/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* System calls that have begun and not returned: values of the map `started`, whose keys are the host's thread ids. */
#ifndef STARTED_H
#define STARTED_H

#include <linux/types.h>

enum started_flag {
	STARTED_BEFORE = 1, /* it was waiting when tracing began, so @time_ns is later than its beginning */
};

/**
 * struct started - what a thread is in
 * @time_ns: CLOCK_MONOTONIC at the call; 0: it is in none
 * @pid, @tid: process and thread as the tool's PID namespace knows them
 * @call:    slot of the call, see syscalls.h
 * @flags:   enum started_flag
 * @args:    the call's arguments; only when the program keeps them
 */
struct started {
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	__u32 call;
	__u32 flags;
};

struct started_args {
	struct started started;
	__u64 args[6];
};

_Static_assert(sizeof(struct started) == 24, "same layout on both sides");
_Static_assert(sizeof(struct started_args) == 72, "same layout on both sides");

#endif
