/* SPDX-License-Identifier: MIT */
/* By which start time rows go. See task_starts.h. */
#define _GNU_SOURCE
#include "task_starts.h"

#include <unistd.h>

#include "number.h"

static uint64_t hash_start(const void *owner, uint32_t i)
{
	return hash_number(((const struct task_starts *)owner)->list[i].id);
}

static bool has_id(const void *owner, uint32_t i, const void *id)
{
	return ((const struct task_starts *)owner)->list[i].id == *(const uint32_t *)id;
}

/* In one tick, and one of them is not known any better. */
static bool is_same(uint64_t a, uint64_t b)
{
	uint64_t tick = (uint64_t)NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);

	return a / tick == b / tick && (a == b || a % tick == 0 || b % tick == 0);
}

static int add(struct task_starts *starts, uint32_t id, uint64_t start_ns)
{
	if (hash_index_reserve(&starts->index, &starts->list, sizeof(*starts->list), hash_start,
			       starts) < 0)
		return -ENOMEM;
	starts->list[starts->index.count] = (struct task_start){ .id = id, .start_ns = start_ns };
	hash_index_add(&starts->index, hash_number(id));
	return 0;
}

int task_starts_settle(struct task_starts *starts, uint32_t id, uint64_t *start_ns)
{
	uint32_t i = hash_index_find(&starts->index, hash_number(id), has_id, starts, &id);

	if (i == HASH_NONE)
		return *start_ns ? add(starts, id, *start_ns) : 0;
	if (!*start_ns || is_same(starts->list[i].start_ns, *start_ns))
		*start_ns = starts->list[i].start_ns;
	else if (*start_ns > starts->list[i].start_ns)
		starts->list[i].start_ns = *start_ns;
	return 0;
}

void task_starts_clear(struct task_starts *starts)
{
	free(starts->list);
	hash_index_free(&starts->index);
	*starts = (struct task_starts){ .list = NULL };
}
