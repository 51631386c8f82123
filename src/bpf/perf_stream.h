/* SPDX-License-Identifier: MIT */
/*
 * Perf buffers, one per CPU, read as one stream of records in the order of the kernel's clock.
 *
 * A program reads the clock before its record is in a buffer, so an older record may appear in
 * another CPU's buffer a moment later. Records are therefore held until a whole reading of all
 * buffers began after they were made: by then every older record has been seen.
 *
 * The records that did not fit are counted by the program, when its perf_submit() fails. The
 * kernel's own notice of lost records comes with the next record that fits, so never at the end.
 *
 * The kernel takes a buffer out of use for good when its CPU goes offline, and opens none on a CPU
 * that is offline. So the stream looks now and then for CPUs that have come, and has its opener
 * (inspector.h) open a buffer there. What a program cannot submit until then it counts as well.
 */
#ifndef PERF_STREAM_H
#define PERF_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "time_merge.h"

enum {
	PERF_STREAM_PAGES_DEFAULT = 128, /* of a buffer; 512 KiB with pages of 4 KiB */
	PERF_STREAM_CPUS_MAX = 1024,
};

/**
 * struct perf_stream_setup
 * @events:  descriptor of the program's perf event array
 * @drops:   of its counters of enum drop; negative: there are none
 * @pages:   size of a buffer; a power of two
 * @largest: size of a large record in bytes: the reader wakes up before such records fill half a
 *           buffer
 * @record:  gets the records, with @context
 */
struct perf_stream_setup {
	int events;
	int drops;
	unsigned pages;
	size_t largest;
	time_merge_record_fn record;
	void *context;
};

struct perf_stream;

/**
 * perf_stream_open() - open a buffer on every online CPU; skip one that goes offline meanwhile
 * @streamp: result; release with perf_stream_close()
 *
 * Return: 0; -E2BIG with more than PERF_STREAM_CPUS_MAX CPUs; or another negative errno.
 */
int perf_stream_open(struct perf_stream **streamp, const struct perf_stream_setup *setup,
		     struct error *err);

/** perf_stream_close() - close the buffers; records that are held are lost. NULL is allowed. */
void perf_stream_close(struct perf_stream *stream);

/**
 * perf_stream_fds() - descriptors to poll
 * @fds: result; borrowed until perf_stream_close(). Negative where there is none yet;
 *       perf_stream_read() changes them when CPUs come
 *
 * A descriptor becomes readable after a batch of records. A few records alone never wake the
 * reader, so perf_stream_read() must also be called by the clock.
 *
 * Return: their number.
 */
size_t perf_stream_fds(const struct perf_stream *stream, const int **fds);

/**
 * perf_stream_read() - empty all buffers, and pass on the records whose order is certain
 *
 * Return: 0, what the callback returned, or another negative errno.
 */
int perf_stream_read(struct perf_stream *stream);

/**
 * perf_stream_notice() - which CPUs have come since the last call
 * @text: filled when the result is true: "CPU 3 came online; ...", without a newline
 * @size: of @text in bytes; a longer notice is cut
 *
 * Return: whether there is a notice.
 */
bool perf_stream_notice(struct perf_stream *stream, char *text, size_t size);

/**
 * perf_stream_finish() - empty all buffers, and pass on all records
 *
 * Call it after the programs are detached.
 *
 * Return: 0, what the callback returned, or another negative errno.
 */
int perf_stream_finish(struct perf_stream *stream);

#endif
