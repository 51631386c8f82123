/* SPDX-License-Identifier: MIT */
/*
 * What the targets share: a property that must hold, the input taken apart, and rules that printed
 * text must follow.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report.h"

/** LLVMFuzzerTestOneInput() - a target; libFuzzer and replay.c call it */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** HOLDS() - a property; an input for which it does not hold is a finding */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_fail(const char *property, const char *file, int line);

/** struct input - bytes that have not been used yet */
struct input {
	const uint8_t *at;
	size_t left;
};

/** input_number() - the next bytes as a number; missing bytes are 0 */
uint64_t input_number(struct input *input, size_t bytes);

/**
 * input_bytes() - the next bytes, at most @len of them, on the heap in just that size: a sanitizer
 * sees a read beyond them
 */
uint8_t *input_bytes(struct input *input, size_t len, size_t *got);

/**
 * input_text() - the text up to @separator or the end, cut at its first NUL, on the heap,
 * NUL-terminated
 */
char *input_text(struct input *input, char separator);

/** is_utf8() - is it valid UTF-8, by a decoder of its own? */
bool is_utf8(const char *bytes, size_t len);

/**
 * is_safe() - is it valid UTF-8 without control characters (C0, DEL, C1, line and direction of
 * text)? @lines allows line ends.
 */
bool is_safe(const char *bytes, size_t len, bool lines);

/**
 * fuzz_directory() - a directory for files of this target, removed at the end; its path is shorter
 * than 200 bytes
 */
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
