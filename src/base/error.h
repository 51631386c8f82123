/* SPDX-License-Identifier: MIT */
/*
 * A failure in words for the person at the keyboard. A function that can fail takes a struct error.
 * It fills the error once, at the place that knows most, and returns the same negative errno that
 * the error holds. Its callers pass the number on without interpreting it; only the tool prints.
 */
#ifndef ERROR_H
#define ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct error - one failure; initialise with ERROR_INIT, release with error_clear()
 * @code:   negative errno, 0 while nothing has failed
 * @text:   one line: what failed, on which object, why: error_words()
 * @hint:   one line: what the user can do about it; "" when there is nothing useful to say
 * @detail: output of another program (clang, the verifier), heap memory; or NULL
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
 * @e:    the error to fill; an earlier text, hint and detail are released
 * @code: negative errno
 * @fmt:  printf format of the text; use error_words() instead of "%m"
 *
 * A text that is too long loses its middle.
 *
 * Return: @code, for `return error_set(...)`.
 */
int error_set(struct error *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** error_hint() - add what the user can do about it. Return: the code of the error. */
int error_hint(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * error_detail() - add the output of another program
 * @e:    the error
 * @text: bytes to copy; white space at the end is dropped
 * @len:  number of bytes
 */
void error_detail(struct error *e, const char *text, size_t len);

/** error_detail_end() - add the last @lines lines of a text. */
void error_detail_end(struct error *e, const char *text, unsigned lines);

/** error_nomem() - record that memory ran out. Return: -ENOMEM. */
int error_nomem(struct error *e);

/**
 * error_name() - symbolic name of an errno
 * @err: positive or negative
 *
 * Errnos that only the kernel uses, such as ERESTARTSYS (512), have names too: a tracer sees them.
 *
 * Return: "ENOENT" and the like in static storage; "E?" for a number without a name.
 */
const char *error_name(int err);

/** struct error_phrase - result of error_words_of() */
struct error_phrase {
	char text[96];
};

/** error_words_of() - what error_words() yields, as a struct, so that nothing has to own it. */
struct error_phrase error_words_of(int err);

/**
 * error_words() - an errno for a person: "no space left on device (ENOSPC)"
 * @err: positive or negative
 *
 * Yields a string that lives until the end of the expression it is used in: pass it to printf() or
 * error_set(), do not keep it. Data has error_name() instead.
 */
#define error_words(err) (error_words_of(err).text)

/** error_is_named() - has this errno a name, so that error_name() is not "E?"? */
bool error_is_named(int err);

/**
 * error_print() - print an error
 * @e:       the error
 * @program: name of the tool, in front of its own lines
 * @out:     usually stderr
 *
 * Without a detail, that is one line "PROGRAM: text; hint". With a detail, it is the text, the
 * detail, and the hint on a line of its own. Text and hint quote what the user typed, so they are
 * escaped for the terminal and stay one line.
 */
void error_print(const struct error *e, const char *program, FILE *out);

/** error_clear() - free the detail and forget the failure. */
void error_clear(struct error *e);

#endif
