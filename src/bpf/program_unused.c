/* SPDX-License-Identifier: MIT */
/*
 * What no function that stays refers to is left out. See program_resolve.h.
 *
 * Names are taken as they stand: a member that is called like a macro keeps the macro. So more may
 * stay than is used, never less.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "program_items.h"
#include "program_resolve_passes.h"

/* ---- which items stay ---- */

/* Items that stay and whose names have not been followed yet. */
struct marker {
	struct items *items;
	size_t *open, nopen;
};

static void keep(struct marker *m, size_t item)
{
	if (m->items->items[item].is_kept)
		return;
	m->items->items[item].is_kept = true;
	m->open[m->nopen++] = item;
}

static void keep_name(struct marker *m, size_t name)
{
	for (int i = m->items->heads[name]; i >= 0; i = m->items->declarations[i].next)
		keep(m, m->items->declarations[i].item);
}

static bool can_make(const struct paste *paste, const struct c_name *name)
{
	size_t len = paste->text.len;

	return name->len >= len && memcmp(name->start + (paste->is_end ? name->len - len : 0),
					  paste->text.start, len) == 0;
}

/* All names that an item can make with ##. */
static void keep_pasted(struct marker *m, size_t item)
{
	const struct items *items = m->items;

	for (size_t p = 0; p < items->npastes; p++)
		for (size_t n = 0; items->pastes[p].item == item && n < items->names.index.count;
		     n++)
			if (items->items[item].pastes_all ||
			    can_make(&items->pastes[p], &items->names.names[n]))
				keep_name(m, n);
}

static bool is_root(const struct items *items, const struct item *item,
		    const char *const *functions)
{
	struct c_token name = { .kind = C_NAME };

	if (item->is_root || item->function < 0)
		return item->is_root;
	if (!functions)
		return true;
	name.start = items->names.names[item->function].start;
	name.len = items->names.names[item->function].len;
	for (; *functions; functions++)
		if (c_is_name(&name, *functions))
			return true;
	return false;
}

static bool has_all_it_names(const struct items *items, const struct item *item)
{
	for (size_t r = 0; r < item->nrefs; r++)
		for (int i = items->heads[items->refs[item->first_ref + r]]; i >= 0;
		     i = items->declarations[i].next)
			if (!items->items[items->declarations[i].item].is_kept)
				return false;
	return true;
}

/* A header of the system is included once: it guards itself. There are few. */
static bool is_repeated(const struct items *items, size_t item)
{
	const struct item *a = &items->items[item];

	for (size_t i = 0; i < item; i++) {
		const struct item *b = &items->items[i];

		if (b->is_include && b->end - b->start == a->end - a->start &&
		    memcmp(a->start, b->start, (size_t)(a->end - a->start)) == 0)
			return true;
	}
	return false;
}

static int mark(struct items *items, const char *const *functions)
{
	cleanup_free size_t *open = calloc(items->nitems + 1, sizeof(*open));
	struct marker m = { items, open, 0 };

	if (!open)
		return -1;
	for (size_t i = 0; i < items->nitems; i++)
		if (is_root(items, &items->items[i], functions) &&
		    !(items->items[i].is_include && is_repeated(items, i)))
			keep(&m, i);
	while (m.nopen) {
		const struct item *item = &items->items[m.open[--m.nopen]];

		for (size_t r = 0; r < item->nrefs; r++)
			keep_name(&m, items->refs[item->first_ref + r]);
		if (item->pastes)
			keep_pasted(&m, (size_t)(item - items->items));
	}
	for (size_t i = 0; i < items->nitems; i++)
		if (items->items[i].is_assertion && has_all_it_names(items, &items->items[i]))
			items->items[i].is_kept = true;
	return 0;
}

/* ---- which comments stay ---- */

/* @file: number of the file; @parts: by file, the comment that stands alone and heads what follows,
 * plus one. Of text before the first #line there is no file. */
struct comments {
	struct items *items;
	bool *is_file_kept, *is_kept;
	size_t *parts;
};

static unsigned file_of(const struct items *items, const struct group *g)
{
	return g->place ? items->places[g->place - 1].file : 0;
}

static bool keeps_item(const struct items *items, const struct group *g, bool or_include)
{
	for (size_t i = g->first; i < g->first + g->count; i++)
		if (items->items[i].is_kept && (or_include || !items->items[i].is_include))
			return true;
	return false;
}

static void mark_groups(struct comments *c)
{
	struct items *items = c->items;

	for (size_t i = 0; i < items->ngroups; i++) {
		const struct group *g = &items->groups[i];
		unsigned file = file_of(items, g);

		if (!g->count && !g->is_head)
			c->parts[file] = i + 1;
		c->is_kept[i] = keeps_item(items, g, true) || (!g->count && !file);
		if (!keeps_item(items, g, false))
			continue;
		c->is_file_kept[file] = true;
		if (c->parts[file])
			c->is_kept[c->parts[file] - 1] = true;
	}
	for (size_t i = 0; i < items->ngroups; i++)
		if (items->groups[i].is_head)
			c->is_kept[i] = c->is_file_kept[file_of(items, &items->groups[i])];
}

/* ---- the text ---- */

struct writer {
	struct buffer *out;
	const struct items *items;
	bool places;
};

/* Of empty lines one is enough, and none at the edge of a block. Behind a backslash one ends a
 * macro. @line: a newline; @next: what comes behind the empty lines */
static bool keeps_empty(const char *from, const char *line, const char *next)
{
	char last = line > from ? line[-1] : '\0';

	return last == '\\' || (last != '{' && *next != '}');
}

static void write_squeezed(struct buffer *out, const char *from, const char *end)
{
	const char *written = from, *line = from;

	while ((line = memchr(line, '\n', (size_t)(end - line)))) {
		const char *next = line + strspn(line, " \t\n"), *last = next;

		while (last[-1] != '\n')
			last--;
		if (next < end && last > line + 1) {
			buffer_add(out, written, (size_t)(line - written));
			buffer_add(out, "\n\n", keeps_empty(from, line, next) ? 2 : 1);
			written = last;
		}
		line = next < end ? last : end;
	}
	buffer_add(out, written, (size_t)(end - written));
}

static void write_place(const struct writer *w, size_t place, const char *at)
{
	const struct place *p = place ? &w->items->places[place - 1] : NULL;
	unsigned line;

	if (!w->places || !p)
		return;
	line = p->line;
	for (const char *c = p->at; c < at; c++)
		line += *c == '\n';
	c_add_line(w->out, line, p->path, p->path_len);
}

static void write_part(const struct writer *w, size_t place, const char *start, const char *end)
{
	write_place(w, place, start);
	if (w->places)
		buffer_add(w->out, start, (size_t)(end - start));
	else
		write_squeezed(w->out, start, end);
	buffer_char(w->out, '\n');
}

/*
 * Of a header's head, the first paragraph says what the header is for. What follows is for those
 * who change it, and tells of options that this run does not have. The program's own head stays
 * whole.
 */
static void write_head(const struct writer *w, const struct group *g)
{
	const char *comment = memmem(g->comment, (size_t)(g->comment_end - g->comment), "/*\n", 3);
	const char *gap =
		comment ? memmem(comment, (size_t)(g->comment_end - comment), "\n *\n", 4) : NULL;

	if (!gap || w->places || !w->out->len || file_of(w->items, g) == 1) {
		write_part(w, g->place, g->comment, g->comment_end);
		return;
	}
	if (!memchr(comment + 3, '\n', (size_t)(gap - comment - 3))) {
		buffer_add(w->out, "/*", 2);
		buffer_add(w->out, comment + 5, (size_t)(gap - comment - 5));
		buffer_add(w->out, " */\n", 4);
		return;
	}
	buffer_add(w->out, g->comment, (size_t)(gap - g->comment));
	buffer_add(w->out, "\n */\n", 5);
}

/* A head of one line stands directly above what it is for, unless that has its own comment. */
static bool belongs_to_head(const struct writer *w, size_t head, const struct group *g)
{
	return !w->places && !g->is_head && !g->comment &&
	       memchr(w->out->data + head, '\n', w->out->len - head) ==
		       w->out->data + w->out->len - 1;
}

static void write_groups(const struct writer *w, const bool *is_kept)
{
	const struct items *items = w->items;
	bool has_space = false, below_head = false;
	size_t head = 0;

	for (size_t i = 0; i < items->ngroups; i++) {
		const struct group *g = &items->groups[i];

		has_space |= g->has_space_above;
		if (!is_kept[i])
			continue;
		if (has_space && w->out->len && !(below_head && belongs_to_head(w, head, g)))
			buffer_add(w->out, "\n", 1);
		head = w->out->len;
		has_space = below_head = g->is_head;
		if (g->is_head)
			write_head(w, g);
		else if (g->comment)
			write_part(w, g->place, g->comment, g->comment_end);
		for (size_t n = g->first; n < g->first + g->count; n++)
			if (items->items[n].is_kept)
				write_part(w, items->items[n].place, items->items[n].start,
					   items->items[n].end);
	}
}

static int write_kept(struct buffer *out, struct items *items, bool places)
{
	cleanup_free bool *is_kept = calloc(items->ngroups + 1, sizeof(*is_kept));
	cleanup_free bool *is_file_kept = calloc(items->nfiles + 1, sizeof(*is_file_kept));
	cleanup_free size_t *parts = calloc(items->nfiles + 1, sizeof(*parts));
	struct comments comments = { items, is_file_kept, is_kept, parts };
	struct writer writer = { out, items, places };

	if (!is_kept || !is_file_kept || !parts)
		return -1;
	mark_groups(&comments);
	write_groups(&writer, is_kept);
	return 0;
}

int resolve_unused(struct buffer *out, const char *text, const struct resolve_request *request,
		   struct error *err)
{
	struct items items = { .nitems = 0 };
	int r = 0;

	items_read(&items, text);
	if (items.is_malformed)
		r = 1;
	else if (items.failed || mark(&items, request->functions) < 0 ||
		 write_kept(out, &items, request->places) < 0)
		r = -1;
	buffer_char(out, '\0');
	items_free(&items);
	return r < 0 || out->err ? error_nomem(err) : r;
}
