/* SPDX-License-Identifier: MIT */
/*
 * What no function that stays refers to is left out. See program_resolve.h.
 *
 * Names are taken as they stand: a member that is called like a macro keeps the macro. So more may
 * stay than is used, never less.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "program_resolve_passes.h"

/*
 * struct item - a function, a declaration or a directive; or comments, which follow each other
 * @first, @last: its tokens, comments behind it in the last line included
 * @file:         number of the file's path, plus one; 0: before the first #line
 * @gap:          newlines between the item before and this one
 * @heads_file:   the first comment of a file
 */
struct item {
	size_t first, last, file;
	unsigned gap;
	bool is_comment, heads_file, is_root, is_include, is_assertion, is_kept;
};

/* @used: by the number of a name */
struct items {
	struct c_text *text;
	struct item *items;
	size_t count, capacity;
	bool *used;
	bool has_functions;
};

/* ---- reading ---- */

/* A declaration while it is read; @enum_depth: within the braces of an enum */
struct declaration {
	unsigned depth, enum_depth;
	bool is_static, is_typedef, is_function, is_call, has_callee, has_value, has_names;
	bool has_variable;
};

static bool is_type_word(const struct c_token *token)
{
	return c_is_name(token, "struct") || c_is_name(token, "union") || c_is_name(token, "enum");
}

static bool ends_declarator(const struct c_token *token)
{
	return c_is(token, "=") || c_is(token, ",") || c_is(token, ";") || c_is(token, "[");
}

/* @last, @next: the tokens beside the name */
static void take_name(struct declaration *d, struct c_token *name, const struct c_token *last,
		      const struct c_token *next)
{
	bool has_type_word = last && is_type_word(last), is_outer = !d->depth && !d->has_callee;

	d->is_static |= !d->depth && c_is_name(name, "static");
	d->is_typedef |= !d->depth && c_is_name(name, "typedef");
	if (has_type_word && c_is(next, "{"))
		name->is_declared = true;
	if (d->enum_depth && d->depth == d->enum_depth && (c_is(last, "{") || c_is(last, ",")))
		name->is_declared = true;
	if (is_outer && !d->has_value && c_is(next, "(") && !c_is_name(name, "__attribute__")) {
		d->has_callee = true;
		d->is_call = !last;
		name->is_declared = !d->is_call && !d->is_typedef;
	}
	if (is_outer && !d->has_value && ends_declarator(next)) {
		name->is_declared = true;
		d->has_variable |= !has_type_word;
	}
	d->has_names |= name->is_declared;
}

/* @last, @before: the tokens in front of it */
static void take_punctuation(struct declaration *d, const struct c_token *token,
			     const struct c_token *last, const struct c_token *before)
{
	if (c_opens(token))
		d->depth++;
	if (c_closes(token) && --d->depth < d->enum_depth)
		d->enum_depth = 0;
	if (c_is(token, "{") && last &&
	    (c_is_name(last, "enum") || (before && c_is_name(before, "enum"))))
		d->enum_depth = d->depth;
	if (c_is(token, "{") && d->depth == 1 && last && c_is(last, ")"))
		d->is_function |= !d->has_value;
	if (!d->depth && (c_is(token, "=") || c_is(token, ",")))
		d->has_value = c_is(token, "=");
}

/* Fill in an item that begins with its first token. Return: false: it has no end. */
static bool read_declaration(struct items *items, struct item *item)
{
	struct c_token *tokens = items->text->tokens, *last = NULL, *before = NULL;
	struct declaration d = { .depth = 0 };
	size_t i, next;

	for (i = item->first; tokens[i].kind != C_END; i = next) {
		next = c_solid(items->text, i + 1);
		if (tokens[i].kind == C_NAME)
			take_name(&d, &tokens[i], last, &tokens[next]);
		else
			take_punctuation(&d, &tokens[i], last, before);
		if (!d.depth && (c_is(&tokens[i], ";") || (d.is_function && c_is(&tokens[i], "}"))))
			break;
		before = last;
		last = &tokens[i];
	}
	item->last = i;
	item->is_assertion = d.is_call && c_is_name(&tokens[item->first], "_Static_assert");
	if (d.has_callee && !d.is_call && !d.is_typedef)
		item->is_root = !d.is_static && !items->has_functions;
	else
		item->is_root = !item->is_assertion &&
				(!d.has_names || (d.has_variable && !d.is_static && !d.is_typedef));
	return tokens[i].kind != C_END;
}

static void read_directive(struct items *items, struct item *item)
{
	struct c_token *hash = &items->text->tokens[item->first];

	item->last = hash->pair;
	item->is_include = c_is_directive(hash, "include");
	item->is_root = !c_is_directive(hash, "define") && !c_is_directive(hash, "undef");
	if (!item->is_root && hash[2].kind == C_NAME && hash[2].in_directive)
		hash[2].is_declared = true;
}

/* One licence is enough: a program is under the one of its first file, which allows the others. */
static bool is_second_licence(const struct items *items, size_t at, bool *had)
{
	const struct c_token *token = &items->text->tokens[at];
	bool is_licence = token->kind == C_COMMENT &&
			  memmem(token->start, token->len, "SPDX-License-Identifier", 23),
	     is_second = is_licence && *had;

	*had |= is_licence;
	return is_second;
}

static struct item *add_item(struct items *items, size_t first, size_t file)
{
	struct item *last = items->count ? &items->items[items->count - 1] : NULL, *grown;
	bool is_comment = items->text->tokens[first].kind == C_COMMENT;
	unsigned gap = c_gap(items->text, last ? last->last : 0, first);
	bool heads_file = is_comment && file && (!last || last->file != file);

	if (last && is_comment && gap < (last->is_comment ? 2 : 1)) {
		last->last = first;
		return last;
	}
	for (size_t i = 0; i < items->count && heads_file; i++)
		heads_file = items->items[i].file != file;
	if (items->count == items->capacity) {
		items->capacity = 2 * items->capacity + 512;
		grown = reallocarray(items->items, items->capacity, sizeof(*grown));
		if (!grown)
			return NULL;
		items->items = grown;
	}
	items->items[items->count] = (struct item){ .first = first,
						    .last = first,
						    .file = file,
						    .gap = gap,
						    .is_comment = is_comment,
						    .heads_file = heads_file };
	return &items->items[items->count++];
}

static int read_items(struct items *items)
{
	struct c_text *text = items->text;
	bool had_licence = false;
	size_t file = 0;

	for (size_t i = 0; text->tokens[i].kind != C_END; i++) {
		const struct c_token *token = &text->tokens[i];
		struct item *item;

		if (token->is_gone && !token->is_joined && c_is_directive(token, "line") &&
		    token->pair >= i + 3)
			file = (size_t)(token[3].name + 1);
		if (!token->is_gone && is_second_licence(items, i, &had_licence))
			c_drop(text, i, i);
		if (token->is_gone)
			continue;
		item = add_item(items, i, file);
		if (!item)
			return -ENOMEM;
		if (token->kind == C_DIRECTIVE)
			read_directive(items, item);
		else if (token->kind != C_COMMENT && !read_declaration(items, item))
			return 1;
		i = item->last;
	}
	return 0;
}

/* ---- which items stay ---- */

static bool declares_used(const struct items *items, const struct item *item)
{
	const struct c_token *tokens = items->text->tokens;

	for (size_t i = item->first; i <= item->last; i++)
		if (tokens[i].is_declared && items->used[tokens[i].name])
			return true;
	return false;
}

static void set_names(const struct items *items, const struct item *item, bool *names)
{
	const struct c_token *tokens = items->text->tokens;

	for (size_t i = item->first; i <= item->last; i++)
		if (tokens[i].kind == C_NAME && !tokens[i].is_gone)
			names[tokens[i].name] = true;
}

/* Backwards, as most is declared before it is used: few rounds are needed. */
static bool keep_more(struct items *items)
{
	bool is_more = false;

	for (size_t n = items->count; n-- > 0;) {
		struct item *item = &items->items[n];

		if (item->is_kept || item->is_comment ||
		    !(item->is_root || declares_used(items, item)))
			continue;
		item->is_kept = is_more = true;
		set_names(items, item, items->used);
	}
	return is_more;
}

/* An assertion stays when all that it refers to does. @missing: by name, all false */
static void keep_assertions(struct items *items, bool *missing)
{
	const struct c_token *tokens = items->text->tokens;

	for (size_t n = 0; n < items->count; n++)
		for (size_t i = items->items[n].first; i <= items->items[n].last; i++)
			if (tokens[i].is_declared && !items->items[n].is_kept)
				missing[tokens[i].name] = true;
	for (size_t n = 0; n < items->count; n++) {
		struct item *item = &items->items[n];

		item->is_kept |= item->is_assertion;
		for (size_t i = item->first; i <= item->last && item->is_assertion; i++)
			if (tokens[i].kind == C_NAME && missing[tokens[i].name])
				item->is_kept = false;
	}
}

/* A header of the system that is included again, or `struct x;` below another declaration. */
static bool is_repeated(const struct items *items, const struct item *item)
{
	const struct c_token *a = &items->text->tokens[item->first];
	size_t len = (size_t)(a[item->last - item->first].start - a->start);

	if (!item->is_include && (item->last != item->first + 2 || !is_type_word(a)))
		return false;
	for (const struct item *other = items->items; other < item; other++)
		if (other->is_kept &&
		    strncmp(items->text->tokens[other->first].start, a->start, len + 1) == 0)
			return true;
	return false;
}

/* ---- which comments stay ---- */

/*
 * A comment is about what follows it: the first of a file about the file, one that stands alone
 * about all up to the next such comment, one directly above something about that, up to an empty
 * line or another comment. @heads, @parts: the comments about the items here, by file.
 */
static void keep_comments(struct items *items, struct item **heads, struct item **parts)
{
	struct item *above = NULL;

	for (size_t n = 0; n < items->count; n++) {
		struct item *item = &items->items[n], *next = item + 1;
		bool is_alone = n + 1 == items->count || next->gap > 1 || next->is_comment;

		if (item->gap > 1 || item->is_comment)
			above = NULL;
		if (item->is_comment && item->heads_file)
			heads[item->file] = item;
		else if (item->is_comment && is_alone)
			parts[item->file] = item;
		else if (item->is_comment)
			above = item;
		if (item->is_comment)
			item->is_kept = is_alone && !item->file;
		if (!item->is_kept || item->is_comment)
			continue;
		if (above)
			above->is_kept = true;
		if (heads[item->file] && !item->is_include)
			heads[item->file]->is_kept = true;
		if (parts[item->file] && !item->is_include)
			parts[item->file]->is_kept = true;
	}
}

/* ---- all of it ---- */

static void drop_unkept(struct items *items)
{
	bool is_first = true;

	for (size_t n = 0; n < items->count; n++) {
		struct item *item = &items->items[n];

		if (!item->is_kept || is_repeated(items, item)) {
			item->is_kept = false;
			c_drop(items->text, item->first, item->last);
		}
		for (size_t i = item->first; i <= item->last && item->heads_file; i++) {
			items->text->tokens[i].is_head = true;
			items->text->tokens[i].is_cut = !is_first;
		}
		is_first &= !item->heads_file;
	}
}

static int reduce(struct items *items, const char *const *functions)
{
	size_t names = items->text->index.count + 1;
	cleanup_free struct item **heads = calloc(names, sizeof(struct item *)),
				 **parts = calloc(names, sizeof(struct item *));
	cleanup_free bool *missing = calloc(names, 1), *used = calloc(names, 1);
	int r;

	if (!heads || !parts || !missing || !used)
		return -ENOMEM;
	items->used = used;
	items->has_functions = functions != NULL;
	for (; functions && *functions; functions++)
		if (c_name(items->text, *functions, strlen(*functions)) >= 0)
			used[c_name(items->text, *functions, strlen(*functions))] = true;
	r = read_items(items);
	if (r)
		return r;
	while (keep_more(items))
		;
	keep_assertions(items, missing);
	keep_comments(items, heads, parts);
	drop_unkept(items);
	return 0;
}

int resolve_unused(struct c_text *text, const char *const *functions)
{
	struct items items = { .text = text };
	int r = reduce(&items, functions);

	free(items.items);
	return r;
}
