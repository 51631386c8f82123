/* SPDX-License-Identifier: MIT */
/* The tool's own tasks. See own_tasks.h. */
#include "own_tasks.h"

#include <stdbool.h>
#include <unistd.h>

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
	int first;

	if (filter->self || filter_is_of_others(filter))
		return -1;
	first = program_text_parameter(source, 0);
	for (int i = 1; i < PARAMETERS; i++)
		program_text_parameter(source, 0);
	own_tasks_set(source, first, &self, 1);
	program_text_define(source, "OWN_LOWEST", "PARAMETER(%d)", first + LOWEST);
	program_text_define(source, "OWN_SPAN", "PARAMETER(%d)", first + SPAN);
	program_text_define(source, "OWN_TASK(id)",
			    "((id) == PARAMETER(%d) || (id) == PARAMETER(%d) || "
			    "(id) == PARAMETER(%d))",
			    first + IDS, first + IDS + 1, first + IDS + 2);
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
