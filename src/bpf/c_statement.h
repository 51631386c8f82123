/* SPDX-License-Identifier: MIT */
/* Where a statement of C ends. */
#ifndef C_STATEMENT_H
#define C_STATEMENT_H

#include <stdbool.h>

#include "c_tokens.h"

struct c_range {
	const char *start, *end;
};

/**
 * struct c_if - an `if` statement
 * @condition: without its parentheses
 * @yes, @no:  its statements; without an `else` @no.start is NULL
 * @end:       behind all of it
 */
struct c_if {
	struct c_range condition, yes, no;
	const char *end;
};

/** c_read_if() - fill in the condition of the `if` at @at. Return: false: it has no end. */
bool c_read_if(const char *at, const char *limit, struct c_if *parts);

/** c_read_branches() - the rest. Return: false: that has no end, or holds a directive that defines
 * or decides something. */
bool c_read_branches(const char *limit, struct c_if *parts);

/** c_block_declares() - may a declaration stand in this block itself? */
bool c_block_declares(struct c_range block);

#endif
