/* SPDX-License-Identifier: MIT */
/*
 * The processes and threads that -p and -t name: have they all ended? Then the run has nothing more
 * to see, and ends.
 *
 * A pidfd refers to one task for ever, whoever gets its id later, and becomes readable when the
 * task ends. The loop waits for one of those that live; when that ends, for another. With
 * --descendants it then waits for the processes that they started, which the program's map
 * `followed` lists. Where the kernel has no pidfd for a task (of a thread before Linux 6.9), a
 * timer looks into /proc.
 */
#ifndef NAMED_TASKS_H
#define NAMED_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "event_loop.h"
#include "task_filter.h"

struct named_task;

/**
 * struct named_tasks - release with named_tasks_close()
 * @source: for the loop; its fd is -1 when no task is named
 * @filter: borrowed
 * @followed: descriptor of the program's map of processes that are followed, or -1
 * @list, @count: the tasks
 * @descendant: a process that one of them started, or -1
 * @timer:  descriptor of the timer, or -1
 * @proc:   descriptor of /proc, or negative
 */
struct named_tasks {
	struct loop_source source;
	const struct filter *filter;
	int followed;
	struct named_task *list;
	size_t count;
	int descendant;
	int timer;
	int proc;
};

#define NAMED_TASKS_INIT                                                                           \
	{                                                                                          \
		.source = { .fd = -1 }, .followed = -1, .descendant = -1, .timer = -1, .proc = -1  \
	}

/**
 * named_tasks_open() - begin to watch the tasks that a filter names
 * @tasks:    from NAMED_TASKS_INIT; must not move until named_tasks_close()
 * @filter:   outlives @tasks
 * @followed: see struct named_tasks
 *
 * Call it before filter_still_there(), which then says whether they are the right ones.
 *
 * Return: 0 or negative errno.
 */
int named_tasks_open(struct named_tasks *tasks, const struct filter *filter, int followed,
		     struct error *err);

/** named_tasks_close() - release what named_tasks_open() took. */
void named_tasks_close(struct named_tasks *tasks);

/** named_tasks_text() - "process 12 has ended", "all 3 threads have ended". Return: @buf. */
const char *named_tasks_text(const struct named_tasks *tasks, char *buf, size_t size);

#endif
