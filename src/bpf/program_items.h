/* SPDX-License-Identifier: MIT */
/*
 * The items of a C text: functions, declarations and directives, and which names each declares and
 * refers to. Groups are what a reader takes for one: a comment and the items directly below it.
 */
#ifndef PROGRAM_ITEMS_H
#define PROGRAM_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "c_tokens.h"

/** struct place - text from @at on is line @line of the file @path, which has its quotes */
struct place {
	const char *at, *path;
	size_t path_len;
	unsigned line, file;
};

/**
 * struct item - from @start to @end, a comment behind it in the same line included
 * @function:   name of the function it defines or declares, that is not static; or -1
 * @is_root:    stays whoever refers to it
 * @pastes_all: makes names of which nothing is known with ##
 */
struct item {
	const char *start, *end;
	size_t first_ref, nrefs, place;
	int function;
	bool is_root, is_include, is_assertion, pastes, pastes_all, is_kept;
};

/**
 * struct group - items without an empty line or a comment between them
 * @comment: directly above them; NULL: none
 * @is_head: the first comment of a file, which is a group by itself
 */
struct group {
	const char *comment, *comment_end;
	size_t first, count, place;
	bool is_head, has_space_above;
};

/** struct paste - @item makes names that begin, or end, with this text */
struct paste {
	size_t item;
	struct c_token text;
	bool is_end;
};

/** struct declaration - one of a name by an item; @next: another of the same name, -1: none */
struct declaration {
	size_t item;
	int next;
};

/**
 * struct items
 * @refs:         numbers of names
 * @heads:        by number of a name, its first declaration, or -1
 * @is_malformed: brackets, comments or strings do not end
 * @failed:       no memory
 */
struct items {
	struct c_names names;
	struct item *items;
	struct group *groups;
	struct place *places;
	struct paste *pastes;
	struct declaration *declarations;
	unsigned *refs;
	int *heads;
	size_t nitems, items_room, ngroups, groups_room, nplaces, places_room, npastes, pastes_room;
	size_t ndeclarations, declarations_room, nrefs, refs_room, heads_room;
	unsigned nfiles;
	bool is_malformed, failed;
};

/** items_read() - fills @items, which is all zero before. Everything borrows from @text. */
void items_read(struct items *items, const char *text);

void items_free(struct items *items);

/** items_name() - number of a name, -1 without memory. items_refer(), items_declare() - the item
 * that is read now does that. */
int items_name(struct items *items, const struct c_token *name);
void items_refer(struct items *items, int name);
void items_declare(struct items *items, int name);

/** items_directive() - what the directive from @start to @end declares and refers to.
 * Return: its word. */
struct c_token items_directive(struct items *items, const char *start, const char *end);

/** items_declaration() - read the function or declaration at @at. Return: behind it, or NULL when
 * it has no end. */
const char *items_declaration(struct items *items, const char *at);

/** items_place() - take the place a #line directive gives. Return: false: it is none. */
bool items_place(struct items *items, const char *start, const char *end);

#endif
