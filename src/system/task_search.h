/* SPDX-License-Identifier: MIT */
/*
 * Search copies of several tasks for the one offset at which all of them hold what is expected of
 * each. An offset that is not the only one is no answer.
 */
#ifndef TASK_SEARCH_H
#define TASK_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "task_sampler.h"

enum {
	TASK_SEARCH_MAX = 16, /* copies in one search */
};

/**
 * task_expects_fn - does one copy hold the expected value at one place?
 * @at:     the place; @room bytes follow
 * @number: which of the copies
 */
typedef bool (*task_expects_fn)(const unsigned char *at, size_t number, const void *context);

/**
 * struct task_search - what to search
 * @copies:  @count of them, at most TASK_SEARCH_MAX
 * @bytes:   how many bytes of each
 * @align:   of the offsets
 * @room:    bytes that a value takes
 * @expects, @context: see task_expects_fn
 */
struct task_search {
	const struct task_sample *copies[TASK_SEARCH_MAX];
	size_t count, bytes, align, room;
	task_expects_fn expects;
	const void *context;
};

/** task_search_next() - the first fitting offset at or behind @from. Return: or -ENOENT. */
int task_search_next(const struct task_search *search, int from);

/** task_search_only() - the only fitting offset. Return: it; -ENOENT; -ENOTUNIQ: there are more. */
int task_search_only(const struct task_search *search);

/** task_u32(), task_u64() - the number at a place of a copy */
uint32_t task_u32(const unsigned char *at);
uint64_t task_u64(const unsigned char *at);

#endif
