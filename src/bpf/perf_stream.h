/* SPDX-License-Identifier: MIT */
/*
 * Perf buffers, one per CPU, to one stream of records in the order of the kernel's clock.
 *
 * A record's clock is read before it is in its buffer, so an older one may turn up in another CPU's
 * buffer a moment later. Records are therefore held until a whole round over all buffers has begun
 * after they were made: whatever is older than the start of the round before has been seen.
 */
#ifndef PERF_STREAM_H
#define PERF_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum {
	STREAM_PAGES_DEFAULT = 128, /* of a buffer */
	STREAM_CPUS_MAX = 1024,
};

struct stream;

/**
 * stream_record_fn - one record, in order
 * @data: begins with a u64, its time in ns of CLOCK_MONOTONIC; 8-byte aligned
 * @size: bytes; may be up to 7 more than the program sent
 * Return: 0, or a negative errno, which stops the reading.
 */
typedef int (*stream_record_fn)(const void *data, size_t size, void *context);

/**
 * stream_open() - open a buffer on every online CPU
 * @map:   the program's perf event array
 * @pages: per CPU, a power of two
 * @largest: bytes of a large record: so many of them as to fill half a buffer never wait
 */
int stream_open(struct stream **streamp, int map, unsigned pages, size_t largest,
		stream_record_fn record, void *context, struct error *err);

/** stream_close() - NULL is fine. */
void stream_close(struct stream *stream);

/** stream_fds() - descriptors to poll; readable when a buffer fills up. Return: how many. */
size_t stream_fds(const struct stream *stream, const int **fds);

/** stream_read() - empty all buffers, hand over what is certain to be in order. Return: 0 or
 * negative errno. */
int stream_read(struct stream *stream);

/** stream_finish() - the last reading, after the programs are detached: hand over everything. */
int stream_finish(struct stream *stream);

/** struct merge - the ordering on its own, for tests: bytes in, records out */
struct merge;

int merge_new(struct merge **mergep, stream_record_fn record, void *context);
void merge_free(struct merge *merge);

/** merge_add() - copy a record in. Return: 0, -EINVAL (too short for a time), -ENOMEM. */
int merge_add(struct merge *merge, const void *data, size_t size);

/** merge_release() - hand over, in order, all records with a time before @before. Equal times keep
 * the order they came in. */
int merge_release(struct merge *merge, uint64_t before);

#endif
