/* SPDX-License-Identifier: MIT */
/* Arguments as a shell would read them back. */
#ifndef QUOTE_H
#define QUOTE_H

#include <stddef.h>
#include <stdio.h>

/**
 * quote_argument() - print one argument, quoted when it must be
 *
 * Bytes that a terminal must not get stay as they are inside $'...': escaping for the terminal
 * (escape_terminal()) turns them into the very escapes that $'...' understands.
 */
void quote_argument(FILE *out, const char *bytes, size_t len);

#endif
