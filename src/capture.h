/* SPDX-License-Identifier: MIT */
/*
 * libbcc prints its failures to stderr and returns a bare number. Between capture_begin() and
 * capture_end() what goes to stderr is kept, to be shown if the call fails and forgotten if not.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stddef.h>

/** struct capture - in progress; both -1: nothing is captured and stderr is as it was */
struct capture {
	int saved;
	int log;
};

/** capture_begin() - never fails: when it cannot capture, output just goes through. */
void capture_begin(struct capture *capture);

/**
 * capture_end() - put stderr back
 * @text: what was printed, NUL-terminated, cut to @size; may be NULL
 */
void capture_end(struct capture *capture, char *text, size_t size);

#endif
