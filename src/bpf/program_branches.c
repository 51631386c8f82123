/* SPDX-License-Identifier: MIT */
/*
 * `if` statements that macros decide. See program_resolve.h.
 *
 * clang would leave the same branches out. Here it is done in the text, so that functions called
 * from a branch that is not taken are not taken for used.
 */
#define _GNU_SOURCE
#include <string.h>

#include "c_statement.h"
#include "program_resolve_passes.h"

enum {
	DEPTH_MAX = 64,
};

/*
 * @written:  the input up to here is in the output, or has been left out
 * @previous: the token before, without comments and newlines
 * @comment:  where the comment begins that stands directly above the next token; NULL: none
 * @is_broken: a statement that is decided has no end that we see
 */
struct folder {
	struct buffer *out;
	const struct macros *macros;
	const char *written, *comment;
	struct c_token previous;
	unsigned depth;
	bool places, is_broken;
};

static struct c_macro find(const void *context, const struct c_token *name)
{
	const struct macros *macros = context;
	int number = c_names_find(&macros->names, name->start, name->len);

	if (number < 0 || !macros->once[number])
		return (struct c_macro){ MACRO_UNKNOWN, NULL, NULL };
	return macros->macros[number];
}

/* ---- writing ---- */

/* @tabs: how many to take from the beginning of each line behind the first */
static void write_dedented(struct buffer *out, const char *from, const char *end, unsigned tabs)
{
	while (from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));
		const char *next = newline ? newline + 1 : end;

		buffer_add(out, from, (size_t)(next - from));
		for (unsigned i = 0; i < tabs && newline && next < end && *next == '\t'; i++)
			next++;
		from = next;
	}
}

/* With places the lines that are left out stay as empty ones, so that the count goes on, and so
 * does what sets the count. */
static void leave_out(struct folder *f, const char *end)
{
	for (const char *line = f->written; f->places && line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		if (newline && strncmp(line, "#line ", 6) == 0)
			buffer_add(f->out, line, (size_t)(newline - line));
		if (newline)
			buffer_char(f->out, '\n');
		line = newline ? newline + 1 : end;
	}
	f->written = end;
}

static void write_up_to(struct folder *f, const char *end, unsigned tabs)
{
	if (end > f->written)
		write_dedented(f->out, f->written, end, f->places ? 0 : tabs);
	f->written = end > f->written ? end : f->written;
}

/* ---- conditions ---- */

/* One side of a chain of && or ||. */
struct side {
	const char *start, *end;
	struct c_value value;
};

enum {
	SIDES_MAX = 16,
};

/* Take a condition apart. Return: how many sides; 0: it is no chain of one operator. */
static size_t split(const struct folder *f, const char *at, const char *end, struct side *sides,
		    char *operatorp)
{
	struct c_scope scope = { find, f->macros, false };
	struct c_token token;
	unsigned depth = 0;
	size_t n = 0;

	sides[0].start = at;
	*operatorp = '\0';
	for (at = c_next(at, &token); token.start < end; at = c_next(at, &token)) {
		char c = token.kind == C_PUNCTUATION ? *token.start : '\0';

		depth += c && strchr("([{", c);
		depth -= c && strchr(")]}", c);
		if (depth || !c || !strchr("&|?,=", c) || (c == '=' && token.start[1] == '='))
			continue;
		if (c != '=' && c != '?' && c != ',' && token.start[1] != c)
			continue;
		if (!strchr("&|", c) || (*operatorp && *operatorp != c) || n + 2 > SIDES_MAX) {
			if (c == '=' && strchr("!<>=", token.start[-1]))
				continue;
			return 0;
		}
		*operatorp = c;
		sides[n++].end = token.start;
		at = token.start + 2;
		sides[n].start = at;
	}
	sides[n++].end = end;
	for (size_t i = 0; i < n; i++)
		sides[i].value = c_constant(&scope, sides[i].start, sides[i].end);
	return n;
}

/* A condition: its value, or when that is not known the sides that decide it. */
struct condition {
	struct c_value value;
	struct side sides[SIDES_MAX];
	size_t nsides, nopen;
	char operator;
};

static void read_condition(const struct folder *f, const char *at, const char *end,
			   struct condition *c)
{
	struct c_scope scope = { find, f->macros, false };

	c->value = c_constant(&scope, at, end);
	c->nsides = c->nopen = 0;
	if (c->value.known)
		return;
	c->nsides = split(f, at, end, c->sides, &c->operator);
	for (size_t i = 0; i < c->nsides; i++) {
		struct c_value v = c->sides[i].value;

		c->nopen += !v.known;
		if (v.known && c->operator&&(v.number != 0) == (c->operator== '|'))
			c->value = (struct c_value){ true, c->operator== '|' };
	}
}

/* Leave out the sides that decide nothing. */
static void write_condition(struct folder *f, const struct condition *c, const char *end)
{
	bool is_first = true;

	if (c->nopen == c->nsides || !c->nopen)
		return;
	for (size_t i = 0; i < c->nsides; i++) {
		const struct side *side = &c->sides[i];
		const char *start = side->start + strspn(side->start, " \t\n");
		const char *last = side->end;

		while (last > start && strchr(" \t\n", last[-1]))
			last--;
		if (side->value.known)
			continue;
		leave_out(f, start);
		if (!is_first)
			buffer_add(f->out, c->operator== '&' ? " && " : " || ", 4);
		write_up_to(f, last, 0);
		is_first = false;
	}
	leave_out(f, end);
}

/* ---- statements ---- */

static unsigned tabs_before(const char *text, const char *at, bool *is_first)
{
	const char *line = at;
	unsigned tabs = 0;

	while (line > text && line[-1] != '\n')
		line--;
	while (line[tabs] == '\t')
		tabs++;
	*is_first = line + tabs == at;
	return tabs;
}

/* May several statements stand here? Else it is the body of another statement. */
static bool is_in_block(const struct c_token *previous)
{
	return c_is(previous, '{') || c_is(previous, '}') || c_is(previous, ';');
}

static void fold(struct folder *f, const char *text, const char *from, const char *end);

/* Nothing is left of the statement from @start to @end: its lines go too, and the comment above. */
static void drop_statement(struct folder *f, const char *text, const char *start, const char *end)
{
	const char *from = f->comment && f->comment > f->written ? f->comment : start;

	if (c_is_name(&f->previous, "else") && f->previous.start >= f->written) {
		from = f->previous.start;
		while (from > f->written && strchr(" \t\n", from[-1]))
			from--;
		write_up_to(f, from, 0);
		leave_out(f, end);
		return;
	}
	if (!is_in_block(&f->previous)) {
		write_up_to(f, start, 0);
		buffer_string(f->out, ";");
		leave_out(f, end);
		return;
	}
	while (from > f->written && from > text && strchr(" \t", from[-1]))
		from--;
	write_up_to(f, from, 0);
	end += strspn(end, " \t");
	leave_out(f, end + (*end == '\n'));
}

/* The statement from @start to @end comes down to the one of @kept. */
static void keep_statement(struct folder *f, const char *text, const char *start,
			   struct c_range kept, const char *end)
{
	bool is_first;
	unsigned outer = tabs_before(text, start, &is_first), inner;

	if (*kept.start == '{' && is_in_block(&f->previous) && !c_block_declares(kept)) {
		kept.start++;
		kept.end--;
		kept.start += strspn(kept.start, " \t\n");
		while (kept.end > kept.start && strchr(" \t\n", kept.end[-1]))
			kept.end--;
	}
	if (kept.start >= kept.end) {
		drop_statement(f, text, start, end);
		return;
	}
	inner = tabs_before(text, kept.start, &is_first);
	write_up_to(f, start, 0);
	leave_out(f, kept.start);
	if (f->depth < DEPTH_MAX) {
		struct buffer whole = *f->out;

		*f->out = (struct buffer){ .err = whole.err };
		f->depth++;
		fold(f, text, kept.start, kept.end);
		f->depth--;
		write_up_to(f, kept.end, 0);
		write_dedented(&whole, f->out->data ?: "",
			       f->out->data ? f->out->data + f->out->len : "",
			       is_first && !f->places && inner > outer ? inner - outer : 0);
		whole.err = whole.err ?: f->out->err;
		buffer_free(f->out);
		*f->out = whole;
	}
	leave_out(f, end);
}

/* @start: an `if`. Return: where to go on. */
static const char *fold_if(struct folder *f, const char *text, const char *start, const char *limit)
{
	struct c_if parts;
	struct condition condition;

	if (!c_read_if(start, limit, &parts))
		return start + 2;
	read_condition(f, parts.condition.start, parts.condition.end, &condition);
	if (!condition.value.known) {
		if (condition.nsides > 1 && condition.nopen && condition.nopen < condition.nsides) {
			write_up_to(f, parts.condition.start, 0);
			write_condition(f, &condition, parts.condition.end);
		}
		return parts.condition.end;
	}
	if (!c_read_branches(limit, &parts)) {
		f->is_broken = true;
		return parts.condition.end;
	}
	if (condition.value.number)
		keep_statement(f, text, start, parts.yes, parts.end);
	else if (parts.no.start)
		keep_statement(f, text, start, parts.no, parts.end);
	else
		drop_statement(f, text, start, parts.end);
	return parts.end;
}

/* A comment is above the next token when there is one line end between, and nothing before it. */
static void take_comment(struct folder *f, const char *text, const struct c_token *token)
{
	bool is_first;

	tabs_before(text, token->start, &is_first);
	if (!f->comment)
		f->comment = is_first ? token->start : NULL;
}

static void fold(struct folder *f, const char *text, const char *from, const char *end)
{
	bool is_line_start = from == text;
	unsigned newlines = 0;
	struct c_token token;
	const char *at = c_next(from, &token);

	for (; token.start < end && token.kind != C_END; at = c_next(at, &token)) {
		if (token.kind == C_NEWLINE) {
			is_line_start = true;
			if (++newlines > 1)
				f->comment = NULL;
			continue;
		}
		newlines = 0;
		if (token.kind == C_COMMENT) {
			take_comment(f, text, &token);
			continue;
		}
		if (is_line_start && c_is(&token, '#')) {
			at = c_line_end(token.start);
			f->comment = NULL;
			newlines = 1;
			continue;
		}
		is_line_start = false;
		if (c_is_name(&token, "if"))
			at = fold_if(f, text, token.start, end);
		f->comment = NULL;
		f->previous = token;
		if (at > token.start + token.len)
			f->previous = (struct c_token){ C_PUNCTUATION, at - 1, 1 };
	}
}

int resolve_branches(struct buffer *out, const struct macros *macros, const char *text, bool places,
		     struct error *err)
{
	struct folder f = { .out = out, .macros = macros, .written = text, .places = places };

	fold(&f, text, text, text + strlen(text));
	write_up_to(&f, text + strlen(text), 0);
	buffer_char(out, '\0');
	if (out->err)
		return error_nomem(err);
	return f.is_broken;
}
