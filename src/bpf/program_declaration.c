/* SPDX-License-Identifier: MIT */
/* What one declaration or directive of a C text declares and refers to. See program_items.h. */
#define _GNU_SOURCE
#include <string.h>

#include "program_items.h"

enum {
	PARAMETERS_MAX = 16,
};

/* ---- directives ---- */

struct parameters {
	struct c_token names[PARAMETERS_MAX];
	size_t count;
};

static bool is_parameter(const struct parameters *p, const struct c_token *token)
{
	for (size_t i = 0; token->kind == C_NAME && i < p->count; i++)
		if (p->names[i].len == token->len &&
		    memcmp(p->names[i].start, token->start, token->len) == 0)
			return true;
	return false;
}

/* @at: behind the macro's name. Return: where its value begins. */
static const char *read_parameters(struct parameters *p, const char *at, const char *end)
{
	struct c_token token;

	if (*at != '(')
		return at;
	do {
		at = c_next(at, &token);
		if (token.kind == C_NAME && p->count < PARAMETERS_MAX)
			p->names[p->count++] = token;
	} while (at < end && !c_is(&token, ')'));
	return at;
}

static bool is_paste(const char *at)
{
	return at[0] == '#' && at[1] == '#';
}

/* A chain of tokens joined by ##, from its first to its last. */
static void take_paste(struct items *items, const struct parameters *p, const struct c_token *first,
		       const struct c_token *last)
{
	struct item *item = &items->items[items->nitems - 1];
	bool is_end = is_parameter(p, first);

	item->pastes = true;
	if (is_end && is_parameter(p, last))
		item->pastes_all = true;
	if (c_grow(&items->pastes, items->npastes, &items->pastes_room, sizeof(*items->pastes)) < 0)
		items->failed = true;
	else
		items->pastes[items->npastes++] =
			(struct paste){ items->nitems - 1, is_end ? *last : *first, is_end };
}

static void read_value(struct items *items, const struct parameters *p, const char *at,
		       const char *end)
{
	struct c_token token, next, first;

	at = c_next(at, &token);
	for (; token.start < end && token.kind != C_END; token = next) {
		if (token.kind == C_NAME && !is_parameter(p, &token))
			items_refer(items, items_name(items, &token));
		at = c_next(at, &next);
		first = token;
		while (next.start + 1 < end && is_paste(next.start)) {
			at = c_next(next.start + 2, &token);
			at = c_next(at, &next);
			if (next.start < end && is_paste(next.start))
				continue;
			take_paste(items, p, &first, &token);
			if (token.kind == C_NAME && !is_parameter(p, &token))
				items_refer(items, items_name(items, &token));
		}
	}
}

struct c_token items_directive(struct items *items, const char *start, const char *end)
{
	struct parameters p = { .count = 0 };
	struct c_token word, name;
	const char *at = c_next(c_next(start, &word), &word);

	if (c_is_name(&word, "define") || c_is_name(&word, "undef")) {
		at = c_next(at, &name);
		if (name.kind == C_NAME && at <= end)
			items_declare(items, items_name(items, &name));
		if (c_is_name(&word, "define"))
			at = read_parameters(&p, at, end);
	}
	read_value(items, &p, at, end);
	return word;
}

/* ---- functions, variables and types ---- */

/*
 * @depth:      of all brackets
 * @enum_depth: within the braces of an enum; 0: not in one
 * @callee:     name before the first parenthesis; -1: none yet
 * @previous, @before: the last token and the one in front of it
 */
struct declarator {
	struct items *items;
	struct c_brackets brackets;
	unsigned depth, enum_depth;
	int callee, name;
	bool is_static, is_typedef, is_function, in_value, has_value, has_variable, has_names;
	bool is_call, is_assertion, has_conditional;
	struct c_token previous, before;
};

/* Not by an initializer: that would clear the brackets too. */
static void begin(struct declarator *d, struct items *items)
{
	const size_t rest = offsetof(struct declarator, depth);

	memset((char *)d + rest, 0, sizeof(*d) - rest);
	d->brackets.depth = 0;
	d->items = items;
	d->callee = -1;
	d->name = -1;
}

static bool is_type_word(const struct c_token *token)
{
	return c_is_name(token, "struct") || c_is_name(token, "union") || c_is_name(token, "enum");
}

static void declare(struct declarator *d, int name)
{
	items_declare(d->items, name);
	d->has_names = true;
}

static void take_name(struct declarator *d, const struct c_token *token)
{
	d->name = items_name(d->items, token);
	items_refer(d->items, d->name);
	if (d->depth == 0 && c_is_name(token, "static"))
		d->is_static = true;
	else if (d->depth == 0 && c_is_name(token, "typedef"))
		d->is_typedef = true;
	if (d->enum_depth && d->depth == d->enum_depth &&
	    (c_is(&d->previous, '{') || c_is(&d->previous, ',')))
		declare(d, d->name);
}

static void open_parenthesis(struct declarator *d)
{
	const struct c_token *p = &d->previous;

	if (d->depth++ || d->callee >= 0 || d->has_value || p->kind != C_NAME ||
	    c_is_name(p, "__attribute__"))
		return;
	d->callee = d->name;
	d->is_call = d->before.kind == C_END;
	d->is_assertion = d->is_call && c_is_name(p, "_Static_assert");
}

static void open_brace(struct declarator *d)
{
	bool has_tag = d->previous.kind == C_NAME && is_type_word(&d->before);
	const struct c_token *word = has_tag ? &d->before : &d->previous;

	d->depth++;
	if (!is_type_word(word)) {
		d->is_function |= d->depth == 1 && !d->has_value && c_is(&d->previous, ')');
		return;
	}
	if (has_tag)
		declare(d, d->name);
	if (c_is_name(word, "enum"))
		d->enum_depth = d->depth;
}

/* A declarator at depth 0 has ended. */
static void end_name(struct declarator *d)
{
	if (d->in_value || d->callee >= 0 || d->previous.kind != C_NAME)
		return;
	d->has_variable |= !is_type_word(&d->before);
	declare(d, d->name);
}

static void take_punctuation(struct declarator *d, char c)
{
	if (c == '(') {
		open_parenthesis(d);
	} else if (c == '{') {
		open_brace(d);
	} else if (c == '[') {
		if (d->depth++ == 0)
			end_name(d);
	} else if (strchr(")]}", c)) {
		d->depth--;
		if (d->depth < d->enum_depth)
			d->enum_depth = 0;
	} else if (d->depth == 0 && strchr("=,;", c)) {
		end_name(d);
		d->in_value = c == '=';
		d->has_value |= c == '=';
	}
}

static void finish(struct declarator *d)
{
	struct item *item = &d->items->items[d->items->nitems - 1];

	item->is_root = d->has_conditional;
	item->is_assertion = d->is_assertion;
	if (d->is_assertion)
		return;
	if (d->callee >= 0 && !d->is_call && !d->is_typedef) {
		declare(d, d->callee);
		item->function = d->is_static ? -1 : d->callee;
	} else if (d->is_call || !d->has_names) {
		item->is_root = true;
	} else if (d->has_variable && !d->is_typedef) {
		item->is_root |= !d->is_static;
	}
}

/* Return: true at the declaration's last token. */
static bool take_token(struct declarator *d, const struct c_token *token)
{
	if (token->kind == C_NAME)
		take_name(d, token);
	else if (token->kind == C_PUNCTUATION)
		take_punctuation(d, *token->start);
	d->before = d->previous;
	d->previous = *token;
	return d->depth == 0 && (c_is(token, ';') || (c_is(token, '}') && d->is_function));
}

/* Within a declaration. Of a conditional that stays the end must stay too, which is elsewhere. */
static void take_directive(struct declarator *d, const char *start, const char *end)
{
	struct c_token word;

	if (items_place(d->items, start, end))
		return;
	word = items_directive(d->items, start, end);
	d->has_conditional |= !c_is_name(&word, "define") && !c_is_name(&word, "undef");
}

const char *items_declaration(struct items *items, const char *at)
{
	struct declarator d;
	bool is_line_start = false;
	struct c_token token;

	begin(&d, items);
	while (!items->failed) {
		at = c_next(at, &token);
		if (token.kind == C_END || token.kind == C_BROKEN)
			return NULL;
		if (token.kind == C_COMMENT)
			continue;
		if (is_line_start && c_is(&token, '#')) {
			at = c_line_end(token.start);
			take_directive(&d, token.start, at);
			continue;
		}
		is_line_start = token.kind == C_NEWLINE;
		if (!c_brackets_take(&d.brackets, &token))
			return NULL;
		if (!is_line_start && take_token(&d, &token)) {
			finish(&d);
			return at;
		}
	}
	return NULL;
}
