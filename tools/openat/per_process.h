/* SPDX-License-Identifier: MIT */
/*
 * Sums per process over a whole run, however many processes come and go in it: of those that have
 * gone, what is left is their part of a distribution.
 */
#ifndef OPENAT_PER_PROCESS_H
#define OPENAT_PER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log_histogram.h"

enum {
	TOTALS_FRESH_MAX =
		4096, /* so many processes may come before it is looked which have gone */
};

struct totals;

/** totals_new() - Return: 0 or -ENOMEM. */
int totals_new(struct totals **totalsp);

void totals_free(struct totals *totals);

/** totals_add() - add to a process's sum, which begins at 0. Return: 0 or -ENOMEM. */
int totals_add(struct totals *totals, uint32_t pid, uint64_t count);

/** totals_alive_fn - is there a process of this id? */
typedef bool (*totals_alive_fn)(uint32_t pid, void *context);

/**
 * totals_fold() - forget processes that have gone; to be called after each reading, when all its
 * counts are added
 *
 * It looks which have when more have come, since it last did, than TOTALS_FRESH_MAX and a quarter
 * of those alive then: each takes a system call. Who is found gone may still have counts in the
 * next reading, and so goes at the next call. That is to say, there is never room for more than
 * those alive and a quarter, TOTALS_FRESH_MAX, and what two readings bring.
 *
 * An id that is given to another process before that is taken for the same one.
 *
 * Return: 0 or -ENOMEM; then nothing is lost, and it can be tried again.
 */
int totals_fold(struct totals *totals, totals_alive_fn alive, void *context);

/** totals_count() - how many processes there is a sum of now. */
size_t totals_count(const struct totals *totals);

/**
 * totals_finish() - the distribution of the sums, each process one value
 * Nothing can be told apart after that; what is added begins anew and counts beside it.
 * Return: borrowed from @totals.
 */
const struct spread *totals_finish(struct totals *totals);

#endif
