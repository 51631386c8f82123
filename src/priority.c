/* SPDX-License-Identifier: MIT */
/* Reading undisturbed. See priority.h. */
#define _GNU_SOURCE
#include "priority.h"

void priority_raise(struct priority *before)
{
	const struct sched_param lowest = { .sched_priority = sched_get_priority_min(SCHED_FIFO) };

	before->policy = sched_getscheduler(0);
	before->raised = before->policy >= 0 && sched_getparam(0, &before->param) == 0 &&
			 sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) == 0;
}

void priority_restore(const struct priority *before)
{
	if (before->raised)
		sched_setscheduler(0, before->policy, &before->param);
}
