/* SPDX-License-Identifier: MIT */
/* The passes of program_resolve.c, in their order. Each reads a text and writes another. */
#ifndef PROGRAM_RESOLVE_PASSES_H
#define PROGRAM_RESOLVE_PASSES_H

#include "c_constant.h"
#include "c_tokens.h"
#include "error.h"
#include "program_resolve.h"

/**
 * struct macros - what the text defines, as far as it has been read
 * @macros: by the number of the name
 * @once:   for each, whether it has one meaning in the whole text
 */
struct macros {
	struct c_names names;
	struct c_macro *macros;
	bool *once;
	size_t capacity, once_capacity;
};

struct c_macro macros_find(const struct macros *macros, const struct c_token *name);
void macros_free(struct macros *macros);

/**
 * resolve_conditions() - take the branches of #if that are compiled, and leave out the others
 * @macros: result, borrows from @text; all zero before
 * A comment directly above a conditional of which nothing is left goes with it.
 * Return: 0, -ENOMEM, -EINVAL for conditionals that are not nested as they should.
 */
int resolve_conditions(struct buffer *out, struct macros *macros, const char *text, bool places,
		       struct error *err);

/** resolve_branches() - the same for `if` statements that macros decide.
 * Return: 0, -ENOMEM; 1: the text is not understood. */
int resolve_branches(struct buffer *out, const struct macros *macros, const char *text, bool places,
		     struct error *err);

/** resolve_unused() - leave out what no function that stays refers to.
 * Return: 0, -ENOMEM; 1: the text is not understood. */
int resolve_unused(struct buffer *out, const char *text, const struct resolve_request *request,
		   struct error *err);

#endif
