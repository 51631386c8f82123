/* SPDX-License-Identifier: MIT */
/*
 * By which start time the rows of a process or thread go.
 *
 * A program knows to the nanosecond when a task began, /proc only to the tick (10 ms). Both make
 * rows, which must meet: the time that was there first is the one that is kept.
 */
#ifndef TASK_STARTS_H
#define TASK_STARTS_H

#include <stdint.h>

#include "hash.h"

/** struct task_start - the latest task that had an id */
struct task_start {
	uint64_t start_ns;
	uint32_t id;
};

/** struct task_starts - all zero is an empty one; release with task_starts_clear() */
struct task_starts {
	struct task_start *list;
	struct hash_index index;
};

/**
 * task_starts_settle() - replace a start time by the one that stands for the same task
 * @id:       of a process or thread
 * @start_ns: in ns; a whole number of ticks comes from /proc, 0 is not known. Changed when the task
 *            is known by another number, else noted
 *
 * Return: 0 or -ENOMEM.
 */
int task_starts_settle(struct task_starts *starts, uint32_t id, uint64_t *start_ns);

/** task_starts_clear() - forget all, and release the memory. */
void task_starts_clear(struct task_starts *starts);

#endif
