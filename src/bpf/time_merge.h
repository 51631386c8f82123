/* SPDX-License-Identifier: MIT */
/*
 * Records of several CPUs, sorted by their times.
 *
 * Records are copied in, in any order, and come out in the order of their times as soon as the
 * caller knows that no older one can follow. Knows nothing of perf buffers, so tests can feed it.
 */
#ifndef TIME_MERGE_H
#define TIME_MERGE_H

#include <stddef.h>
#include <stdint.h>

/**
 * time_merge_record_fn - one record; called in the order of times
 * @data: borrowed until it returns; 8-byte aligned; begins with a u64, its time in ns of
 *        CLOCK_MONOTONIC
 * @size: of @data in bytes; a perf buffer pads records, so up to 7 more than the program sent
 *
 * Return: 0, or a negative errno, which ends the reading and is returned by it.
 */
typedef int (*time_merge_record_fn)(const void *data, size_t size, void *context);

struct time_merge;

/**
 * time_merge_new() - begin without records
 * @mergep: result; release with time_merge_free()
 * @record: gets the records, with @context
 *
 * Return: 0 or -ENOMEM.
 */
int time_merge_new(struct time_merge **mergep, time_merge_record_fn record, void *context);

/** time_merge_free() - free it with the records that are still held; NULL is allowed. */
void time_merge_free(struct time_merge *merge);

/**
 * time_merge_add() - copy a record in
 * @data: see time_merge_record_fn; any alignment
 * @size: in bytes
 *
 * Return: 0; -EINVAL if it is too short for a time; -ENOMEM.
 */
int time_merge_add(struct time_merge *merge, const void *data, size_t size);

/**
 * time_merge_release() - pass on, in order, all records with a time before @before
 * @before: ns of CLOCK_MONOTONIC; UINT64_MAX for all records
 *
 * Records with equal times keep the order in which they were added.
 *
 * Return: 0, what the callback returned, or -ENOMEM.
 */
int time_merge_release(struct time_merge *merge, uint64_t before);

#endif
