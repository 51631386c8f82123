/* SPDX-License-Identifier: MIT */
/* Where a statement of C ends. See c_statement.h. */
#define _GNU_SOURCE
#include "c_statement.h"

#include <string.h>

enum {
	DEPTH_MAX = 64,
};

/* @at: where @token ends */
struct cursor {
	const char *at, *limit;
	struct c_token token;
	unsigned depth;
	bool is_broken;
};

/* A directive that changes nothing of where a statement ends. */
static bool is_pragma(const char *at)
{
	struct c_token word;

	c_next(at, &word);
	return c_is_name(&word, "pragma") || c_is_name(&word, "line");
}

static void advance(struct cursor *c)
{
	for (;;) {
		c->at = c_next(c->at, &c->token);
		if (c_is(&c->token, '#') && is_pragma(c->at))
			c->at = c_line_end(c->at);
		else if (c->token.kind != C_NEWLINE && c->token.kind != C_COMMENT)
			break;
	}
	if (c->token.kind == C_END || c->token.kind == C_BROKEN || c->token.start >= c->limit ||
	    c_is(&c->token, '#')) {
		c->is_broken = true;
		c->token.kind = C_END;
	}
}

static bool opens(const struct c_token *token)
{
	return c_is(token, '(') || c_is(token, '[') || c_is(token, '{');
}

static bool closes(const struct c_token *token)
{
	return c_is(token, ')') || c_is(token, ']') || c_is(token, '}');
}

/* From an opening bracket to the one that closes it, which is then the token. */
static void to_closing(struct cursor *c)
{
	struct c_brackets brackets;

	brackets.depth = 0;
	for (;;) {
		c->is_broken |= !c_brackets_take(&brackets, &c->token);
		if (c->is_broken || !brackets.depth)
			return;
		advance(c);
	}
}

static void statement(struct cursor *c);

/* Up to the semicolon, or over a label to the statement behind it. */
static void simple_statement(struct cursor *c)
{
	unsigned questions = 0;

	while (!c->is_broken && !c_is(&c->token, ';')) {
		if (opens(&c->token))
			to_closing(c);
		else if (closes(&c->token))
			c->is_broken = true;
		questions += c_is(&c->token, '?');
		if (c_is(&c->token, ':') && !questions--) {
			advance(c);
			statement(c);
			return;
		}
		advance(c);
	}
}

static void parenthesis(struct cursor *c)
{
	advance(c);
	if (!c_is(&c->token, '('))
		c->is_broken = true;
	else
		to_closing(c);
	advance(c);
}

/* The `else` that follows, if there is one. @c stays where it is when not. */
static void else_branch(struct cursor *c)
{
	struct cursor ahead = *c;

	advance(&ahead);
	if (ahead.is_broken || !c_is_name(&ahead.token, "else"))
		return;
	*c = ahead;
	advance(c);
	statement(c);
}

/* From the first token of a statement to its last. */
static void statement(struct cursor *c)
{
	const struct c_token first = c->token;

	if (c->is_broken || c->depth++ >= DEPTH_MAX) {
		c->is_broken = true;
		return;
	}
	if (c_is(&first, '{')) {
		to_closing(c);
	} else if (c_is_name(&first, "if") || c_is_name(&first, "for") ||
		   c_is_name(&first, "while") || c_is_name(&first, "switch")) {
		parenthesis(c);
		statement(c);
		if (c_is_name(&first, "if") && !c->is_broken)
			else_branch(c);
	} else if (c_is_name(&first, "do")) {
		advance(c);
		statement(c);
		advance(c);
		simple_statement(c);
	} else {
		simple_statement(c);
	}
	c->depth--;
}

bool c_read_if(const char *at, const char *limit, struct c_if *parts)
{
	struct cursor c = { .at = at, .limit = limit };

	advance(&c); /* `if` */
	advance(&c);
	if (c.is_broken || !c_is(&c.token, '('))
		return false;
	parts->condition.start = c.at;
	to_closing(&c);
	parts->condition.end = c.token.start;
	return !c.is_broken;
}

bool c_read_branches(const char *limit, struct c_if *parts)
{
	struct cursor c = { .at = parts->condition.end, .limit = limit }, ahead;

	advance(&c); /* the parenthesis */
	advance(&c);
	parts->yes.start = c.token.start;
	statement(&c);
	parts->yes.end = parts->end = c.at;
	parts->no = (struct c_range){ NULL, NULL };
	ahead = c;
	advance(&ahead);
	if (c.is_broken || ahead.is_broken || !c_is_name(&ahead.token, "else"))
		return !c.is_broken;
	advance(&ahead);
	parts->no.start = ahead.token.start;
	statement(&ahead);
	parts->no.end = parts->end = ahead.at;
	return !ahead.is_broken;
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

bool c_block_declares(struct c_range block)
{
	struct cursor c = { .at = block.start + 1, .limit = block.end };
	struct c_token previous, before = { .kind = C_END };

	advance(&c);
	for (previous = before; !c.is_broken; before = previous, previous = c.token, advance(&c)) {
		bool is_type = previous.kind == C_NAME && !is_statement_word(&previous);
		/* `type *name` at the beginning of a statement. */
		bool is_pointer = c_is(&previous, '*') && before.kind == C_NAME;

		if (c.token.kind == C_NAME && (is_type || is_pointer))
			return true;
		if (opens(&c.token))
			to_closing(&c);
	}
	return false;
}
