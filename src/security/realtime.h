/* SPDX-License-Identifier: MIT */
/*
 * Reading undisturbed. While a process is inside certain bpf(2) calls the kernel runs no program of
 * a kprobe or classic tracepoint on that CPU, and counts what it skips. With full preemption
 * another task may run there meanwhile, for a whole time slice. A process of real-time priority is
 * not preempted by ordinary ones, so the call is over before they go on.
 */
#ifndef REALTIME_H
#define REALTIME_H

#include <sched.h>
#include <stdbool.h>

/** struct priority - what there was before */
struct priority {
	bool raised;
	int policy;
	struct sched_param param;
};

/**
 * priority_allow() - have this process raise its priority later without CAP_SYS_NICE, by the limit
 * RLIMIT_RTPRIO Return: whether it may; not without CAP_SYS_RESOURCE.
 */
bool priority_allow(void);

/** priority_raise() - for a few milliseconds at most. Without the right to do it nothing is
 * changed. */
void priority_raise(struct priority *before);

/** priority_restore() - as it was, but that a child would begin with the ordinary priority. */
void priority_restore(const struct priority *before);

#endif
