/* SPDX-License-Identifier: MIT */
/* What the targets share: a property that must hold, input taken apart, and what printed text must
 * look like. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report.h"

/** LLVMFuzzerTestOneInput() - what a target is; libFuzzer calls it, and replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** HOLDS() - a property; where it does not hold the input is a finding. */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_fail(const char *property, const char *file, int line);

/** struct input - bytes not yet used */
struct input {
	const uint8_t *at;
	size_t left;
};

/** input_number() - the next bytes as a number; 0 for those that are not there. */
uint64_t input_number(struct input *input, size_t bytes);

/** input_bytes() - the next bytes, @len of them at most, on the heap and no longer than they are: a
 * read beyond is seen. */
uint8_t *input_bytes(struct input *input, size_t len, size_t *got);

/** input_text() - up to @separator or the end, without NULs from there on; NUL-terminated, on the
 * heap. */
char *input_text(struct input *input, char separator);

/** is_utf8() - valid, by a decoder of its own? */
bool is_utf8(const char *bytes, size_t len);

/** is_safe() - valid UTF-8 without a control character (C0, DEL, C1, line and direction of text);
 * but line ends, if @lines. */
bool is_safe(const char *bytes, size_t len, bool lines);

/** fuzz_directory() - a directory for files of this target, removed at the end; its path ends
 * within 200 bytes. */
const char *fuzz_directory(void);

/**
 * fuzz_report() - a report of events whose output is checked
 * @options: without format and out
 * @print:   is given it, once for each format
 * In tables no control character arrives, JSON is an object a line, CSV has the same number of
 * fields in each line.
 */
void fuzz_report(const struct report_options *options,
		 void (*print)(struct report *report, void *context), void *context);

#endif
