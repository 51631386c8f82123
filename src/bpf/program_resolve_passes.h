/* SPDX-License-Identifier: MIT */
/* The passes of program_resolve.c, in their order. */
#ifndef PROGRAM_RESOLVE_PASSES_H
#define PROGRAM_RESOLVE_PASSES_H

#include "buffer.h"
#include "c_constant.h"
#include "c_tokens.h"
#include "error.h"
#include "program_resolve.h"

/** resolve_conditions() - leave out #if and the like, with the branches that are not compiled
 * @macros: filled in for resolve_branches(): one for each name of the text, all zero before
 * Return: 0, -EINVAL */
int resolve_conditions(struct c_text *text, struct c_macro *macros, struct error *err);

/** resolve_branches() - the same for `if` statements that macros decide. */
void resolve_branches(struct c_text *text, const struct c_macro *macros);

/** resolve_unused() - leave out what no function that stays refers to.
 * Return: 0, -ENOMEM; 1: a declaration has no end. */
int resolve_unused(struct c_text *text, const char *const *functions);

/** resolve_write() - add the text that is left to @out, and a NUL. */
void resolve_write(struct buffer *out, const struct c_text *text, bool places);

/** drop_with_comment() - leave out the tokens from @first to @last, and the comment directly above
 * them unless it is about the whole file. */
void drop_with_comment(struct c_text *text, size_t first, size_t last);

/** struct place - where a token comes from: @path is a C_STRING, NULL before the first #line */
struct place {
	const struct c_token *path;
	unsigned line;
};

/** place_step() - from the place of the token before @at to that of @at; that of the first is
 * { NULL, 1 }. */
void place_step(struct place *place, const struct c_text *text, size_t at);

#endif
