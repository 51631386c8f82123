/* SPDX-License-Identifier: MIT */
/* Parts of a program's text, and prose. See explain_text.h. */
#define _GNU_SOURCE
#include "explain_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum {
	PROSE_COLUMNS = 80,
};

/* The line before @line, or NULL. */
static const char *line_before(const char *text, const char *line)
{
	if (line == text)
		return NULL;
	for (line--; line > text && line[-1] != '\n'; line--)
		;
	return line;
}

static bool begins_comment(const char *line)
{
	return strncmp(line, "/*", 2) == 0;
}

static bool ends_comment(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return end - line >= 2 && strncmp(end - 2, "*/", 2) == 0;
}

static void find_comment(const char *text, struct text_part *part)
{
	const char *line = line_before(text, part->code);

	part->comment = NULL;
	part->comment_len = 0;
	if (!line || !ends_comment(line))
		return;
	while (line && !begins_comment(line))
		line = line_before(text, line);
	part->comment = line;
	part->comment_len = line ? (size_t)(part->code - line) : 0;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where a definition's line has the function's name, with its end at @endp; NULL: it has none. */
static const char *function_name(const char *line, const char **endp)
{
	const char *bracket = line + strcspn(line, "(\n"), *name = bracket;

	if (*bracket != '(' || !isalpha((unsigned char)*line))
		return NULL;
	while (name > line && is_name(name[-1]))
		name--;
	*endp = bracket;
	return name > line && name < bracket ? name : NULL;
}

/* A definition goes on to a line that is "}"; a declaration has none before the next blank line. */
static size_t definition_len(const char *line)
{
	const char *end = strstr(line, "\n}\n"), *blank = strstr(line, "\n{\n");

	if (!end || !blank || blank > end)
		return 0;
	return (size_t)(end + strlen("\n}\n") - line);
}

static const char *next_line(const char *line)
{
	line = strchrnul(line, '\n');
	return *line ? line + 1 : line;
}

/* The next definition from @line on of a function with this name, or with this end of a name. */
static const char *find_function(const char *text, const char *line, const char *name, bool is_end,
				 struct text_part *part)
{
	const size_t len = strlen(name);

	for (; *line; line = next_line(line)) {
		const char *end, *at = function_name(line, &end);
		bool same = at && (size_t)(end - at) >= len && strncmp(end - len, name, len) == 0;

		if (!same || (!is_end && (size_t)(end - at) != len))
			continue;
		part->code = line;
		part->code_len = definition_len(line);
		if (!part->code_len)
			continue;
		find_comment(text, part);
		return line + part->code_len;
	}
	return NULL;
}

int text_find_function(const char *text, const char *name, struct text_part *part)
{
	return find_function(text, text, name, false, part) != NULL;
}

void text_each_function(const char *text, const char *suffix,
			void (*each)(const struct text_part *part, void *context), void *context)
{
	struct text_part part;
	const char *line = text;

	while ((line = find_function(text, line, suffix, true, &part)))
		each(&part, context);
}

/* Is this one of the macros' arguments? "BPF_HASH(counts, u32, u64);" */
static bool has_argument(const char *line, const char *name)
{
	const size_t len = strlen(name);

	line += strcspn(line, "(\n");
	while (*line == '(' || *line == ',') {
		line += 1 + strspn(line + 1, " \"");
		if (strncmp(line, name, len) == 0 && !is_name(line[len]))
			return true;
		line += strcspn(line, ",\n");
	}
	return false;
}

int text_find_map(const char *text, const char *name, struct text_part *part)
{
	for (const char *line = text; *line; line = next_line(line)) {
		if (strncmp(line, "BPF_", strlen("BPF_")) != 0 || !has_argument(line, name))
			continue;
		part->code = line;
		part->code_len = (size_t)(next_line(line) - line);
		find_comment(text, part);
		return 1;
	}
	return 0;
}

/* The next word of a comment, without the marks. Return: its length; 0: there is no more. */
static size_t next_word(const char **textp, const char *end)
{
	const char *word = *textp;
	size_t len;

	for (;;) {
		while (word < end && isspace((unsigned char)*word))
			word++;
		for (len = 0; word + len < end && !isspace((unsigned char)word[len]); len++)
			;
		if (len && (strncmp(word, "/*", len) == 0 || strncmp(word, "*/", len) == 0 ||
			    (len == 1 && *word == '*')))
			word += len;
		else
			break;
	}
	*textp = word;
	return len;
}

void text_print_prose(FILE *out, unsigned indent, const char *text, size_t len)
{
	const char *end = text + len;
	unsigned column = 0;
	size_t word;

	for (; (word = next_word(&text, end)); text += word) {
		if (column && column + 1 + word > PROSE_COLUMNS) {
			fputc('\n', out);
			column = 0;
		}
		if (column)
			fputc(' ', out);
		else
			fprintf(out, "%*s", (int)indent, "");
		column += (column ? 1 : indent) + (unsigned)word;
		fwrite(text, 1, word, out);
	}
	if (column)
		fputc('\n', out);
}

void text_print_code(FILE *out, unsigned indent, const char *code, size_t len)
{
	const char *end = code + len;

	while (code < end) {
		const char *next = next_line(code);

		if (*code != '\n')
			fprintf(out, "%*s", (int)indent, "");
		fwrite(code, 1, (size_t)(next - code), out);
		code = next;
	}
}
