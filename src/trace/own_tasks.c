/* SPDX-License-Identifier: MIT */
/* The tool's own tasks. See own_tasks.h. */
#include "own_tasks.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "kernel_defines.h"
#include "plan.h"

/* Parameters, from the first one on. */
enum {
	LOWEST,
	SPAN,
	IDS,
	PARAMETERS = IDS + OWN_TASKS_MAX,
};

int own_tasks_define(const struct filter *filter, struct program_text *source)
{
	const uint32_t self = (uint32_t)getpid();
	char text[OWN_TASKS_MAX * sizeof(" || (id) == PARAMETER(63)")];
	size_t len = 0;
	int first;

	if (filter->self || filter_is_of_others(filter))
		return -1;
	first = program_text_parameter(source, 0);
	for (int i = 1; i < PARAMETERS; i++)
		program_text_parameter(source, 0);
	own_tasks_set(source, first, &self, 1);
	program_text_define(source, "OWN_LOWEST", "PARAMETER(%d)", first + LOWEST);
	program_text_define(source, "OWN_SPAN", "PARAMETER(%d)", first + SPAN);
	for (size_t i = 0; i < OWN_TASKS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s(id) == PARAMETER(%d)",
					i ? " || " : "", first + IDS + (int)i);
	program_text_define(source, "OWN_TASK(id)", "(%s)", text);
	return first;
}

/* The text is the same however many there are: the last one stands for those that are not there. */
void own_tasks_set(struct program_text *source, int first, const uint32_t *ids, size_t count)
{
	uint32_t lowest = ids[0], highest = ids[0];

	if (first < 0)
		return;
	for (size_t i = 0; i < OWN_TASKS_MAX; i++) {
		uint32_t id = ids[i < count ? i : count - 1];

		lowest = id < lowest ? id : lowest;
		highest = id > highest ? id : highest;
		program_text_set_parameter(source, first + IDS + (int)i, id);
	}
	program_text_set_parameter(source, first + LOWEST, lowest);
	program_text_set_parameter(source, first + SPAN, highest - lowest + 1);
}

/* A birth that is skipped counts a helper's helper, and an end that is skipped leaves an id that
 * another birth takes away: no event of others is lost. */
void own_tasks_follow(struct plan *plan, const struct kernel *kernel)
{
	static const char born[] = "raw_tracepoint__own_born";
	static const char freed[] = "raw_tracepoint__own_freed";
	struct error ignored = ERROR_INIT;

	if (kernel_define_task(kernel, plan->source, &ignored) == 0) {
		program_text_define(plan->source, "OWN_FAMILY", "1");
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, born, "task_newtask");
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, freed, "sched_process_free");
		plan_timing_only(plan, born);
		plan_timing_only(plan, freed);
	} else {
		plan_without(plan, "views");
	}
	error_clear(&ignored);
}
