/* SPDX-License-Identifier: MIT */
/* Parts of a program's text, and prose in lines, for --explain. */
#ifndef EXPLAIN_TEXT_H
#define EXPLAIN_TEXT_H

#include <stddef.h>
#include <stdio.h>

/**
 * struct text_part - a definition in a program's text, and the comment that stands right above it
 * @comment, @comment_len: with its marks; NULL: there is none
 * @code, @code_len:       from the first to the last line of the definition
 *
 * All point into the text.
 */
struct text_part {
	const char *comment, *code;
	size_t comment_len, code_len;
};

/**
 * text_find_function() - find a function's definition; it ends with the first line that is "}"
 *
 * Return: whether it is there.
 */
int text_find_function(const char *text, const char *name, struct text_part *part);

/**
 * text_find_map() - find the line that declares a map
 *
 * Return: whether it is there.
 */
int text_find_map(const char *text, const char *name, struct text_part *part);

/**
 * text_each_function() - call @each for every function whose name ends with @suffix, in their order
 */
void text_each_function(const char *text, const char *suffix,
			void (*each)(const struct text_part *part, void *context), void *context);

/**
 * text_print_prose() - print words in lines of at most 80 columns
 * @indent: columns in front of each line
 * @text:   @len bytes; the marks of a comment, and line breaks, are left out
 */
void text_print_prose(FILE *out, unsigned indent, const char *text, size_t len);

/** text_print_code() - print lines, each behind @indent spaces */
void text_print_code(FILE *out, unsigned indent, const char *code, size_t len);

#endif
