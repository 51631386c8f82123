/* SPDX-License-Identifier: MIT */
/*
 * Merges records of several CPUs. The input has steps of two bytes: a record with a time and a
 * size, or hand over all records before a time. Each record comes out once, unchanged, in order;
 * records with equal times come in the order in which they were given.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "time_merge.h"

struct seen {
	uint64_t last_time, last_number;
	uint64_t before;
	size_t count;
};

/* The bytes of a record, from which a mix-up with another record shows. */
static uint8_t filling(uint64_t number, size_t at)
{
	return (uint8_t)(number * 31 + at);
}

static int take(const void *data, size_t size, void *context)
{
	struct seen *seen = context;
	const uint64_t *head = data;

	HOLDS(((uintptr_t)data & 7) == 0);
	HOLDS(head[0] < seen->before);
	HOLDS(!seen->count || head[0] > seen->last_time ||
	      (head[0] == seen->last_time && head[1] > seen->last_number));
	for (size_t i = sizeof(uint64_t[2]); i < size; i++)
		HOLDS(((const uint8_t *)data)[i] == filling(head[1], i));
	seen->last_time = head[0];
	seen->last_number = head[1];
	seen->count++;
	return 0;
}

static void add(struct time_merge *merge, uint64_t time, size_t size, uint64_t number)
{
	uint8_t *bytes = malloc(sizeof(uint64_t[2]) + size);
	const uint64_t head[2] = { time, number };

	HOLDS(bytes);
	memcpy(bytes, head, sizeof(head));
	for (size_t i = sizeof(head); i < sizeof(head) + size; i++)
		bytes[i] = filling(number, i);
	HOLDS(time_merge_add(merge, bytes, sizeof(head) + size) == 0);
	HOLDS(time_merge_add(merge, bytes, sizeof(uint64_t) - 1) == -EINVAL);
	free(bytes);
}

static void hand_over(struct time_merge *merge, struct seen *seen, uint64_t before)
{
	/*
	 * Records older than the last handed-over time may still come: the order holds within one
	 * hand-over.
	 */
	size_t count = seen->count;

	seen->count = 0;
	seen->before = before;
	HOLDS(time_merge_release(merge, before) == 0);
	seen->count += count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct seen seen = { .count = 0 };
	struct time_merge *merge;
	uint64_t number = 0;

	HOLDS(time_merge_new(&merge, take, &seen) == 0);
	while (input.left) {
		uint64_t step = input_number(&input, 1), argument = input_number(&input, 1);

		if (step < 224)
			add(merge, argument, step, number++);
		else
			hand_over(merge, &seen, argument);
	}
	hand_over(merge, &seen, UINT64_MAX);
	HOLDS(seen.count == number);
	time_merge_free(merge);
	return 0;
}
