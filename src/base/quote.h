/* SPDX-License-Identifier: MIT */
/*
 * Bytes quoted so that another program reads back the same bytes: a command's arguments for a
 * shell, and strings as in C.
 */
#ifndef QUOTE_H
#define QUOTE_H

#include <stddef.h>
#include <stdio.h>

#include "escape.h"

/**
 * quote_argument() - print an argument for a shell, in quotes if it needs them
 * @out:   where to print
 * @bytes: the argument; need not be NUL-terminated
 * @len:   number of bytes
 *
 * Bytes that are not safe for a terminal are printed as they are, inside $'...'. The caller escapes
 * the whole line with escape_terminal(), whose escapes are the ones that $'...' understands.
 */
void quote_argument(FILE *out, const char *bytes, size_t len);

/** QUOTE_STRING_MAX() - buffer size that always holds the quoted form of @len bytes. */
#define QUOTE_STRING_MAX(len) (ESCAPE_MAX(len) + 2)

/**
 * quote_string() - put bytes into double quotes, as a C string: "a\"b\n"
 * @out:   QUOTE_STRING_MAX(@len) bytes; filled, and NUL-terminated
 * @bytes: the text; need not be NUL-terminated
 * @len:   number of bytes
 *
 * The result is safe for a terminal and must not be escaped again.
 *
 * Return: bytes written without the NUL.
 */
size_t quote_string(char *out, const char *bytes, size_t len);

/**
 * quote_bytes() - put bytes that need not be text into double quotes: "ELF\2\1"
 *
 * As quote_string(), but every byte that is not printable ASCII is escaped, in octal where C has no
 * other escape. This is the form that strace(1) prints.
 */
size_t quote_bytes(char *out, const char *bytes, size_t len);

#endif
