/* SPDX-License-Identifier: MIT */
/* Where each process stands in a picture. See picture_layout.h. */
#define _GNU_SOURCE
#include "picture_layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "picture.h"

/**
 * struct block - the rows that a process and all below it take
 * @first: the first of its bars; they are those from there on
 */
struct block {
	size_t first;
	unsigned rows;
	uint64_t begin_ns, end_ns;
};

static int place(struct picture_layout *l, const struct process *p, struct block *block);

/* The topmost rows that are free from a moment on. @ends: when each row is free */
static unsigned find_rows(const uint64_t *ends, unsigned used, unsigned wanted, uint64_t begin_ns)
{
	unsigned run = 0;

	for (unsigned row = 0; row < used; row++) {
		run = ends[row] <= begin_ns ? run + 1 : 0;
		if (run == wanted)
			return row + 1 - wanted;
	}
	return used - run;
}

/* A child's block goes below its parent's bar, or nowhere. */
static void put_block(struct picture_layout *l, struct block *parent, const struct block *child,
		      uint64_t *ends, unsigned top)
{
	unsigned at = find_rows(ends, parent->rows - top, child->rows, child->begin_ns) + top;

	if (at + child->rows > PICTURE_ROWS_MAX - 1) {
		l->unplaced += l->count - child->first;
		l->count = child->first;
		return;
	}
	for (size_t i = child->first; i < l->count; i++)
		l->bars[i].row += at;
	for (unsigned row = at; row < at + child->rows; row++)
		ends[row - top] = child->end_ns;
	if (parent->rows < at + child->rows)
		parent->rows = at + child->rows;
	if (parent->end_ns < child->end_ns)
		parent->end_ns = child->end_ns;
	if (parent->begin_ns > child->begin_ns)
		parent->begin_ns = child->begin_ns;
}

static int put_children(struct picture_layout *l, const struct process *p, struct block *block)
{
	cleanup_free uint64_t *ends = calloc(PICTURE_ROWS_MAX, sizeof(*ends));
	cleanup_free struct process **children = NULL;
	unsigned top = block->rows;
	int r = process_children(p, &children);

	if (!ends)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < p->nchildren; i++) {
		struct block child = { 0 };

		r = place(l, children[i], &child);
		if (r == 0 && child.rows)
			put_block(l, block, &child, ends, top);
	}
	return r;
}

/* Rows count from the block's own top. */
static int place(struct picture_layout *l, const struct process *p, struct block *block)
{
	*block = (struct block){ .first = l->count, .begin_ns = UINT64_MAX };
	if (process_was_seen(p)) {
		block->rows = 1;
		block->begin_ns = p->began_ns;
		block->end_ns = picture_end_ns(p);
		l->bars[l->count++] = (struct bar){ .process = p,
						    .begin_ns = block->begin_ns,
						    .end_ns = block->end_ns };
	}
	return p->nchildren ? put_children(l, p, block) : 0;
}

static int last_end_first(const void *a, const void *b)
{
	uint64_t x = picture_end_ns(*(struct process *const *)a),
		 y = picture_end_ns(*(struct process *const *)b);

	return (x < y) - (x > y);
}

/* Which of its children did a process wait for until a moment? The one that ended last, and before
 * that one began, the one that had ended last by then. */
static int mark_critical(struct process *p, uint64_t until_ns)
{
	cleanup_free struct process **children = NULL;
	int r = process_children(p, &children);

	p->critical = process_was_seen(p);
	if (r == 0)
		qsort(children, p->nchildren, sizeof(struct process *), last_end_first);
	for (size_t i = 0; r == 0 && i < p->nchildren; i++) {
		struct process *c = children[i];
		uint64_t end_ns = picture_end_ns(c);

		if (end_ns > until_ns || c->lost)
			continue;
		r = mark_critical(c, end_ns);
		until_ns = c->began_ns;
	}
	return r;
}

static int by_place(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->begin_ns > y->begin_ns) - (x->begin_ns < y->begin_ns);
}

int picture_lay_out(struct process_tree *tree, struct picture_layout *l)
{
	struct block all;
	uint64_t end_ns;
	int r;

	*l = (struct picture_layout){ .bars = calloc(tree->count, sizeof(struct bar)) };
	if (!l->bars)
		return -ENOMEM;
	r = place(l, tree->root, &all);
	if (r < 0)
		return r;
	l->rows = all.rows;
	l->begin_ns = all.rows ? all.begin_ns : 0;
	l->end_ns = all.end_ns;
	qsort(l->bars, l->count, sizeof(*l->bars), by_place);
	/* What a command leaves behind does not hold it up. */
	end_ns = process_was_seen(tree->root) ? picture_end_ns(tree->root) : l->end_ns;
	return mark_critical(tree->root, end_ns);
}
