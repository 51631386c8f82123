/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The system call that a thread is in: values of the map `started`, by the host's thread id. */
#ifndef CALL_ENTRY_H
#define CALL_ENTRY_H

#include <linux/types.h>

enum started_flag {
	STARTED_BEFORE = 1, /* the call began before tracing did, so @time_ns is too late */
};

/**
 * struct call_entry - how a thread entered the call it is in
 * @time_ns:   CLOCK_MONOTONIC at the entry; 0: the thread is in no call
 * @pid, @tid: process and thread as the tool's PID namespace knows them
 * @call:      slot of the call, see syscalls.h
 * @flags:     enum started_flag
 */
struct call_entry {
	__u64 time_ns;
	__u32 pid;
	__u32 tid;
	__u32 call;
	__u32 flags;
};

/** struct call_entry_args - the same with the arguments, for a record of each call */
struct call_entry_args {
	struct call_entry started;
	__u64 args[6];
};

_Static_assert(sizeof(struct call_entry) == 24, "same layout on both sides");
_Static_assert(sizeof(struct call_entry_args) == 72, "same layout on both sides");

#endif
