/* SPDX-License-Identifier: MIT */
/*
 * `if` statements that macros decide. See program_resolve.h.
 *
 * clang would leave the same branches out. Here it is done in the text, so that functions called
 * from a branch that is not taken are not taken for used.
 */
#define _GNU_SOURCE
#include "program_resolve_passes.h"

enum {
	NESTED_MAX = 64,
};

/* No statement that is read here. */
#define NO_END SIZE_MAX

/* Up to the semicolon. Labels are not read, nor macros that stand for several statements. */
static size_t simple_end(const struct c_text *text, size_t at)
{
	const struct c_token *tokens = text->tokens;
	unsigned questions = 0;

	for (; !c_is(&tokens[at], ";"); at = c_solid(text, at + 1)) {
		questions += c_is(&tokens[at], "?");
		if (tokens[at].kind == C_END || c_closes(&tokens[at]) ||
		    (c_is(&tokens[at], ":") && !questions--))
			return NO_END;
		if (c_opens(&tokens[at]))
			at = tokens[at].pair;
	}
	return at;
}

/* The last token of the statement that begins at @at, its `else` included. */
static size_t statement_end(const struct c_text *text, size_t at, unsigned nested)
{
	const struct c_token *tokens = text->tokens, *first = &tokens[at];
	bool is_if = c_is_name(first, "if");
	size_t end, next;

	if (nested == NESTED_MAX || c_is_name(first, "do"))
		return NO_END;
	if (c_is(first, "{"))
		return first->pair;
	if (!is_if && !c_is_name(first, "for") && !c_is_name(first, "while") &&
	    !c_is_name(first, "switch"))
		return simple_end(text, at);
	at = c_solid(text, at + 1);
	if (!c_is(&tokens[at], "("))
		return NO_END;
	end = statement_end(text, c_solid(text, tokens[at].pair + 1), nested + 1);
	next = is_if && end != NO_END ? c_solid(text, end + 1) : at;
	if (c_is_name(&tokens[next], "else"))
		end = statement_end(text, c_solid(text, next + 1), nested + 1);
	return end;
}

/* May several statements stand behind this token? Else what follows is the body of another. */
static bool is_in_block(const struct c_token *previous)
{
	return c_is(previous, "{") || c_is(previous, "}") || c_is(previous, ";");
}

/* Words that can stand in front of a name in a statement. */
static bool is_statement_word(const struct c_token *token)
{
	static const char *const words[] = { "return", "goto", "else", "case", "do", "sizeof" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (c_is_name(token, words[i]))
			return true;
	return false;
}

/* May a declaration stand in this block itself? `type name`, `type *name` */
static bool declares(const struct c_text *text, size_t open)
{
	const struct c_token *t = text->tokens, *last = &t[open], *before = last;

	for (size_t i = c_solid(text, open + 1); i < t[open].pair; i = c_solid(text, i + 1)) {
		bool is_type = last->kind == C_NAME && !is_statement_word(last);

		if (t[i].kind == C_NAME && (is_type || (c_is(last, "*") && before->kind == C_NAME)))
			return true;
		if (c_opens(&t[i]))
			i = t[i].pair;
		before = last;
		last = &t[i];
	}
	return false;
}

/* How many tabs the line begins with that a token is in. */
static unsigned tabs_before(const struct c_text *text, size_t at, bool *is_first)
{
	const char *start = text->tokens[at].start, *line = start;
	unsigned tabs = 0;

	while (line > text->start && line[-1] != '\n')
		line--;
	while (line[tabs] == '\t')
		tabs++;
	*is_first = line + tabs == start;
	return tabs;
}

/* The statement from @at to @end comes down to the part from @first to @last. */
static void keep(struct c_text *text, size_t at, size_t end, size_t first, size_t last,
		 const struct c_token *previous)
{
	bool is_first;
	unsigned outer = tabs_before(text, at, &is_first), inner;

	if (c_is(&text->tokens[first], "{") && is_in_block(previous) && !declares(text, first)) {
		first++;
		last--;
	}
	if (first > last) {
		drop_with_comment(text, at, end);
		return;
	}
	inner = tabs_before(text, first, &is_first);
	for (size_t i = first; i <= last && is_first && inner > outer; i++)
		text->tokens[i].dedent += inner - outer;
	c_drop(text, at, first - 1);
	if (last < end)
		c_drop(text, last + 1, end);
}

/* Directives that decide or define something must not go with a statement. */
static bool has_directive(const struct c_text *text, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		if (text->tokens[i].kind == C_DIRECTIVE && !text->tokens[i].is_gone &&
		    !c_is_directive(&text->tokens[i], "pragma"))
			return true;
	return false;
}

/* @at: an `if`; @open: its parenthesis; @previous: the token before */
static void fold(struct c_text *text, size_t at, size_t open, size_t previous, bool is_true)
{
	const struct c_token *tokens = text->tokens;
	size_t end = statement_end(text, at, 0);
	size_t first = c_solid(text, tokens[open].pair + 1), last, otherwise;
	bool is_else = c_is_name(&tokens[previous], "else");

	if ((!is_in_block(&tokens[previous]) && !is_else) || end == NO_END ||
	    has_directive(text, at, end))
		return;
	last = statement_end(text, first, 1);
	otherwise = last == end ? 0 : c_solid(text, c_solid(text, last + 1) + 1);
	if (is_true)
		keep(text, at, end, first, last, &tokens[previous]);
	else if (otherwise)
		keep(text, at, end, otherwise, end, &tokens[previous]);
	else if (is_else)
		c_drop(text, previous, end);
	else
		drop_with_comment(text, at, end);
}

/* Of a condition that is not decided leave out the sides that do not matter. */
static void drop_sides(const struct c_scope *scope, struct c_text *text, size_t at, size_t end)
{
	bool is_either = c_side_end(text, at, end, "||") < end, has_kept = false;
	const char *operator= is_either ? "||" : "&&";
	size_t side_end;

	if (c_side_end(text, at, end, "?") < end || c_side_end(text, at, end, ",") < end)
		return;
	for (; at < end; at = side_end + 1) {
		side_end = c_side_end(text, at, end, operator);
		if (c_truth(scope, at, side_end) != (is_either ? C_FALSE : C_TRUE)) {
			has_kept = true;
		} else if (has_kept) {
			c_drop(text, at - 1, side_end - 1);
			text->tokens[at - 1].is_joined = true;
		} else if (side_end < end) {
			c_drop(text, at, side_end);
			text->tokens[side_end + 1].is_joined = true;
		}
	}
}

void resolve_branches(struct c_text *text, const struct c_macro *macros)
{
	struct c_scope scope = { text, macros, 0, false };
	const struct c_token *tokens = text->tokens;
	size_t previous = 0;

	for (size_t i = c_solid(text, 0); tokens[i].kind != C_END; i = c_solid(text, i + 1)) {
		size_t open = c_solid(text, i + 1);
		enum c_truth v = C_UNKNOWN;

		if (c_is_name(&tokens[i], "if") && c_is(&tokens[open], "(")) {
			scope.here = i;
			v = c_truth(&scope, open + 1, tokens[open].pair);
			if (v == C_UNKNOWN)
				drop_sides(&scope, text, open + 1, tokens[open].pair);
			else
				fold(text, i, open, previous, v == C_TRUE);
		}
		if (!tokens[i].is_gone)
			previous = i;
	}
}
