/* SPDX-License-Identifier: MIT */
/*
 * Sums per process over a whole run, however many processes come and go in it. Of processes that
 * have ended only their part of a distribution is kept, so memory follows the number of processes
 * alive.
 */
#ifndef OPENAT_PER_PROCESS_H
#define OPENAT_PER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log_histogram.h"

enum {
	PER_PROCESS_FRESH_MAX =
		4096, /* processes that may come before per_process_fold() asks who is alive */
};

struct per_process;

/** per_process_new() - make an empty one; release with per_process_free(). Return: 0 or -ENOMEM. */
int per_process_new(struct per_process **totalsp);

/** per_process_free() - release it; NULL is fine. */
void per_process_free(struct per_process *totals);

/**
 * per_process_add() - add @count to the sum of a process, which begins as 0
 * @start_ns: when the process began, to tell it from others that had its id; 0: not known
 * Return: 0 or -ENOMEM.
 */
int per_process_add(struct per_process *totals, uint32_t pid, uint64_t start_ns, uint64_t count);

/** per_process_alive_fn - does a process with this id exist? */
typedef bool (*per_process_alive_fn)(uint32_t pid, void *context);

/**
 * per_process_fold() - forget processes that have ended; call it after each reading of counts
 * @totals:  the sums
 * @alive:   asked about each process; costs a system call
 * @context: passed to @alive
 *
 * Asking is worth it only when more than PER_PROCESS_FRESH_MAX plus a quarter of the processes
 * alive have come since the last time. A process that has ended may still have counts in the next
 * reading, so it is forgotten at the next call. The table holds at most 1.25 x the live processes +
 * PER_PROCESS_FRESH_MAX + two readings.
 */
void per_process_fold(struct per_process *totals, per_process_alive_fn alive, void *context);

/** per_process_count() - number of processes that are not forgotten. */
size_t per_process_count(const struct per_process *totals);

/**
 * per_process_finish() - the distribution of the sums; each process is one value
 *
 * Every process is forgotten then. What is added later counts as further processes.
 *
 * Return: borrowed from @totals.
 */
const struct distribution *per_process_finish(struct per_process *totals);

#endif
