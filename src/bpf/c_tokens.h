/* SPDX-License-Identifier: MIT */
/*
 * C text as one list of tokens. program_resolve.c and its passes share the list: a pass marks the
 * tokens that it leaves out.
 */
#ifndef C_TOKENS_H
#define C_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "hash.h"

enum c_kind {
	C_END,
	C_COMMENT, /* a // comment ends before the newline */
	C_NAME,    /* identifier or keyword */
	C_NUMBER,
	C_STRING,      /* also a character constant */
	C_PUNCTUATION, /* one character; two of && || == != <= >= ## */
	C_DIRECTIVE,   /* a # that begins a directive */
	C_BROKEN,      /* a comment or a string without an end */
};

/**
 * struct c_token
 * @start:        borrowed from the text
 * @pair:         of a bracket: the token of the other one. Of C_DIRECTIVE: the directive's last
 *                token. Of the other tokens of a directive: its C_DIRECTIVE
 * @name:         number of a name; -1: it is none
 * @dedent:       tabs to leave out at the beginning of its line
 * @in_directive: also true for C_DIRECTIVE
 * @is_gone:      left out
 * @is_joined:    what stands between the token before and this one is left out, too
 * @is_declared:  here the text declares the name
 * @is_head:      a comment that says what a file is for; @is_cut: its first paragraph is enough
 */
struct c_token {
	const char *start;
	uint32_t len, pair;
	int name;
	enum c_kind kind : 8;
	unsigned dedent : 16;
	bool in_directive, is_gone, is_joined, is_declared, is_head, is_cut;
};

struct c_name {
	const char *start;
	size_t len;
	uint64_t hash;
};

/** struct c_text - @tokens: @count of them, C_END is the last; @names: @index.count of them */
struct c_text {
	const char *start;
	struct c_token *tokens;
	size_t count, capacity;
	struct c_name *names;
	struct hash_index index;
};

/** c_read() - fill in @text, which is all zero before and borrows from @from. Return: 0, -ENOMEM;
 * c_free() is due in any case. */
int c_read(struct c_text *text, const char *from);
void c_free(struct c_text *text);

/** c_name() - number of a name. Return: -1: the text does not have it. */
int c_name(const struct c_text *text, const char *start, size_t len);

/** c_pair() - find out which brackets belong together, of those that are not left out. Return:
 * false: they do not match, or a comment or string has no end. */
bool c_pair(struct c_text *text);

/** c_drop() - leave out the tokens from @first to @last, both included. */
void c_drop(struct c_text *text, size_t first, size_t last);

/** c_solid() - the first token from @at on that is not left out, no comment and in no directive. */
size_t c_solid(const struct c_text *text, size_t at);

/** c_newlines() - how many stand between a token and the one before. */
unsigned c_newlines(const struct c_text *text, size_t at);

/** c_gap() - how many newlines there will be between @from and @to, which is behind it: the most of
 * those before @to and before what is left out. Files are separated by two. */
unsigned c_gap(const struct c_text *text, size_t from, size_t to);

/** c_is() - is it this punctuation? */
static inline bool c_is(const struct c_token *token, const char *characters)
{
	return token->kind == C_PUNCTUATION && strlen(characters) == token->len &&
	       memcmp(token->start, characters, token->len) == 0;
}

/** c_is_name() - is it this identifier or keyword? */
static inline bool c_is_name(const struct c_token *token, const char *name)
{
	return token->kind == C_NAME && strlen(name) == token->len &&
	       memcmp(token->start, name, token->len) == 0;
}

/** c_is_directive() - does a directive with this word begin here? */
static inline bool c_is_directive(const struct c_token *token, const char *word)
{
	return token->kind == C_DIRECTIVE && c_is_name(&token[1], word);
}

static inline bool c_opens(const struct c_token *token)
{
	return token->kind == C_PUNCTUATION && strchr("([{", *token->start);
}

static inline bool c_closes(const struct c_token *token)
{
	return token->kind == C_PUNCTUATION && strchr(")]}", *token->start);
}

#endif
