/* SPDX-License-Identifier: MIT */
/* The text of a program, reduced to what one run compiles. See program_resolve.h. */
#define _GNU_SOURCE
#include "program_resolve.h"

#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "program_resolve_passes.h"

void place_step(struct place *place, const struct c_text *text, size_t at)
{
	const struct c_token *token = &text->tokens[at];

	for (const char *c = at ? token[-1].start : text->start; c < token->start; c++)
		place->line += *c == '\n';
	if (!c_is_directive(token, "line") || token->pair < at + 3 || token[3].kind != C_STRING)
		return;
	/* Its own line is the one before. */
	place->line = (unsigned)strtoul(token[2].start, NULL, 10) - 1;
	place->path = &token[3];
}

static bool begins_file(const struct c_text *text, size_t at)
{
	const struct c_token *before = at ? &text->tokens[at - 1] : NULL;

	return before && before->in_directive && before->kind == C_STRING &&
	       c_is_directive(&text->tokens[before->pair], "line") && before[-1].len == 1 &&
	       *before[-1].start == '1';
}

void drop_with_comment(struct c_text *text, size_t first, size_t last)
{
	size_t comment = first;

	while (comment && text->tokens[comment - 1].kind == C_COMMENT &&
	       !text->tokens[comment - 1].in_directive && c_newlines(text, comment) == 1 &&
	       !text->tokens[comment - 1].is_gone)
		comment--;
	if (comment && comment < first && !c_newlines(text, comment))
		comment++;
	c_drop(text, begins_file(text, comment) ? first : comment, last);
}

/* Return: 0, -ENOMEM, -EINVAL; 1: the text is not understood */
static int run_passes(struct c_text *text, const struct resolve_request *request, struct error *err)
{
	cleanup_free struct c_macro *macros = NULL;
	int r = c_read(text, request->text);

	if (r == 0)
		macros = calloc(text->index.count + 1, sizeof(*macros));
	if (!macros)
		return error_nomem(err);
	r = resolve_conditions(text, macros, err);
	if (r < 0)
		return r;
	if (!c_pair(text))
		return 1;
	resolve_branches(text, macros);
	r = resolve_unused(text, request->functions);
	return r < 0 ? error_nomem(err) : r;
}

int program_resolve(char **resultp, const struct resolve_request *request, struct error *err)
{
	struct c_text text = { .count = 0 };
	struct buffer out = { .len = 0 };
	int r = run_passes(&text, request, err);

	if (r == 0)
		resolve_write(&out, &text, request->places);
	else if (r > 0) /* clang says best what is wrong with it */
		buffer_add(&out, request->text, strlen(request->text) + 1);
	c_free(&text);
	if (r >= 0)
		r = out.err ? error_nomem(err) : 0;
	if (r == 0)
		*resultp = out.data;
	else
		buffer_free(&out);
	return r;
}
