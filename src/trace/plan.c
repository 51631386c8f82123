/* SPDX-License-Identifier: MIT */
/* The hooks of a plan. See plan.h. */
#include "plan.h"

#include <stdio.h>

void plan_hook(struct plan *plan, enum hook_kind kind, const char *function, const char *target)
{
	if (plan->nhooks < OBJECT_PROGRAMS_MAX)
		plan->hooks[plan->nhooks++] =
			(struct hook){ .kind = kind, .function = function, .target = target };
	else
		plan->overflow = true;
}

void plan_hook_copy(struct plan *plan, enum hook_kind kind, const char *function,
		    const char *target)
{
	char *copy = plan->nhooks < OBJECT_PROGRAMS_MAX ? plan->targets[plan->nhooks] : NULL;

	if (copy)
		snprintf(copy, HOOK_NAME_MAX, "%s", target);
	plan_hook(plan, kind, function, copy);
}

void plan_timing_only(struct plan *plan, const char *function)
{
	if (plan->ntiming_only < OBJECT_PROGRAMS_MAX)
		plan->timing_only[plan->ntiming_only++] = function;
	else
		plan->overflow = true;
}
