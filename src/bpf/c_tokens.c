/* SPDX-License-Identifier: MIT */
/* C text as tokens, and its identifiers as small numbers. See c_tokens.h. */
#define _GNU_SOURCE
#include "c_tokens.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a character can begin, and whether a name or a number goes on with it. */
enum class { OTHER, SPACE, NAME, DIGIT, DOT, NEWLINE, END, QUOTE, SLASH, BACKSLASH };

static const unsigned char classes[256] = {
	['\0'] = END,   ['\n'] = NEWLINE,      [' '] = SPACE,        ['\t'] = SPACE,
	['\r'] = SPACE, ['\f'] = SPACE,        ['\v'] = SPACE,       ['"'] = QUOTE,
	['\''] = QUOTE, ['/'] = SLASH,         ['\\'] = BACKSLASH,   ['.'] = DOT,
	['_'] = NAME,   ['0' ... '9'] = DIGIT, ['a' ... 'z'] = NAME, ['A' ... 'Z'] = NAME,
};

static enum class class_of(char c) { return (enum class)classes[(unsigned char)c]; }

static const char *skip_spaces(const char *at)
{
	for (;; at++) {
		enum class class = class_of(*at);

		if (class == BACKSLASH && at[1] == '\n')
			at++;
		else if (class != SPACE)
			return at;
	}
}

/* @at: its quote. Return: behind the closing one, or NULL when the line ends first. */
static const char *string_end(const char *at)
{
	const char quote = *at++;

	for (;; at++) {
		if (*at == quote)
			return at + 1;
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '\n' || !*at)
			return NULL;
	}
}

/* @at: its slash. Return: NULL when there is no end. */
static const char *comment_end(const char *at)
{
	const char *end;

	if (at[1] == '/')
		return strchrnul(at, '\n');
	end = strstr(at + 2, "*/");
	return end ? end + 2 : NULL;
}

static bool is_comment(const char *at)
{
	return at[0] == '/' && (at[1] == '*' || at[1] == '/');
}

/* A token that may have no end: then it is all up to @rest. */
static const char *end_or(struct c_token *token, enum c_kind kind, const char *end,
			  const char *rest)
{
	token->kind = end ? kind : C_BROKEN;
	return end ?: rest;
}

const char *c_next(const char *at, struct c_token *token)
{
	const char *end;

	at = skip_spaces(at);
	token->start = at;
	token->kind = C_PUNCTUATION;
	end = at + 1;
	switch (class_of(*at)) {
	case NAME:
		token->kind = C_NAME;
		while (class_of(*end) == NAME || class_of(*end) == DIGIT)
			end++;
		break;
	case DIGIT:
		token->kind = C_NUMBER;
		while (class_of(*end) >= NAME && class_of(*end) <= DOT)
			end++;
		break;
	case NEWLINE:
		token->kind = C_NEWLINE;
		break;
	case END:
		token->kind = C_END;
		end = at;
		break;
	case QUOTE:
		end = string_end(at);
		end = end_or(token, C_STRING, end, end ? NULL : strchrnul(at, '\n'));
		break;
	case SLASH:
		if (is_comment(at)) {
			end = comment_end(at);
			end = end_or(token, C_COMMENT, end, end ? NULL : at + strlen(at));
		}
		break;
	default:
		break;
	}
	token->len = (size_t)(end - at);
	return end;
}

bool c_brackets_take(struct c_brackets *b, const struct c_token *token)
{
	if (token->kind != C_PUNCTUATION)
		return true;
	switch (*token->start) {
	case '(':
	case '[':
	case '{':
		if (b->depth == C_BRACKETS_MAX)
			return false;
		/* In ASCII `]` and `}` are two behind what they close, and `)` is one. */
		b->closing[b->depth++] = (char)(*token->start + (*token->start == '(' ? 1 : 2));
		return true;
	case ')':
	case ']':
	case '}':
		return b->depth && b->closing[--b->depth] == *token->start;
	default:
		return true;
	}
}

const char *c_line_end(const char *at)
{
	const char *end;

	for (;;) {
		while (class_of(*at) < NEWLINE)
			at++;
		if (!*at)
			return at;
		if (*at == '\n')
			return at + 1;
		if (*at == '\\') {
			at += at[1] ? 2 : 1;
		} else if (*at != '/') {
			end = string_end(at);
			at = end ?: strchrnul(at, '\n');
		} else if (is_comment(at)) {
			end = comment_end(at);
			at = end ?: at + strlen(at);
		} else {
			at++;
		}
	}
}

int c_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t more = *capacity ? 2 * *capacity : 256;
	void *grown;

	if (count < *capacity)
		return 0;
	grown = reallocarray(*(void **)array, more, size);
	if (!grown)
		return -ENOMEM;
	*(void **)array = grown;
	*capacity = more;
	return 0;
}

static uint64_t hash_of(const void *owner, uint32_t item)
{
	const struct c_names *names = owner;

	return names->names[item].hash;
}

static bool is_name(const void *owner, uint32_t item, const void *key)
{
	const struct c_names *names = owner;
	const struct c_name *a = &names->names[item], *b = key;

	return a->hash == b->hash && a->len == b->len && memcmp(a->start, b->start, a->len) == 0;
}

int c_names_find(const struct c_names *names, const char *start, size_t len)
{
	const struct c_name name = { start, len, hash_bytes(start, len) };

	/* HASH_NONE is -1. */
	return (int)hash_index_find(&names->index, name.hash, is_name, names, &name);
}

int c_names_add(struct c_names *names, const char *start, size_t len)
{
	const struct c_name name = { start, len, hash_bytes(start, len) };
	uint32_t number = hash_index_find(&names->index, name.hash, is_name, names, &name);

	if (number != HASH_NONE)
		return (int)number;
	if (hash_index_reserve(&names->index, &names->names, sizeof(name), hash_of, names) < 0)
		return -ENOMEM;
	names->names[names->index.count] = name;
	hash_index_add(&names->index, name.hash);
	return (int)names->index.count - 1;
}

void c_names_free(struct c_names *names)
{
	hash_index_free(&names->index);
	free(names->names);
	names->names = NULL;
}

void c_add_line(struct buffer *text, unsigned line, const char *path, size_t path_len)
{
	buffer_string(text, "#line ");
	buffer_number(text, line);
	buffer_char(text, ' ');
	buffer_add(text, path, path_len);
	buffer_char(text, '\n');
}
