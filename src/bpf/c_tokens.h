/* SPDX-License-Identifier: MIT */
/*
 * C text as tokens, and its identifiers as small numbers. For program_resolve.c, which reads no
 * more of C than it takes to find where a declaration ends and which identifiers are in it.
 */
#ifndef C_TOKENS_H
#define C_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "buffer.h"
#include "hash.h"

enum c_kind {
	C_END,
	C_NEWLINE,
	C_COMMENT, /* with its delimiters; a // comment ends before the newline */
	C_NAME,    /* identifier or keyword */
	C_NUMBER,
	C_STRING,      /* also a character constant */
	C_PUNCTUATION, /* one character */
	C_BROKEN,      /* a comment or a string without an end */
};

/** struct c_token - @start: borrowed from the text */
struct c_token {
	enum c_kind kind;
	const char *start;
	size_t len;
};

/**
 * c_next() - the token at @at, which is in a NUL-terminated text
 * Skips spaces and lines joined by a backslash, not newlines.
 * Return: where the next one begins.
 */
const char *c_next(const char *at, struct c_token *token);

/** c_is() - is it this punctuation character? */
static inline bool c_is(const struct c_token *token, char character)
{
	return token->kind == C_PUNCTUATION && *token->start == character;
}

/** c_is_name() - is it this identifier or keyword? */
static inline bool c_is_name(const struct c_token *token, const char *name)
{
	return token->kind == C_NAME && strlen(name) == token->len &&
	       memcmp(token->start, name, token->len) == 0;
}

enum {
	C_BRACKETS_MAX = 256,
};

/** struct c_brackets - those that are open; all zero: none */
struct c_brackets {
	unsigned depth;
	char closing[C_BRACKETS_MAX];
};

/** c_brackets_take() - open or close what the token opens or closes. Return: false: another one is
 * open, none is, or there are too many. */
bool c_brackets_take(struct c_brackets *brackets, const struct c_token *token);

/** c_line_end() - behind the newline that ends the line at @at, which goes on over joined lines and
 * over comments of several lines. */
const char *c_line_end(const char *at);

struct c_name {
	const char *start;
	size_t len;
	uint64_t hash;
};

/** struct c_names - identifiers by number, in the order they came; all zero is an empty one */
struct c_names {
	struct c_name *names;
	struct hash_index index;
};

/** c_names_add() - number of an identifier, which stays borrowed. Return: -ENOMEM too. */
int c_names_add(struct c_names *names, const char *start, size_t len);

/** c_names_find() - Return: its number, -1: it has not been added. */
int c_names_find(const struct c_names *names, const char *start, size_t len);

void c_names_free(struct c_names *names);

/** c_add_line() - add a #line directive to a text. @path: with its quotes */
void c_add_line(struct buffer *text, unsigned line, const char *path, size_t path_len);

/** c_grow() - room for one more in an array. @array: address of the pointer. Return: 0, -ENOMEM. */
int c_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
