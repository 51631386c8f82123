/* SPDX-License-Identifier: MIT */
/* C text as one list of tokens. See c_tokens.h. */
#define _GNU_SOURCE
#include "c_tokens.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum {
	BRACKETS_MAX = 256,
};

/* What a character can begin, and whether a name or a number goes on with it. */
enum class { OTHER, SPACE, NAME, DIGIT, DOT, END, QUOTE, SLASH, DOUBLE };

static const unsigned char classes[256] = {
	['\0'] = END,         ['\n'] = SPACE,       [' '] = SPACE,  ['\t'] = SPACE,
	['\r'] = SPACE,       ['\f'] = SPACE,       ['\v'] = SPACE, ['"'] = QUOTE,
	['\''] = QUOTE,       ['/'] = SLASH,        ['.'] = DOT,    ['_'] = NAME,
	['&'] = DOUBLE,       ['|'] = DOUBLE,       ['='] = DOUBLE, ['!'] = DOUBLE,
	['<'] = DOUBLE,       ['>'] = DOUBLE,       ['#'] = DOUBLE, ['0' ... '9'] = DIGIT,
	['a' ... 'z'] = NAME, ['A' ... 'Z'] = NAME,
};

static enum class class_of(char c) { return (enum class)classes[(unsigned char)c]; }

/* @has_newline: set when there is one that no backslash joins */
static const char *skip_spaces(const char *at, bool *has_newline)
{
	for (;; at++) {
		*has_newline |= *at == '\n';
		if (*at == '\\' && at[1] == '\n')
			at++;
		else if (class_of(*at) != SPACE)
			return at;
	}
}

/* @at: its quote. Return: behind the closing one, or NULL when the line ends first. */
static const char *string_end(const char *at)
{
	const char quote = *at++;

	for (; *at && *at != '\n'; at++) {
		if (*at == quote)
			return at + 1;
		if (*at == '\\' && at[1])
			at++;
	}
	return NULL;
}

/* @at: its slash. Return: NULL when there is no end. */
static const char *comment_end(const char *at)
{
	const char *end = at[1] == '/' ? strchrnul(at, '\n') : strstr(at + 2, "*/");

	if (at[1] == '/')
		return end[-1] == '\\' ? NULL : end;
	return end ? end + 2 : NULL;
}

static const char *word_end(const char *at, enum class last)
{
	while (class_of(*at) >= NAME && class_of(*at) <= last)
		at++;
	return at;
}

static bool is_double(const char *at)
{
	if (at[1] == '=')
		return strchr("=!<>", *at);
	return at[0] == at[1] && strchr("&|#", *at);
}

/* Fill in kind and length of the token at its start. */
static void measure(struct c_token *token)
{
	const char *at = token->start, *end = at + 1;

	token->kind = C_PUNCTUATION;
	switch (class_of(*at)) {
	case NAME:
		token->kind = C_NAME;
		end = word_end(at, DIGIT);
		break;
	case DIGIT:
		token->kind = C_NUMBER;
		end = word_end(at, DOT);
		break;
	case END:
		token->kind = C_END;
		end = at;
		break;
	case QUOTE:
		token->kind = C_STRING;
		end = string_end(at);
		break;
	case SLASH:
		if (at[1] != '*' && at[1] != '/')
			break;
		token->kind = C_COMMENT;
		end = comment_end(at);
		break;
	case DOUBLE:
		end += is_double(at);
		break;
	default:
		break;
	}
	if (!end) {
		end = strchrnul(at, token->kind == C_STRING ? '\n' : '\0');
		token->kind = C_BROKEN;
	}
	token->len = (uint32_t)(end - at);
}

static uint64_t hash_of(const void *owner, uint32_t item)
{
	const struct c_text *text = owner;

	return text->names[item].hash;
}

static bool is_name(const void *owner, uint32_t item, const void *key)
{
	const struct c_text *text = owner;
	const struct c_name *a = &text->names[item], *b = key;

	return a->hash == b->hash && a->len == b->len && memcmp(a->start, b->start, a->len) == 0;
}

int c_name(const struct c_text *text, const char *start, size_t len)
{
	const struct c_name name = { start, len, hash_bytes(start, len) };

	/* HASH_NONE is -1. */
	return (int)hash_index_find(&text->index, name.hash, is_name, text, &name);
}

static int add_name(struct c_text *text, struct c_token *token)
{
	token->name = c_name(text, token->start, token->len);
	if (token->name >= 0)
		return 0;
	if (hash_index_reserve(&text->index, &text->names, sizeof(*text->names), hash_of, text) < 0)
		return -ENOMEM;
	token->name = (int)text->index.count;
	text->names[token->name] =
		(struct c_name){ token->start, token->len, hash_bytes(token->start, token->len) };
	hash_index_add(&text->index, text->names[token->name].hash);
	return 0;
}

static struct c_token *new_token(struct c_text *text, const char *start)
{
	size_t more = text->capacity ? 2 * text->capacity : 16384;
	struct c_token *grown = text->tokens;

	if (text->count == text->capacity) {
		grown = reallocarray(text->tokens, more, sizeof(*grown));
		if (!grown)
			return NULL;
		text->capacity = more;
	}
	text->tokens = grown;
	text->tokens[text->count] = (struct c_token){ .start = start, .name = -1 };
	return &text->tokens[text->count++];
}

int c_read(struct c_text *text, const char *from)
{
	size_t directive = SIZE_MAX;
	bool is_line_start = true;
	struct c_token *token;

	text->start = from;
	do {
		const char *start = skip_spaces(from, &is_line_start);

		token = new_token(text, start);
		if (!token)
			return -ENOMEM;
		measure(token);
		from = start + token->len;
		if ((is_line_start || token->kind == C_END) && directive != SIZE_MAX) {
			text->tokens[directive].pair = (uint32_t)text->count - 2;
			directive = SIZE_MAX;
		}
		if (is_line_start && c_is(token, "#")) {
			token->kind = C_DIRECTIVE;
			directive = text->count - 1;
		}
		token->in_directive = directive != SIZE_MAX;
		token->pair = (uint32_t)directive;
		/* In front of a # there may be comments. */
		is_line_start &= token->kind == C_COMMENT;
		if ((token->kind == C_NAME || token->kind == C_STRING) && add_name(text, token) < 0)
			return -ENOMEM;
	} while (token->kind != C_END);
	return 0;
}

void c_free(struct c_text *text)
{
	hash_index_free(&text->index);
	free(text->names);
	free(text->tokens);
}

bool c_pair(struct c_text *text)
{
	size_t open[BRACKETS_MAX], depth = 0;

	for (size_t i = 0; i < text->count; i++) {
		struct c_token *token = &text->tokens[i];

		if (token->is_gone || token->kind == C_COMMENT)
			continue;
		if (token->kind == C_BROKEN || c_is(token, "#") ||
		    (c_opens(token) && depth == BRACKETS_MAX))
			return false;
		if (token->in_directive)
			continue;
		if (c_opens(token))
			open[depth++] = i;
		if (!c_closes(token))
			continue;
		/* In ASCII `]` and `}` are two behind what they close, and `)` is one. */
		if (!depth || (*token->start - *text->tokens[open[depth - 1]].start + 1) / 2 != 1)
			return false;
		token->pair = (uint32_t)open[--depth];
		text->tokens[token->pair].pair = (uint32_t)i;
	}
	return !depth;
}

void c_drop(struct c_text *text, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++) {
		text->tokens[i].is_gone = true;
		text->tokens[i].is_joined |= i > first;
	}
}

size_t c_solid(const struct c_text *text, size_t at)
{
	const struct c_token *token = &text->tokens[at];

	while (token->is_gone || token->in_directive || token->kind == C_COMMENT)
		token++;
	return (size_t)(token - text->tokens);
}

unsigned c_newlines(const struct c_text *text, size_t at)
{
	const struct c_token *token = &text->tokens[at];
	const char *c = at ? token[-1].start + token[-1].len : text->start;
	unsigned n = 0;

	for (; c < token->start; c++)
		n += *c == '\n';
	return n;
}

unsigned c_gap(const struct c_text *text, size_t from, size_t to)
{
	unsigned most = 0;

	for (size_t i = from + 1; i <= to; i++) {
		unsigned n = text->tokens[i].is_joined ? 0 : c_newlines(text, i);

		if (!text->tokens[i].is_joined && c_is_directive(&text->tokens[i], "line"))
			n = 2;
		most = n > most ? n : most;
	}
	return most;
}
