/* SPDX-License-Identifier: MIT */
/* Integer constant expressions of C, as far as they are known. See c_constant.h. */
#define _GNU_SOURCE
#include "c_constant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Parentheses, operators and macros within each other; each takes a stack frame or three.
	 */
	DEPTH_MAX = 64,
	/* Operands in all: macros that use each other twice multiply. */
	OPERANDS_MAX = 1024,
};

/*
 * @has_unsigned, @has_negative: with both, C compares otherwise than we do
 * @is_broken: it is no expression, or one we do not read
 */
struct parser {
	const struct c_scope *scope;
	const char *at, *end;
	struct c_token token;
	unsigned depth, *operands;
	bool has_unsigned, has_negative, is_broken;
};

static const struct c_value unknown = { false, 0 };

static struct c_value known(struct parser *p, int64_t number)
{
	p->has_negative |= number < 0;
	return (struct c_value){ true, number };
}

static struct c_value broken(struct parser *p)
{
	p->is_broken = true;
	return unknown;
}

static void advance(struct parser *p)
{
	do
		p->at = c_next(p->at, &p->token);
	while (p->token.kind == C_COMMENT || p->token.kind == C_NEWLINE);
	if (p->token.start >= p->end)
		p->token.kind = C_END;
}

static bool take(struct parser *p, char character)
{
	if (!c_is(&p->token, character))
		return false;
	advance(p);
	return true;
}

static struct c_value ternary(struct parser *p);
static struct c_value unary(struct parser *p);

static struct c_value number(struct parser *p)
{
	char digits[32], *end;
	unsigned long long n;

	if (p->token.len >= sizeof(digits))
		return broken(p);
	memcpy(digits, p->token.start, p->token.len);
	digits[p->token.len] = '\0';
	advance(p);
	errno = 0;
	n = strtoull(digits, &end, 0);
	p->has_unsigned |= strpbrk(end, "uU") != NULL;
	if (errno || n > INT64_MAX || end[strspn(end, "uUlL")])
		return unknown;
	return known(p, (int64_t)n);
}

/* Of `defined NAME` and `defined(NAME)`. */
static struct c_value defined(struct parser *p)
{
	bool parenthesis = take(p, '(');
	struct c_macro macro;

	if (p->token.kind != C_NAME)
		return broken(p);
	macro = p->scope->macro(p->scope->context, &p->token);
	advance(p);
	if (parenthesis && !take(p, ')'))
		return broken(p);
	return macro.state == MACRO_UNKNOWN ? unknown : known(p, macro.state == MACRO_DEFINED);
}

/* What a macro takes, when there is something. */
static struct c_value skip_arguments(struct parser *p)
{
	unsigned depth = 0;

	if (!c_is(&p->token, '('))
		return unknown;
	do {
		depth += c_is(&p->token, '(');
		depth -= c_is(&p->token, ')');
		if (p->token.kind == C_END)
			return broken(p);
		advance(p);
	} while (depth);
	return unknown;
}

/* A macro is text: a value of several operands would mix with those around it, and is left alone.
 */
static struct c_value macro_value(struct parser *p, const struct c_macro *macro)
{
	struct parser inner = { .scope = p->scope,
				.at = macro->value,
				.end = macro->value_end,
				.depth = p->depth,
				.operands = p->operands };
	struct c_value v;

	advance(&inner);
	v = unary(&inner);
	if (inner.is_broken || inner.token.kind != C_END)
		return unknown;
	p->has_negative |= inner.has_negative;
	p->has_unsigned |= inner.has_unsigned;
	return v;
}

static struct c_value name(struct parser *p)
{
	struct c_token token = p->token;
	struct c_macro macro;

	advance(p);
	if (p->scope->is_directive && c_is_name(&token, "defined"))
		return defined(p);
	macro = p->scope->macro(p->scope->context, &token);
	if (macro.state == MACRO_DEFINED && macro.value)
		return macro_value(p, &macro);
	if (macro.state == MACRO_NONE && p->scope->is_directive && !c_is(&p->token, '('))
		return known(p, 0);
	return skip_arguments(p);
}

static struct c_value negate(struct parser *p, struct c_value v)
{
	return v.known && v.number != INT64_MIN ? known(p, -v.number) : unknown;
}

static struct c_value operand(struct parser *p)
{
	struct c_value v;

	if (p->token.kind == C_NUMBER)
		return number(p);
	if (p->token.kind == C_NAME)
		return name(p);
	if (take(p, '(')) {
		v = ternary(p);
		return take(p, ')') ? v : broken(p);
	}
	return broken(p);
}

static struct c_value unary(struct parser *p)
{
	struct c_value v;

	if (p->depth++ >= DEPTH_MAX || ++*p->operands > OPERANDS_MAX) {
		v = broken(p);
	} else if (take(p, '!')) {
		v = unary(p);
		v = v.known ? known(p, !v.number) : unknown;
	} else if (take(p, '-')) {
		v = negate(p, unary(p));
	} else if (take(p, '+')) {
		v = unary(p);
	} else if (take(p, '~')) {
		v = unary(p);
		v = v.known ? known(p, ~v.number) : unknown;
	} else {
		v = operand(p);
	}
	p->depth--;
	return v;
}

/* Binary operators, those that bind closest first. */
enum operator{
	NO_OPERATOR,
	MULTIPLY,
	DIVIDE,
	REMAINDER,
	ADD,
	SUBTRACT,
	LEFT,
	RIGHT,
	LESS,
	GREATER,
	NOT_GREATER,
	NOT_LESS,
	EQUAL,
	NOT_EQUAL,
	BIT_AND,
	BIT_XOR,
	BIT_OR,
	AND,
	OR,
};

static const struct {
	char text[3];
	unsigned char level;
} operators[] = {
	[MULTIPLY] = { "*", 10 },    [DIVIDE] = { "/", 10 },   [REMAINDER] = { "%", 10 },
	[ADD] = { "+", 9 },          [SUBTRACT] = { "-", 9 },  [LEFT] = { "<<", 8 },
	[RIGHT] = { ">>", 8 },       [LESS] = { "<", 7 },      [GREATER] = { ">", 7 },
	[NOT_GREATER] = { "<=", 7 }, [NOT_LESS] = { ">=", 7 }, [EQUAL] = { "==", 6 },
	[NOT_EQUAL] = { "!=", 6 },   [BIT_AND] = { "&", 5 },   [BIT_XOR] = { "^", 4 },
	[BIT_OR] = { "|", 3 },       [AND] = { "&&", 2 },      [OR] = { "||", 1 },
};

/* The one at the parser's place: the longest that matches. */
static enum operator operator_here(const struct parser *p)
{
	enum operator found = NO_OPERATOR;

	if (p->token.kind != C_PUNCTUATION)
		return NO_OPERATOR;
	for (unsigned i = MULTIPLY; i <= OR; i++) {
		size_t len = strlen(operators[i].text);

		if ((!found || len > strlen(operators[found].text)) &&
		    strncmp(p->token.start, operators[i].text, len) == 0)
			found = (enum operator)i;
	}
	return found;
}

static struct c_value arithmetic(struct parser *p, enum operator op, int64_t a, int64_t b)
{
	int64_t n = 0;

	switch (op) {
	case MULTIPLY:
		return __builtin_mul_overflow(a, b, &n) ? unknown : known(p, n);
	case ADD:
		return __builtin_add_overflow(a, b, &n) ? unknown : known(p, n);
	case SUBTRACT:
		return __builtin_sub_overflow(a, b, &n) ? unknown : known(p, n);
	case DIVIDE:
		return b <= 0 ? unknown : known(p, a / b);
	case REMAINDER:
		return b <= 0 ? unknown : known(p, a % b);
	case LEFT:
		return a < 0 || b < 0 || b > 62 || a > INT64_MAX >> b ? unknown : known(p, a << b);
	case RIGHT:
		return a < 0 || b < 0 || b > 62 ? unknown : known(p, a >> b);
	case BIT_AND:
		return known(p, a & b);
	case BIT_XOR:
		return known(p, a ^ b);
	default:
		return known(p, a | b);
	}
}

static struct c_value apply(struct parser *p, enum operator op, struct c_value a, struct c_value b)
{
	if (op == AND && ((a.known && !a.number) || (b.known && !b.number)))
		return known(p, 0);
	if (op == OR && ((a.known && a.number) || (b.known && b.number)))
		return known(p, 1);
	if (!a.known || !b.known)
		return unknown;
	switch (op) {
	case AND:
	case OR:
		return known(p, op == AND);
	case LESS:
		return known(p, a.number < b.number);
	case GREATER:
		return known(p, a.number > b.number);
	case NOT_GREATER:
		return known(p, a.number <= b.number);
	case NOT_LESS:
		return known(p, a.number >= b.number);
	case EQUAL:
		return known(p, a.number == b.number);
	case NOT_EQUAL:
		return known(p, a.number != b.number);
	default:
		return arithmetic(p, op, a.number, b.number);
	}
}

/* Operators of @level and of those that bind closer. */
static struct c_value binary(struct parser *p, unsigned level)
{
	struct c_value v = unary(p);

	for (;;) {
		enum operator op = operator_here(p);

		if (op == NO_OPERATOR || operators[op].level < level)
			return v;
		p->at = p->token.start + strlen(operators[op].text);
		advance(p);
		v = apply(p, op, v, binary(p, operators[op].level + 1u));
	}
}

static struct c_value ternary(struct parser *p)
{
	struct c_value condition = binary(p, 1), yes, no;

	if (!take(p, '?'))
		return condition;
	if (p->depth++ >= DEPTH_MAX)
		return broken(p);
	yes = ternary(p);
	if (!take(p, ':'))
		return broken(p);
	no = ternary(p);
	p->depth--;
	if (!condition.known)
		return unknown;
	return condition.number ? yes : no;
}

struct c_value c_constant(const struct c_scope *scope, const char *at, const char *end)
{
	unsigned operands = 0;
	struct parser p = { .scope = scope, .at = at, .end = end, .operands = &operands };
	struct c_value v;

	advance(&p);
	v = ternary(&p);
	if (p.is_broken || p.token.kind != C_END || (p.has_unsigned && p.has_negative))
		return unknown;
	return v;
}
