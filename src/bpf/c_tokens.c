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

static unsigned hash_of(const char *start, size_t len)
{
	uint64_t hash = len;

	for (; len >= 4; start += 4, len -= 4) {
		uint32_t word;

		memcpy(&word, start, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
	}
	for (; len; len--)
		hash = (hash ^ (unsigned char)*start++) * 0x9e3779b97f4a7c15ull;
	return (unsigned)(hash ^ hash >> 32);
}

/* The slot of a name, or the empty one where it belongs: the slots hold numbers plus one. */
static unsigned *slot_of(const struct c_names *names, const char *start, size_t len, unsigned hash)
{
	size_t mask = 2 * names->capacity - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		unsigned number = names->slots[i];
		const struct c_name *name = number ? &names->names[number - 1] : NULL;

		if (!name || (name->hash == hash && name->len == len &&
			      memcmp(name->start, start, len) == 0))
			return &names->slots[i];
	}
}

/* There are twice as many slots as room for names. */
static int names_grow(struct c_names *names)
{
	size_t capacity = names->capacity;
	unsigned *slots;

	if (c_grow(&names->names, names->count, &capacity, sizeof(*names->names)) < 0)
		return -ENOMEM;
	slots = calloc(2 * capacity, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(names->slots);
	names->slots = slots;
	names->capacity = capacity;
	for (size_t i = 0; i < names->count; i++) {
		const struct c_name *name = &names->names[i];

		*slot_of(names, name->start, name->len, name->hash) = (unsigned)i + 1;
	}
	return 0;
}

int c_names_add(struct c_names *names, const char *start, size_t len)
{
	unsigned hash = hash_of(start, len), *slot;

	if (names->count == names->capacity && names_grow(names) < 0)
		return -ENOMEM;
	slot = slot_of(names, start, len, hash);
	if (!*slot) {
		names->names[names->count] = (struct c_name){ start, (unsigned)len, hash };
		*slot = (unsigned)++names->count;
	}
	return (int)*slot - 1;
}

int c_names_find(const struct c_names *names, const char *start, size_t len)
{
	if (!names->count)
		return -1;
	return (int)*slot_of(names, start, len, hash_of(start, len)) - 1;
}

void c_names_free(struct c_names *names)
{
	free(names->names);
	free(names->slots);
	*names = (struct c_names){ .count = 0 };
}

void c_text_add(struct c_text *text, const char *bytes, size_t len)
{
	size_t capacity = text->capacity ?: 4096;
	char *grown;

	if (text->failed)
		return;
	while (capacity - text->len <= len)
		capacity *= 2;
	if (capacity != text->capacity) {
		grown = realloc(text->bytes, capacity);
		text->failed = !grown;
		if (!grown)
			return;
		text->bytes = grown;
		text->capacity = capacity;
	}
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	text->bytes[text->len] = '\0';
}

void c_text_free(struct c_text *text)
{
	free(text->bytes);
	*text = (struct c_text){ .len = 0 };
}

void c_text_number(struct c_text *text, unsigned number)
{
	char digits[16], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + number % 10);
	while (number /= 10);
	c_text_add(text, first, (size_t)(digits + sizeof(digits) - first));
}

void c_text_line(struct c_text *text, unsigned line, const char *path, size_t path_len)
{
	c_text_add(text, "#line ", 6);
	c_text_number(text, line);
	c_text_add(text, " ", 1);
	c_text_add(text, path, path_len);
	c_text_add(text, "\n", 1);
}
