/* SPDX-License-Identifier: MIT */
/* Search copies of tasks. See task_search.h. */
#include "task_search.h"

#include <errno.h>
#include <string.h>

uint32_t task_u32(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

uint64_t task_u64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static bool fits(const struct task_search *s, size_t offset)
{
	for (size_t i = 0; i < s->count; i++)
		if (!s->expects(s->copies[i]->bytes + offset, i, s->context))
			return false;
	return s->count > 0;
}

int task_search_next(const struct task_search *s, int from)
{
	size_t offset = ((size_t)from + s->align - 1) / s->align * s->align;

	for (; offset + s->room <= s->bytes; offset += s->align)
		if (fits(s, offset))
			return (int)offset;
	return -ENOENT;
}

int task_search_only(const struct task_search *s)
{
	int found = task_search_next(s, 0);

	if (found < 0)
		return found;
	return task_search_next(s, found + 1) < 0 ? found : -ENOTUNIQ;
}
