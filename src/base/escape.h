/* SPDX-License-Identifier: MIT */
/*
 * Bytes from outside (comm, paths, arguments, cgroup names) made safe to show.
 *
 * Two audiences: a terminal, where no control character may arrive and no name may forge a line,
 * and a JSON string, which must be valid UTF-8. Both keep valid printable UTF-8 as it is.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/**
 * escape_terminal() - escape for a table or a line of text
 * @out:      buffer; always NUL-terminated when @out_size > 0
 * @out_size: its size in bytes
 * @in:       bytes, need not be NUL-terminated
 * @len:      number of bytes
 *
 * Printable valid UTF-8 passes unchanged. \n \t \r \\ and \e take their C form; every other control
 * character (C0, DEL, C1, the Unicode line and paragraph separators, and what is of category Cf,
 * such as bidirectional controls and characters of no width) and each byte that is not valid UTF-8
 * become \xNN, byte by byte. An escape is never cut in two.
 *
 * Return: bytes written without the NUL; (size_t)-1 never. When the result did not fit it is cut at
 * a character boundary.
 */
size_t escape_terminal(char *out, size_t out_size, const char *in, size_t len);

/**
 * escape_utf8() - make bytes valid UTF-8 for a JSON string value
 * As escape_terminal(), but only bytes that are not part of valid UTF-8 are changed (to the four
 * characters \xNN); control characters and backslashes are left to the JSON encoder.
 */
size_t escape_utf8(char *out, size_t out_size, const char *in, size_t len);

/**
 * escape_json() - finish a JSON text, for the case that it is read on a terminal
 * @out: 6 times @len bytes
 * @in:  valid JSON, in which only C0 controls are escaped
 * DEL, C1 and the other characters that escape_terminal() escapes become \\uNNNN: the same string
 * to whoever parses it. Return: bytes written; there is no NUL.
 */
size_t escape_json(char *out, const char *in, size_t len);

/** escape_print() - a text from outside, on a line of a message. */
void escape_print(FILE *out, const char *text);

/** ESCAPE_MAX() - buffer size that always holds the escaped form of @len bytes. */
#define ESCAPE_MAX(len) (4 * (size_t)(len) + 1)

#endif
