/* SPDX-License-Identifier: MIT */
/*
 * Conditionals of the preprocessor. See program_resolve.h.
 *
 * A name that the text does not define is not defined, unless the compiler or its headers may have
 * done so: then nobody here knows, and the conditional is an error.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "program_resolve_passes.h"

enum {
	NESTED_MAX = 64,
};

/*
 * An #if that has not ended
 * @was_active: the text around it is compiled
 * @is_decided: a branch has been taken
 */
struct conditional {
	size_t first;
	bool was_active, is_decided, had_else;
};

/* @gone: where the text began that is not compiled, unless it is_active */
struct state {
	struct c_text *text;
	struct c_macro *macros;
	struct error *err;
	size_t gone;
	unsigned nested;
	bool is_active;
	struct conditional conditionals[NESTED_MAX];
};

static int fail(const struct state *s, size_t at, const char *what)
{
	struct place place = { NULL, 1 };

	for (size_t i = 0; i <= at; i++)
		place_step(&place, s->text, i);
	if (!place.path)
		return error_set(s->err, -EINVAL, "line %u: %s", place.line, what);
	return error_set(s->err, -EINVAL, "%.*s:%u: %s", (int)place.path->len - 2,
			 place.path->start + 1, place.line, what);
}

/* From the directive at @at on the text is compiled, or not. The directive itself never is. */
static void activate(struct state *s, size_t at, bool is_active)
{
	size_t last = s->text->tokens[at].pair;

	if (s->is_active && !is_active)
		s->gone = at;
	if (is_active)
		c_drop(s->text, s->is_active ? at : s->gone, last);
	s->is_active = is_active;
}

static enum c_truth condition(const struct state *s, size_t at)
{
	const struct c_scope scope = { s->text, s->macros, at, true };
	const struct c_token *token = &s->text->tokens[at];
	enum c_truth v;

	if (!c_is_name(&token[1], "ifdef") && !c_is_name(&token[1], "ifndef"))
		return c_truth(&scope, at + 2, token->pair + 1);
	v = token->pair > at + 1 ? c_is_defined(&scope, at + 2) : C_UNKNOWN;
	return v == C_UNKNOWN || c_is_name(&token[1], "ifdef") ? v : !v;
}

static int begin_branch(struct state *s, struct conditional *c, size_t at, bool is_else)
{
	enum c_truth v = C_FALSE;

	if (c->was_active && !c->is_decided)
		v = is_else ? C_TRUE : condition(s, at);
	if (v == C_UNKNOWN)
		return fail(
			s, at,
			"an #if may only use names that have one meaning, numbers, !, && and ||");
	c->is_decided |= v == C_TRUE;
	activate(s, at, v == C_TRUE);
	return 0;
}

static int begin_conditional(struct state *s, size_t at)
{
	struct conditional *c = &s->conditionals[s->nested];

	if (s->nested == NESTED_MAX)
		return fail(s, at, "too many conditionals within each other");
	*c = (struct conditional){ .first = at, .was_active = s->is_active };
	s->nested++;
	return begin_branch(s, c, at, false);
}

static int go_on(struct state *s, size_t at, bool is_else)
{
	struct conditional *c = s->nested ? &s->conditionals[s->nested - 1] : NULL;

	if (!c || c->had_else)
		return fail(s, at, "an #else or #elif without its #if");
	c->had_else = is_else;
	return begin_branch(s, c, at, is_else);
}

static int end_conditional(struct state *s, size_t at)
{
	struct conditional *c = s->nested ? &s->conditionals[--s->nested] : NULL;
	size_t last = s->text->tokens[at].pair, i;

	if (!c)
		return fail(s, at, "an #endif without its #if");
	if (!c->was_active)
		return 0;
	activate(s, at, true);
	for (i = c->first; i <= last && s->text->tokens[i].is_gone; i++)
		;
	if (i > last)
		drop_with_comment(s->text, c->first, c->first);
	return 0;
}

/* Do two definitions consist of the same line? */
static bool is_same(const struct c_token *a, const struct c_token *b)
{
	size_t len = strcspn(a->start, "\n");

	return len == strcspn(b->start, "\n") && memcmp(a->start, b->start, len) == 0;
}

static void define(struct state *s, size_t at, bool is_undef)
{
	const struct c_token *name = &s->text->tokens[at + 2];
	struct c_macro *macro;

	if (name->kind != C_NAME || !name->in_directive)
		return;
	macro = &s->macros[name->name];
	macro->is_unknown |= is_undef || (macro->at && !is_same(&s->text->tokens[macro->at], name));
	macro->at = at + 2;
}

static int take_directive(struct state *s, size_t at)
{
	const struct c_token *word = &s->text->tokens[at + 1];

	if (c_is_name(word, "if") || c_is_name(word, "ifdef") || c_is_name(word, "ifndef"))
		return begin_conditional(s, at);
	if (c_is_name(word, "else") || c_is_name(word, "elif"))
		return go_on(s, at, c_is_name(word, "else"));
	if (c_is_name(word, "endif"))
		return end_conditional(s, at);
	if (c_is_name(word, "elifdef") || c_is_name(word, "elifndef"))
		return fail(s, at, "neither #elifdef nor #elifndef is known here");
	if (s->is_active && (c_is_name(word, "define") || c_is_name(word, "undef")))
		define(s, at, c_is_name(word, "undef"));
	if (s->is_active && c_is_name(word, "line"))
		c_drop(s->text, at, s->text->tokens[at].pair);
	return 0;
}

int resolve_conditions(struct c_text *text, struct c_macro *macros, struct error *err)
{
	struct state s = { .text = text, .macros = macros, .err = err, .is_active = true };
	int r = 0;

	for (size_t i = 0; i < text->count && r == 0; i++)
		if (text->tokens[i].kind == C_DIRECTIVE)
			r = take_directive(&s, i);
	if (r == 0 && s.nested)
		return fail(&s, text->count - 1, "an #if without its #endif");
	return r;
}
