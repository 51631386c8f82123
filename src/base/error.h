/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in words for the person at the keyboard.
 *
 * The library builds the text, a tool prints it. A function that can fail takes a `struct error *`,
 * fills it once, at the place that knows most, and returns the same negative errno the error holds.
 * Callers pass the number on; they do not interpret it.
 */
#ifndef ERROR_H
#define ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct error - one failure
 * @code:   negative errno, 0 while nothing failed
 * @text:   one line: what failed, on which object, with the errno's name
 * @hint:   one line: what to do about it; "" when there is nothing useful to say
 * @detail: further lines in another program's own words (clang, the verifier); NULL or heap memory
 *
 * Initialise with ERROR_INIT, release with error_clear().
 */
struct error {
	int code;
	char text[512];
	char hint[512];
	char *detail;
};

#define ERROR_INIT                                                                                 \
	{                                                                                          \
		.code = 0                                                                          \
	}

/**
 * error_set() - record a failure
 * @e:    the error to fill; an earlier text, hint and detail are replaced
 * @code: negative errno
 * @fmt:  printf format for the line; "%m" must not be used, use error_name()
 *
 * Return: @code, so that `return error_set(...)` reads well.
 */
int error_set(struct error *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** error_hint() - add what to do about it. Return: the code the error holds. */
int error_hint(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * error_detail() - attach another program's output
 * @e:    the error
 * @text: bytes to copy; trailing white space is dropped
 * @len:  number of bytes
 */
void error_detail(struct error *e, const char *text, size_t len);

/** error_detail_end() - attach the last @lines lines of a text, without the white space behind
 * them. */
void error_detail_end(struct error *e, const char *text, unsigned lines);

/** error_nomem() - record that memory ran out. Return: -ENOMEM. */
int error_nomem(struct error *e);

/**
 * error_name() - symbolic name of an errno
 * @err: errno, positive or negative
 *
 * Return: "ENOENT" and the like, or "E?" for a number without a name. Static storage.
 */
const char *error_name(int err);

/** error_is_named() - does it have a name? Else error_name() is only a stand-in. */
bool error_is_named(int err);

/**
 * error_print() - print an error: one line "PROGRAM: text; hint", or with a detail three parts
 * Text and hint quote what a user gave: they are escaped, so that they stay one line and steer no
 * terminal.
 * @e:       the error
 * @program: name in front of each line of ours
 * @out:     usually stderr
 */
void error_print(const struct error *e, const char *program, FILE *out);

/** error_clear() - free the detail and forget the failure. */
void error_clear(struct error *e);

#endif
