/* SPDX-License-Identifier: MIT */
/*
 * The text of the tokens that are left, with the spaces that were between them. Where tokens were
 * left out, the most newlines beside them stay. See program_resolve.h.
 */
#define _GNU_SOURCE
#include "program_resolve_passes.h"

/*
 * @place:      of the token that is written next
 * @written:    the place that clang sees there
 * @head_lines: newlines in the head of a file that has just been written, plus one; 0: none has
 */
struct writer {
	struct buffer *out;
	const struct c_text *text;
	struct place place, written;
	bool places;
	unsigned head_lines;
};

static unsigned count_newlines(const char *from, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += from[i] == '\n';
	return n;
}

/* @tabs: how many to take from the beginning of each line behind the first */
static void write_dedented(struct writer *w, const char *from, size_t len, unsigned tabs)
{
	const char *end = from + len;

	w->written.line += count_newlines(from, len);
	while (from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));
		const char *next = newline ? newline + 1 : end;

		buffer_add(w->out, from, (size_t)(next - from));
		for (unsigned i = 0; i < tabs && newline && next < end && *next == '\t'; i++)
			next++;
		from = next;
	}
}

/* The spaces and tabs that a token's line begins with. */
static void write_indent(struct writer *w, const struct c_token *token)
{
	const char *line = token->start, *end;

	while (line > w->text->start && line[-1] != '\n')
		line--;
	end = line + strspn(line, " \t");
	for (unsigned i = 0; i < token->dedent && !w->places && *line == '\t'; i++)
		line++;
	buffer_add(w->out, line, (size_t)(end - line));
}

/* Clang is told where it is, when that is not what it thinks. */
static void write_place(struct writer *w)
{
	const struct place *p = &w->place;

	if (!w->places || !p->path || (p->path == w->written.path && p->line == w->written.line))
		return;
	buffer_string(w->out, "#line ");
	buffer_number(w->out, p->line);
	buffer_char(w->out, ' ');
	buffer_add(w->out, p->path->start, p->path->len);
	buffer_char(w->out, '\n');
	w->written = *p;
}

/* What separates a token from the one before, of which there is at least one. */
static void write_gap(struct writer *w, size_t before, size_t at)
{
	const struct c_token *last = &w->text->tokens[before], *token = &w->text->tokens[at];
	unsigned n = c_gap(w->text, before, at);

	/* A head of one line is directly above what it is for, unless that has its own comment. */
	if (w->head_lines && !token->is_head)
		n = w->head_lines > 1 || token->kind == C_COMMENT || w->places ? 2 : 1;
	w->head_lines = 0;
	if (!n) {
		while (token->is_joined && at > before + 1)
			token = &w->text->tokens[--at];
		last = token - 1;
		buffer_add(w->out, last->start + last->len,
			   (size_t)(token->start - last->start) - last->len);
		return;
	}
	/* Of empty lines one is enough, and none at the edge of a block. */
	buffer_string(w->out, n > 1 && !c_is(last, "{") && !c_is(token, "}") ? "\n\n" : "\n");
	w->written.line += n > 1 && !c_is(last, "{") && !c_is(token, "}") ? 2 : 1;
	write_place(w);
	write_indent(w, token);
}

/*
 * Of a header's head, the first paragraph says what the header is for. What follows is for those
 * who change it, and tells of options that this run does not have. The program's own head stays
 * whole.
 */
static void write_head(struct writer *w, const struct c_token *token)
{
	const char *gap = memmem(token->start, token->len, "\n *\n", 4);
	size_t before = w->out->len, len = gap ? (size_t)(gap - token->start) : 0;

	if (!gap || w->places || !token->is_cut || strncmp(token->start, "/*\n * ", 6) != 0) {
		write_dedented(w, token->start, token->len, 0);
	} else if (count_newlines(token->start, len) == 1) {
		buffer_string(w->out, "/*");
		buffer_add(w->out, token->start + 5, len - 5);
		buffer_string(w->out, " */");
	} else {
		buffer_add(w->out, token->start, len);
		buffer_string(w->out, "\n */");
	}
	w->head_lines = 1;
	if (!w->out->err)
		w->head_lines += count_newlines(w->out->data + before, w->out->len - before);
}

/* Return: its last token */
static size_t write_token(struct writer *w, size_t at)
{
	const struct c_token *token = &w->text->tokens[at], *last = token;

	if (token->kind == C_DIRECTIVE) {
		last = &w->text->tokens[token->pair];
		write_dedented(w, token->start, (size_t)(last->start - token->start) + last->len,
			       0);
		return token->pair;
	}
	if (token->is_head)
		write_head(w, token);
	else
		write_dedented(w, token->start, token->len, w->places ? 0 : token->dedent);
	return at;
}

void resolve_write(struct buffer *out, const struct c_text *text, bool places)
{
	struct writer w = { .out = out,
			    .text = text,
			    .places = places,
			    .place = { NULL, 1 },
			    .written = { NULL, 1 } };
	size_t before = SIZE_MAX;

	for (size_t i = 0, written = 0; i + 1 < text->count; i++) {
		if (places)
			place_step(&w.place, text, i);
		if (text->tokens[i].is_gone || i < written)
			continue;
		if (before == SIZE_MAX)
			write_place(&w);
		else
			write_gap(&w, before, i);
		before = write_token(&w, i);
		written = before + 1;
	}
	if (out->len)
		buffer_char(out, '\n');
	buffer_char(out, '\0');
}
