/* SPDX-License-Identifier: MIT */
/*
 * Conditionals of the preprocessor, resolved. See program_resolve.h.
 *
 * A name that the text does not define is not defined, unless the compiler or its headers may have
 * done so: then it is not known, and the conditional stays.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "program_resolve_passes.h"

enum {
	NESTED_MAX = 64,
};

#define NO_COMMENT SIZE_MAX

/*
 * An #if that has not ended
 * @was_active: the text around it is compiled
 * @is_kept:    an #if of it has been written
 * @is_decided: what follows of it is not compiled, or has been written behind #else
 * @comment, @from: where in the output the comment above begins, and what is below
 */
struct conditional {
	bool was_active, is_kept, is_decided, had_else;
	size_t comment, from;
};

/*
 * @path, @line:  where we are, as the last #line has it; the path with its quotes
 * @is_gap:       lines have been left out since the last that was written
 * @is_file_head: only comments since the file began
 * @comment:      where the comment begins that the output ends with
 */
struct state {
	struct buffer *out;
	struct macros *macros;
	bool places, is_active, is_gap, is_file_head;
	unsigned nested, kept, line;
	const char *path;
	size_t path_len, comment;
	struct conditional conditionals[NESTED_MAX];
};

/* A directive: the word behind its `#`, and what follows that. */
struct directive {
	struct c_token word;
	const char *line, *rest, *end;
};

static bool has_prefix(const struct c_token *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return name->len >= len && memcmp(name->start, prefix, len) == 0;
}

/* Names of the compiler, of libbcc and of the kernel's headers. libbcc compiles for the machine it
 * runs on, which is the one this file is compiled for. */
static struct c_macro outside(const struct c_token *name)
{
	static const char *const prefixes[] = { "__", "BPF_", "CONFIG_", "KERNEL_", "LINUX_" };
	static const char one[] = "1";
	struct c_macro here = { MACRO_DEFINED, one, one + 1 };
	struct c_macro nowhere = { MACRO_NONE, NULL, NULL };

#ifdef __x86_64__
	const bool is_x86 = true, is_arm = false;
#elif defined(__aarch64__)
	const bool is_x86 = false, is_arm = true;
#else
	const bool is_x86 = false, is_arm = false;
#endif
	if (c_is_name(name, "__x86_64__"))
		return is_x86 ? here : nowhere;
	if (c_is_name(name, "__aarch64__"))
		return is_arm ? here : nowhere;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (has_prefix(name, prefixes[i]))
			return (struct c_macro){ MACRO_UNKNOWN, NULL, NULL };
	return nowhere;
}

struct c_macro macros_find(const struct macros *macros, const struct c_token *name)
{
	int number = c_names_find(&macros->names, name->start, name->len);

	return number < 0 ? outside(name) : macros->macros[number];
}

static struct c_macro find(const void *context, const struct c_token *name)
{
	return macros_find(context, name);
}

void macros_free(struct macros *macros)
{
	c_names_free(&macros->names);
	free(macros->macros);
	free(macros->once);
	*macros = (struct macros){ .capacity = 0 };
}

static int set_macro(struct macros *macros, const struct c_token *name, struct c_macro macro)
{
	size_t before = macros->names.index.count;
	int number = c_names_add(&macros->names, name->start, name->len);

	if (number < 0 ||
	    c_grow(&macros->macros, before, &macros->capacity, sizeof(*macros->macros)) < 0 ||
	    c_grow(&macros->once, before, &macros->once_capacity, sizeof(*macros->once)) < 0)
		return -ENOMEM;
	macros->once[number] = (size_t)number == before;
	macros->macros[number] = macro;
	return 0;
}

static int define(struct state *s, const struct directive *d)
{
	struct c_macro macro = { s->kept ? MACRO_UNKNOWN : MACRO_DEFINED, NULL, d->end };
	struct c_token name;
	const char *value = c_next(d->rest, &name);

	if (name.kind != C_NAME)
		return 0;
	if (c_is_name(&d->word, "undef"))
		macro.state = s->kept ? MACRO_UNKNOWN : MACRO_NONE;
	else if (*value != '(')
		macro.value = value;
	return set_macro(s->macros, &name, macro);
}

static struct c_value condition(const struct state *s, const struct directive *d)
{
	struct c_scope scope = { find, s->macros, true };
	bool is_ifndef = c_is_name(&d->word, "ifndef");
	struct c_macro macro;
	struct c_token name;

	if (!is_ifndef && !c_is_name(&d->word, "ifdef"))
		return c_constant(&scope, d->rest, d->end);
	c_next(d->rest, &name);
	if (name.kind != C_NAME)
		return (struct c_value){ false, 0 };
	macro = macros_find(s->macros, &name);
	return (struct c_value){ macro.state != MACRO_UNKNOWN,
				 (macro.state == MACRO_DEFINED) != is_ifndef };
}

static void write_lines(struct state *s, const char *from, const char *end)
{
	if (s->places && s->is_gap && s->path)
		c_add_line(s->out, s->line, s->path, s->path_len);
	s->is_gap = false;
	buffer_add(s->out, from, (size_t)(end - from));
}

static int fail(const struct state *s, struct error *err, const char *what)
{
	if (!s->path)
		return error_set(err, -EINVAL, "line %u: %s", s->line, what);
	return error_set(err, -EINVAL, "%.*s:%u: %s", (int)s->path_len - 2, s->path + 1, s->line,
			 what);
}

/* A branch begins whose condition is @v; the line it begins with is written when that is not known.
 */
static void begin_branch(struct state *s, struct conditional *c, const struct directive *d,
			 struct c_value v)
{
	bool is_first = !c->is_kept;

	s->is_gap = true;
	s->is_active = c->was_active && !c->is_decided && (!v.known || v.number);
	if (!s->is_active)
		return;
	c->is_decided = v.known;
	if (v.known && !is_first) {
		write_lines(s, "#else\n", strchr("#else\n", '\0'));
	} else if (!v.known && is_first) {
		s->kept++;
		c->is_kept = true;
		if (!c_is_name(&d->word, "elif")) {
			write_lines(s, d->line, d->end);
			return;
		}
		write_lines(s, "#if", strchr("#if", '\0'));
		buffer_add(s->out, d->rest, (size_t)(d->end - d->rest));
	} else if (!v.known) {
		write_lines(s, d->line, d->end);
	}
}

static int begin_conditional(struct state *s, const struct directive *d, struct error *err)
{
	struct conditional *c = &s->conditionals[s->nested];

	if (s->nested == NESTED_MAX)
		return fail(s, err, "too many conditionals within each other");
	*c = (struct conditional){ .was_active = s->is_active,
				   .comment = s->comment,
				   .from = s->out->len };
	s->nested++;
	if (s->is_active)
		begin_branch(s, c, d, condition(s, d));
	return 0;
}

static int go_on(struct state *s, const struct directive *d, struct error *err)
{
	const struct c_value always = { true, 1 }, never = { true, 0 };
	struct conditional *c = s->nested ? &s->conditionals[s->nested - 1] : NULL;
	bool is_else = c_is_name(&d->word, "else");

	if (!c || c->had_else)
		return fail(s, err, "an #else or #elif without its #if");
	c->had_else = is_else;
	if (is_else)
		begin_branch(s, c, d, always);
	else
		begin_branch(s, c, d, c->is_decided || !c->was_active ? never : condition(s, d));
	return 0;
}

static bool is_blank(const char *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr(" \t\n", from[i]))
			return false;
	return true;
}

static int end_conditional(struct state *s, const struct directive *d, struct error *err)
{
	struct conditional *c = s->nested ? &s->conditionals[--s->nested] : NULL;

	if (!c)
		return fail(s, err, "an #endif without its #if");
	s->is_gap = true;
	s->is_active = c->was_active;
	if (c->is_kept) {
		s->kept--;
		write_lines(s, d->line, d->end);
	} else if (c->was_active && c->comment != NO_COMMENT &&
		   is_blank(s->out->data + c->from, s->out->len - c->from)) {
		s->out->len = c->comment;
	}
	return 0;
}

/* `#line NUMBER "FILE"` */
static void take_place(struct state *s, const struct directive *d)
{
	struct c_token number, path;

	write_lines(s, d->line, d->end);
	c_next(c_next(d->rest, &number), &path);
	if (number.kind != C_NUMBER || path.kind != C_STRING)
		return;
	s->line = (unsigned)strtoul(number.start, NULL, 10) - 1;
	s->is_file_head = s->line == 0;
	s->path = path.start;
	s->path_len = path.len;
}

static int take_directive(struct state *s, const struct directive *d, struct error *err)
{
	const struct c_token *word = &d->word;
	int r = 0;

	if (c_is_name(word, "if") || c_is_name(word, "ifdef") || c_is_name(word, "ifndef"))
		r = begin_conditional(s, d, err);
	else if (c_is_name(word, "else") || c_is_name(word, "elif"))
		r = go_on(s, d, err);
	else if (c_is_name(word, "endif"))
		r = end_conditional(s, d, err);
	else if (c_is_name(word, "elifdef") || c_is_name(word, "elifndef"))
		r = fail(s, err, "neither #elifdef nor #elifndef is known here");
	else if (s->is_active && c_is_name(word, "line"))
		take_place(s, d);
	else if (s->is_active)
		write_lines(s, d->line, d->end);
	if (s->is_active && (c_is_name(word, "define") || c_is_name(word, "undef")) &&
	    define(s, d) < 0)
		return error_nomem(err);
	s->comment = NO_COMMENT;
	if (!c_is_name(word, "line"))
		s->is_file_head = false;
	return r;
}

static bool is_directive(const char *at, struct directive *d)
{
	struct c_token token;

	/* Most lines begin with neither, and need no further look. */
	at += strspn(at, " \t");
	if (*at != '#' && !strchr("/\\\r\f\v", *at))
		return false;
	do
		at = c_next(at, &token);
	while (token.kind == C_COMMENT);
	if (!c_is(&token, '#'))
		return false;
	d->rest = c_next(at, &d->word);
	return true;
}

/* Nothing but comments, up to the line's end. */
static bool is_comment_line(const char *at)
{
	struct c_token token;

	at = c_next(at, &token);
	if (token.kind != C_COMMENT)
		return false;
	while (token.kind == C_COMMENT)
		at = c_next(at, &token);
	return token.kind == C_NEWLINE || token.kind == C_END;
}

static void take_line(struct state *s, const char *line, const char *end)
{
	bool is_comment = is_comment_line(line);
	size_t before = s->out->len;

	write_lines(s, line, end);
	s->is_file_head &= is_comment;
	if (!is_comment || s->is_file_head)
		s->comment = NO_COMMENT;
	else if (s->comment == NO_COMMENT)
		s->comment = before;
}

static unsigned count_newlines(const char *from, const char *end)
{
	unsigned n = 0;

	while ((from = memchr(from, '\n', (size_t)(end - from)))) {
		n++;
		from++;
	}
	return n;
}

int resolve_conditions(struct buffer *out, struct macros *macros, const char *text, bool places,
		       struct error *err)
{
	struct state s = {
		.out = out,
		.macros = macros,
		.places = places,
		.is_active = true,
		.line = 1,
		.comment = NO_COMMENT,
	};
	const char *end;
	int r = 0;

	for (const char *line = text; *line && r == 0; line = end) {
		struct directive d = { .line = line };

		end = c_line_end(line);
		d.end = end;
		if (is_directive(line, &d))
			r = take_directive(&s, &d, err);
		else if (s.is_active)
			take_line(&s, line, end);
		s.line += count_newlines(line, end);
	}
	if (r == 0 && s.nested)
		return fail(&s, err, "an #if without its #endif");
	return r;
}
