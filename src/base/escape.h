/* SPDX-License-Identifier: MIT */
/*
 * Bytes from outside (names of threads, paths, arguments, cgroups) made safe to show. A terminal
 * must get no control character, and no name may look like another line of the report. A JSON
 * string must be valid UTF-8. Printable valid UTF-8 stays as it is in both.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * escape_terminal() - escape for a table or a line of text
 * @out:      filled, and NUL-terminated when @out_size > 0
 * @out_size: its size in bytes; ESCAPE_MAX(@len) always suffices
 * @in:       any bytes, NUL included
 * @len:      number of bytes
 *
 * \n \t \r \\ and \e take their C form. Every other control character (C0, DEL, C1, the Unicode
 * line and paragraph separators), every character of the category Cf (such as bidirectional
 * controls and characters of no width), and each byte that is not part of valid UTF-8 becomes \xNN,
 * byte by byte.
 *
 * Return: bytes written without the NUL. A result that does not fit is cut, but never inside a
 * character or an escape.
 */
size_t escape_terminal(char *out, size_t out_size, const char *in, size_t len);

/** escape_is_utf8() - are these bytes valid UTF-8, so that escape_utf8() can keep them all? */
bool escape_is_utf8(const char *bytes, size_t len);

/**
 * escape_utf8() - make bytes valid UTF-8, for a JSON encoder
 *
 * As escape_terminal(), but only bytes that are not part of valid UTF-8 change, to the four
 * characters \xNN. Control characters and backslashes are left to the JSON encoder.
 */
size_t escape_utf8(char *out, size_t out_size, const char *in, size_t len);

/**
 * escape_json() - make JSON safe for a reader who looks at it on a terminal
 * @out: 6 * @len bytes
 * @in:  valid JSON, in which only C0 controls are escaped
 * @len: number of bytes
 *
 * DEL, C1 and the other characters that escape_terminal() escapes become \\uNNNN, which is the same
 * string to a JSON parser.
 *
 * Return: bytes written; there is no NUL.
 */
size_t escape_json(char *out, const char *in, size_t len);

/** escape_print() - print a string to @out, as escape_terminal() escapes it. */
void escape_print(FILE *out, const char *text);

/** ESCAPE_MAX() - buffer size that always holds the escaped form of @len bytes. */
#define ESCAPE_MAX(len) (4 * (size_t)(len) + 1)

#endif
