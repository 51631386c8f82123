/* SPDX-License-Identifier: MIT */
/*
 * Integer constant expressions of C, as far as they are known: of an operand that is not, the value
 * can be known still, as in `0 && x`.
 */
#ifndef C_CONSTANT_H
#define C_CONSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "c_tokens.h"

/** struct c_value - @known: false when the text alone does not decide it */
struct c_value {
	bool known;
	int64_t number;
};

/** struct c_macro - what a name stands for; @value: of one that takes no parameters */
struct c_macro {
	enum { MACRO_NONE, MACRO_DEFINED, MACRO_UNKNOWN } state;
	const char *value, *value_end;
};

/**
 * struct c_scope - where the expression stands
 * @macro:        what is a name here?
 * @is_directive: in #if `defined` is an operator and a name that is no macro is 0; elsewhere it may
 *                be anything
 */
struct c_scope {
	struct c_macro (*macro)(const void *context, const struct c_token *name);
	const void *context;
	bool is_directive;
};

/** c_constant() - value of the whole text from @at to @end; not known when that is no expression.
 */
struct c_value c_constant(const struct c_scope *scope, const char *at, const char *end);

#endif
