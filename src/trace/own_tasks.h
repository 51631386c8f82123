/* SPDX-License-Identifier: MIT */
/*
 * The tool's own tasks, which do not count: its process and its helper processes.
 *
 * The program gets their ids when it is loaded, not when it is compiled, so that a compiled program
 * in the cache serves every run. Helpers must be there by then. A helper of a live view starts
 * others later: two hooks of the program see that. Filters by which no task of the tool can pass
 * leave the question out of the program.
 */
#ifndef OWN_TASKS_H
#define OWN_TASKS_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "kernel.h"
#include "program_text.h"
#include "task_filter.h"

struct plan;

enum {
	OWN_TASKS_MAX = 20, /* four of each of five views on top of one another */
};

/**
 * own_tasks_define() - have the program leave the tool's own tasks out
 * @filter: what is asked for; with @self, or when it names other tasks, the program stays as it is
 * @source: gets the defines, and parameters that are not set yet
 *
 * Return: for own_tasks_set(): the first of the parameters; negative: there are none.
 */
int own_tasks_define(const struct filter *filter, struct program_text *source);

/**
 * own_tasks_follow() - leave out also what the tool's own tasks start
 *
 * For a plan that has own tasks. Adds the hooks for it. Without the kernel's types they are
 * counted.
 */
void own_tasks_follow(struct plan *plan, const struct kernel *kernel);

/**
 * own_tasks_set() - say which tasks are the tool's own; before the program is loaded
 * @first: what own_tasks_define() returned; negative: nothing happens
 * @ids:   processes, by the ids of the initial PID namespace (host_id.h); at most OWN_TASKS_MAX
 * @count: of @ids, at least 1
 */
void own_tasks_set(struct program_text *source, int first, const uint32_t *ids, size_t count);

#endif
