/* SPDX-License-Identifier: MIT */
/*
 * Is a condition true, whatever happens at run time? Programs ask for their options with names of
 * macros, numbers, `defined`, !, && and ||. Whatever else a condition has makes its truth unknown.
 */
#ifndef C_CONSTANT_H
#define C_CONSTANT_H

#include "c_tokens.h"

enum c_truth { C_FALSE, C_TRUE, C_UNKNOWN };

/**
 * struct c_macro - what the text defines a name as
 * @at:         token of its name in the #define; 0: nowhere
 * @is_unknown: it is defined in more than one way, or undefined
 */
struct c_macro {
	size_t at;
	bool is_unknown;
};

/** struct c_scope - @macros: by the number of the name; @here: the token at which the condition is
 * asked; @is_directive: in #if a name that is no macro is 0; elsewhere it may be anything */
struct c_scope {
	const struct c_text *text;
	const struct c_macro *macros;
	size_t here;
	bool is_directive;
};

/** c_truth() - of the tokens from @first on, up to before @end. */
enum c_truth c_truth(const struct c_scope *scope, size_t first, size_t end);

/** c_is_defined() - is the name of this token defined there? */
enum c_truth c_is_defined(const struct c_scope *scope, size_t name);

/** c_side_end() - where the part of a condition that begins at @at ends: the next token up to @end
 * that is @operator and in no further brackets, or @end. */
size_t c_side_end(const struct c_text *text, size_t at, size_t end, const char *operator);

#endif
