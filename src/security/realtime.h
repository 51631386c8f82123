/* SPDX-License-Identifier: MIT */
/*
 * Real-time priority for the few milliseconds in which a run reads its maps. While a process is
 * inside certain bpf(2) calls, the kernel runs no program of a kprobe or a classic tracepoint on
 * that CPU, and counts the program as skipped. On a kernel with full preemption another task may
 * run on that CPU meanwhile, for a whole time slice. An ordinary task does not preempt a process of
 * real-time priority, so the bpf(2) call ends before any other task runs.
 */
#ifndef REALTIME_H
#define REALTIME_H

#include <sched.h>
#include <stdbool.h>

/** struct realtime - the scheduling of this process before realtime_raise() */
struct realtime {
	bool raised;
	int policy;
	struct sched_param param;
};

/**
 * realtime_allow() - raise RLIMIT_RTPRIO, so that realtime_raise() works without CAP_SYS_NICE
 *
 * Return: whether the limit is high enough now. Raising it takes CAP_SYS_RESOURCE.
 */
bool realtime_allow(void);

/**
 * realtime_raise() - take the lowest real-time priority
 * @before: filled for realtime_restore()
 *
 * Does nothing when this process may not raise its priority. Call realtime_restore() after a few
 * milliseconds: until then no ordinary task runs on this CPU.
 */
void realtime_raise(struct realtime *before);

/**
 * realtime_restore() - take back the priority from before realtime_raise()
 *
 * One thing stays: children begin with the ordinary priority (SCHED_RESET_ON_FORK), because only
 * CAP_SYS_NICE may clear that flag.
 */
void realtime_restore(const struct realtime *before);

#endif
