/* SPDX-License-Identifier: MIT */
/*
 * The text of a program, reduced to what one run compiles.
 *
 * Files of programs/ serve many runs: most of what they hold is under #if or `if (OPTION)`, or is a
 * function that this run does not call. The resolved text has the branches that are taken, and of
 * functions, macros and types those that the run's hook functions lead to. It compiles to the same
 * instructions.
 *
 * A text is resolved in three passes: conditionals (program_conditions.c), `if` statements that
 * macros decide (program_branches.c), and what is unused then (program_unused.c).
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
 * An assertion stays when all that it refers to does. A conditional that the text does not decide
 * stays, with all its branches. So does all of a text whose brackets or comments do not end.
 */
struct resolve_request {
	const char *text;
	const char *const *functions;
	bool places;
};

/**
 * program_resolve() - resolve a text
 * @resultp: heap memory
 * Return: 0, -ENOMEM, or -EINVAL for an #if without #endif and the like.
 *
 * To resolve the result once more changes nothing.
 */
int program_resolve(char **resultp, const struct resolve_request *request, struct error *err);

#endif
