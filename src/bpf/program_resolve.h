/* SPDX-License-Identifier: MIT */
/*
 * The text of a program, reduced to what one run compiles.
 *
 * Files of programs/ serve many runs: most of what they hold is under #if or `if (OPTION)`, or is a
 * function that this run does not call. The resolved text has the branches that are taken, and of
 * functions, macros and types those that the run's hook functions lead to. It compiles to the same
 * instructions.
 *
 * The text becomes one list of tokens (c_tokens.c). Three passes mark the tokens that they leave
 * out: those of conditionals (program_conditions.c), of `if` statements that macros decide
 * (program_branches.c), and of items that nothing uses then (program_unused.c). No pass changes or
 * adds a token. At the end the tokens without a mark are written, with the spaces, empty lines and
 * indentation that they had (program_write.c). An option is a condition of names, numbers,
 * `defined`, !, && and || in #if and in `if` alike (c_constant.c).
 *
 * What a pass does not understand stays. Names made with ## refer to nothing here, so they can only
 * be names of members: clang reports an error if another name is missing.
 */
#ifndef PROGRAM_RESOLVE_H
#define PROGRAM_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/**
 * struct resolve_request
 * @text:       with its own headers folded in, and #line where a file begins or goes on
 * @functions:  the run's hook functions, ended by NULL; NULL: all functions that are not static
 * @places:     write #line wherever lines were left out, for clang's messages
 *
 * What stays whatever the functions: maps, as the tool finds them by name; #include, #pragma and
 * #error; each comment that stands alone in a part of a file of which something stays.
 * An assertion stays when all that it refers to does. All of a text stays whose brackets or
 * comments do not end.
 */
struct resolve_request {
	const char *text;
	const char *const *functions;
	bool places;
};

/**
 * program_resolve() - resolve a text
 * @resultp: heap memory
 * Return: 0, -ENOMEM, or -EINVAL for an #if without #endif and the like, or one that the text does
 * not decide.
 *
 * To resolve the result once more changes nothing.
 */
int program_resolve(char **resultp, const struct resolve_request *request, struct error *err);

#endif
