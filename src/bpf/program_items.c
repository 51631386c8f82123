/* SPDX-License-Identifier: MIT */
/* The items of a C text, and the comments and empty lines between them. See program_items.h. */
#define _GNU_SOURCE
#include "program_items.h"

#include <stdlib.h>
#include <string.h>

/*
 * @is_open:      the next item belongs to the last group
 * @has_space:    an empty line, or another file, since the last group
 * @is_file_head: nothing of this file yet
 */
struct reader {
	struct items *items;
	const char *at;
	struct c_token token;
	unsigned newlines;
	bool is_open, has_space, is_line_start, is_file_head, has_licence;
};

static bool grow(struct items *items, void *array, size_t count, size_t *room, size_t size)
{
	if (c_grow(array, count, room, size) < 0)
		items->failed = true;
	return !items->failed;
}

int items_name(struct items *items, const struct c_token *name)
{
	size_t before = items->names.index.count;
	int number = c_names_add(&items->names, name->start, name->len);

	if (number < 0 ||
	    !grow(items, &items->heads, before, &items->heads_room, sizeof(*items->heads))) {
		items->failed = true;
		return -1;
	}
	if ((size_t)number == before)
		items->heads[number] = -1;
	return number;
}

void items_refer(struct items *items, int name)
{
	if (name < 0 ||
	    !grow(items, &items->refs, items->nrefs, &items->refs_room, sizeof(*items->refs)))
		return;
	items->refs[items->nrefs++] = (unsigned)name;
	items->items[items->nitems - 1].nrefs++;
}

void items_declare(struct items *items, int name)
{
	if (name < 0 || !grow(items, &items->declarations, items->ndeclarations,
			      &items->declarations_room, sizeof(*items->declarations)))
		return;
	items->declarations[items->ndeclarations] = (struct declaration){
		.item = items->nitems - 1,
		.next = items->heads[name],
	};
	items->heads[name] = (int)items->ndeclarations++;
}

static unsigned file_number(struct items *items, const struct c_token *path)
{
	for (size_t i = items->nplaces; i-- > 0;)
		if (items->places[i].path_len == path->len &&
		    memcmp(items->places[i].path, path->start, path->len) == 0)
			return items->places[i].file;
	return ++items->nfiles;
}

bool items_place(struct items *items, const char *start, const char *end)
{
	struct c_token word, number, path;

	c_next(c_next(c_next(c_next(start, &word), &word), &number), &path);
	if (!c_is_name(&word, "line") || number.kind != C_NUMBER || path.kind != C_STRING)
		return false;
	if (!grow(items, &items->places, items->nplaces, &items->places_room,
		  sizeof(*items->places)))
		return true;
	items->places[items->nplaces] = (struct place){
		.at = end,
		.path = path.start,
		.path_len = path.len,
		.line = (unsigned)strtoul(number.start, NULL, 10),
		.file = file_number(items, &path),
	};
	items->nplaces++;
	return true;
}

static void begin_group(struct reader *r, const char *comment, const char *comment_end)
{
	struct items *items = r->items;

	if (!grow(items, &items->groups, items->ngroups, &items->groups_room,
		  sizeof(*items->groups)))
		return;
	items->groups[items->ngroups++] = (struct group){
		.comment = comment,
		.comment_end = comment_end,
		.first = items->nitems,
		.place = items->nplaces,
		.is_head = comment && r->is_file_head,
		.has_space_above = r->has_space,
	};
	r->is_open = true;
	r->has_space = false;
	r->is_file_head = false;
}

static void end_group(struct reader *r)
{
	r->is_open = false;
	r->has_space = true;
}

/* One licence is enough: a program is under the one of its first file, which allows the others. */
static bool is_second_licence(struct reader *r)
{
	bool had = r->has_licence;

	if (!memmem(r->token.start, r->token.len, "SPDX-License-Identifier", 23))
		return false;
	r->has_licence = true;
	return had;
}

static void take_comment(struct reader *r)
{
	struct items *items = r->items;
	struct group *last = items->ngroups ? &items->groups[items->ngroups - 1] : NULL;
	const char *end = r->token.start + r->token.len;

	if (is_second_licence(r))
		return;
	if (r->is_open && last && last->comment && !last->count)
		last->comment_end = end;
	else
		begin_group(r, r->token.start, end);
}

static bool begin_item(struct reader *r)
{
	struct items *items = r->items;

	if (r->is_open && items->groups[items->ngroups - 1].is_head)
		end_group(r);
	if (!r->is_open)
		begin_group(r, NULL, NULL);
	if (items->failed ||
	    !grow(items, &items->items, items->nitems, &items->items_room, sizeof(*items->items)))
		return false;
	items->groups[items->ngroups - 1].count++;
	items->items[items->nitems++] = (struct item){
		.start = r->token.start,
		.first_ref = items->nrefs,
		.place = items->nplaces,
		.function = -1,
	};
	return true;
}

static void take_directive(struct reader *r)
{
	struct items *items = r->items;
	const char *start = r->token.start, *end = c_line_end(start);
	struct c_token word;
	struct item *item;

	r->at = end;
	r->newlines = 1;
	if (items_place(items, start, end)) {
		end_group(r);
		r->is_file_head = items->nplaces && items->places[items->nplaces - 1].line == 1;
		return;
	}
	if (!begin_item(r))
		return;
	item = &items->items[items->nitems - 1];
	item->end = end - (end[-1] == '\n');
	word = items_directive(items, start, end);
	item->is_include = c_is_name(&word, "include");
	item->is_root = !c_is_name(&word, "define") && !c_is_name(&word, "undef");
}

static void take_declaration(struct reader *r)
{
	struct items *items = r->items;
	struct c_token next;
	const char *end;

	if (!begin_item(r))
		return;
	end = items_declaration(items, r->token.start);
	items->is_malformed |= !end;
	if (!end)
		return;
	r->is_line_start = false;
	r->at = c_next(end, &next);
	while (next.kind == C_COMMENT) {
		end = next.start + next.len;
		r->at = c_next(end, &next);
	}
	r->at = end;
	items->items[items->nitems - 1].end = end;
}

static void take_newline(struct reader *r)
{
	r->is_line_start = true;
	if (++r->newlines > 1)
		end_group(r);
}

void items_read(struct items *items, const char *text)
{
	struct reader r = { .items = items, .at = text, .is_line_start = true, .newlines = 1 };

	while (!items->failed && !items->is_malformed) {
		r.at = c_next(r.at, &r.token);
		if (r.token.kind == C_END)
			break;
		if (r.token.kind == C_NEWLINE) {
			take_newline(&r);
			continue;
		}
		r.newlines = 0;
		if (r.token.kind == C_COMMENT)
			take_comment(&r);
		else if (!c_is(&r.token, '#'))
			take_declaration(&r);
		else if (r.is_line_start)
			take_directive(&r);
		else
			items->is_malformed = true;
	}
}

void items_free(struct items *items)
{
	c_names_free(&items->names);
	free(items->items);
	free(items->groups);
	free(items->places);
	free(items->pastes);
	free(items->declarations);
	free(items->refs);
	free(items->heads);
	*items = (struct items){ .nitems = 0 };
}
