/* SPDX-License-Identifier: MIT */
/* Real-time priority for a few milliseconds. See realtime.h. */
#define _GNU_SOURCE
#include "realtime.h"

#include <sys/resource.h>

bool realtime_allow(void)
{
	struct rlimit limit;
	rlim_t lowest = (rlim_t)sched_get_priority_min(SCHED_FIFO);

	if (getrlimit(RLIMIT_RTPRIO, &limit) < 0)
		return false;
	if (limit.rlim_cur >= lowest)
		return true;
	limit.rlim_cur = lowest;
	if (limit.rlim_max < lowest)
		limit.rlim_max = lowest;
	return setrlimit(RLIMIT_RTPRIO, &limit) == 0;
}

void realtime_raise(struct realtime *before)
{
	const struct sched_param lowest = { .sched_priority = sched_get_priority_min(SCHED_FIFO) };

	before->policy = sched_getscheduler(0);
	before->raised = before->policy >= 0 && sched_getparam(0, &before->param) == 0 &&
			 sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) == 0;
}

void realtime_restore(const struct realtime *before)
{
	if (before->raised)
		sched_setscheduler(0, before->policy | SCHED_RESET_ON_FORK, &before->param);
}
