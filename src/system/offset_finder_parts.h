/* SPDX-License-Identifier: MIT */
/* What the files of offset_finder.h share. */
#ifndef OFFSET_FINDER_PARTS_H
#define OFFSET_FINDER_PARTS_H

#include <stdbool.h>

#include "offset_finder.h"
#include "task_sampler.h"
#include "task_search.h"
#include "task_subjects.h"

enum {
	COMPARED = 6,
	FINDER_PATIENCE_MS = 2000,
};

/**
 * struct finder
 * @live: copies of tasks that live and have changed nothing
 */
struct finder {
	struct task_sampler sampler;
	struct task_subjects *subjects;
	bool tracks_compat;
	struct task_sample live[COMPARED];
	offset_found_fn found;
	void *context;
};

/**
 * finder_look() - copy a task's structure while it does a deed
 * @deed, @value: see task_subjects_tell()
 * @pointer:      see task_sampler_aim()
 *
 * Return: 0 or negative errno.
 */
int finder_look(const struct finder *f, enum subject who, enum subject_deed deed, int value,
		int pointer, struct task_sample *sample);

/** finder_tell() - a member was found, unless @offset is negative. */
void finder_tell(const struct finder *f, const char *structure, const char *member, int offset);

/** finder_live() - the copy of a task in @live; NULL: it is not among them. */
const struct task_sample *finder_live(const struct finder *f, enum subject who);

/** finder_is_address() - can it be an address of the kernel's memory? */
static inline bool finder_is_address(uint64_t value)
{
	return value >> 56 == 0xff && value < (uint64_t)-4096;
}

/** finder_find_pointed() - find what lies in other structures, and how tasks end. */
void finder_find_pointed(struct finder *f);

#endif
