/* SPDX-License-Identifier: MIT */
/* A run as one picture, or as text that other programs draw: see the formats in bcc-fork(8). */
#ifndef FORK_PICTURE_H
#define FORK_PICTURE_H

#include <stdio.h>

#include "process_tree.h"
#include "report.h"

/**
 * struct picture - what is written
 * @tree:    settled
 * @format:  REPORT_TRACE, REPORT_SVG or REPORT_FOLDED
 * @wall_ns: from clock_monotonic_ns() to the time of day
 * @drops:   of the run
 */
struct picture {
	struct process_tree *tree;
	enum report_format format;
	uint64_t wall_ns;
	const struct drops *drops;
};

/**
 * picture_write() - write it
 * Return: 0, -ENOMEM, or -ENODATA: it is written, and lacks events, and the format cannot say so.
 * Failures of @out are left to its owner.
 */
int picture_write(const struct picture *picture, FILE *out);

/* The formats; each returns 0 or -ENOMEM. */
int picture_trace(const struct picture *picture, FILE *out);
int picture_svg(const struct picture *picture, FILE *out);
int picture_folded(const struct picture *picture, FILE *out);

/** picture_is_whole() - did nothing get lost? */
bool picture_is_whole(const struct picture *picture);

/** picture_end_ns() - when a process was over, as far as that is known. */
uint64_t picture_end_ns(const struct process *process);

#endif
