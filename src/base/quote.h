/* SPDX-License-Identifier: MIT */
/* Arguments as a shell would read them back, and texts as C would. */
#ifndef QUOTE_H
#define QUOTE_H

#include <stddef.h>
#include <stdio.h>

#include "escape.h"

/**
 * quote_argument() - print one argument, quoted when it must be
 *
 * Bytes that a terminal must not get stay as they are inside $'...': escaping for the terminal
 * (escape_terminal()) turns them into the very escapes that $'...' understands.
 */
void quote_argument(FILE *out, const char *bytes, size_t len);

/** QUOTE_STRING_MAX() - buffer size that always holds the quoted form of @len bytes. */
#define QUOTE_STRING_MAX(len) (ESCAPE_MAX(len) + 2)

/**
 * quote_string() - in double quotes, as C has it: "a\"b\n"
 * @out: QUOTE_STRING_MAX(@len) bytes; will be NUL-terminated
 *
 * Safe for a terminal as it is: it must not be escaped again.
 * Return: bytes written without the NUL.
 */
size_t quote_string(char *out, const char *bytes, size_t len);

#endif
