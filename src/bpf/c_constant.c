/* SPDX-License-Identifier: MIT */
/* Is a condition true, whatever happens at run time? See c_constant.h. */
#define _GNU_SOURCE
#include "c_constant.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/arch.h"

enum {
	/* Macros that use each other twice multiply, and parentheses take stack. */
	STEPS_MAX = 1000,
};

static enum c_truth either(const struct c_scope *scope, size_t first, size_t end, unsigned *steps);

size_t c_side_end(const struct c_text *text, size_t at, size_t end, const char *operator)
{
	unsigned depth = 0;

	for (; at < end; at++) {
		const struct c_token *token = &text->tokens[at];

		if (!depth && c_is(token, operator))
			break;
		depth += c_opens(token);
		depth -= depth && c_closes(token);
	}
	return at;
}

static enum c_truth number(const struct c_token *token)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(token->start, &end, 0);
	end += strspn(end, "uUlL");
	return errno || end != token->start + token->len ? C_UNKNOWN : n != 0;
}

/* Names of the compiler, of libbcc and of the kernel's headers. libbcc compiles for the machine it
 * runs on, which is the one this file is compiled for. */
static enum c_truth is_defined_outside(const struct c_token *name)
{
	static const char *const architectures[] = ARCH_MACROS;
	static const char *const prefixes[] = { "__", "BPF_", "CONFIG_", "KERNEL_", "LINUX_" };

	if (c_is_name(name, ARCH_MACRO))
		return C_TRUE;
	for (size_t i = 0; i < sizeof(architectures) / sizeof(architectures[0]); i++)
		if (c_is_name(name, architectures[i]))
			return C_FALSE;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name->start, prefixes[i], strlen(prefixes[i])) == 0)
			return C_UNKNOWN;
	return C_FALSE;
}

enum c_truth c_is_defined(const struct c_scope *scope, size_t name)
{
	const struct c_token *token = &scope->text->tokens[name];
	const struct c_macro *macro;

	if (token->kind != C_NAME)
		return C_UNKNOWN;
	macro = &scope->macros[token->name];
	if (macro->is_unknown)
		return C_UNKNOWN;
	return macro->at && macro->at < scope->here ? C_TRUE : is_defined_outside(token);
}

static enum c_truth operand(const struct c_scope *scope, size_t first, size_t end, unsigned *steps);

/* Its value must be one operand: as text, several would mix with what stands around the macro. */
static enum c_truth macro(const struct c_scope *scope, size_t name, unsigned *steps)
{
	const struct c_token *tokens = scope->text->tokens;
	size_t at = scope->macros[tokens[name].name].at;
	const char *behind = tokens[at].start + tokens[at].len;
	enum c_truth is_defined = c_is_defined(scope, name);

	if (is_defined == C_TRUE && at && *behind != '(')
		return operand(scope, at + 1, tokens[tokens[at].pair].pair + 1, steps);
	if (is_defined == C_FALSE && scope->is_directive)
		return C_FALSE;
	return C_UNKNOWN;
}

/* Of `defined NAME` and `defined(NAME)`; @first is behind the word. */
static enum c_truth defined(const struct c_scope *scope, size_t first, size_t end)
{
	const struct c_token *tokens = scope->text->tokens;

	if (end - first == 3 && c_is(&tokens[first], "(") && c_is(&tokens[end - 1], ")"))
		return c_is_defined(scope, first + 1);
	return end - first == 1 ? c_is_defined(scope, first) : C_UNKNOWN;
}

static enum c_truth operand(const struct c_scope *scope, size_t first, size_t end, unsigned *steps)
{
	const struct c_token *tokens = scope->text->tokens;
	enum c_truth v;

	while (end > first && tokens[end - 1].kind == C_COMMENT)
		end--;
	while (first < end && tokens[first].kind == C_COMMENT)
		first++;
	if (first >= end || ++*steps > STEPS_MAX)
		return C_UNKNOWN;
	if (c_is(&tokens[first], "!")) {
		v = operand(scope, first + 1, end, steps);
		return v == C_UNKNOWN ? v : !v;
	}
	if (c_is(&tokens[first], "(") && c_side_end(scope->text, first + 1, end, ")") == end - 1)
		return either(scope, first + 1, end - 1, steps);
	if (scope->is_directive && c_is_name(&tokens[first], "defined"))
		return defined(scope, first + 1, end);
	if (first + 1 == end && tokens[first].kind == C_NUMBER)
		return number(&tokens[first]);
	if (first + 1 == end && tokens[first].kind == C_NAME)
		return macro(scope, first, steps);
	return C_UNKNOWN;
}

static enum c_truth all(const struct c_scope *scope, size_t first, size_t end, unsigned *steps)
{
	enum c_truth result = C_TRUE;
	size_t side_end;

	/* A side behind one that is not known does not decide: what comes first has effects. */
	for (; result == C_TRUE; first = side_end + 1) {
		side_end = c_side_end(scope->text, first, end, "&&");
		result = operand(scope, first, side_end, steps);
		if (side_end == end)
			break;
	}
	return result;
}

static enum c_truth either(const struct c_scope *scope, size_t first, size_t end, unsigned *steps)
{
	enum c_truth result = C_FALSE;
	size_t side_end;

	/* Both bind less than || does. */
	if (c_side_end(scope->text, first, end, "?") < end ||
	    c_side_end(scope->text, first, end, ",") < end)
		return C_UNKNOWN;
	for (; result == C_FALSE; first = side_end + 1) {
		side_end = c_side_end(scope->text, first, end, "||");
		result = all(scope, first, side_end, steps);
		if (side_end == end)
			break;
	}
	return result;
}

enum c_truth c_truth(const struct c_scope *scope, size_t first, size_t end)
{
	unsigned steps = 0;

	return either(scope, first, end, &steps);
}
