/* SPDX-License-Identifier: MIT */
/*
 * Processor time by who started whom, for flame graphs: "make;sh;cc1 1234", a line for each chain
 * of programs, with the microseconds that its last one used itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cleanup.h"
#include "escape.h"
#include "picture.h"

enum { NAME_MAX_ = 255 }; /* bytes of a file's name */

struct frames {
	FILE *out;
	struct buffer chain;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(process_name(*(const struct process *const *)a),
		      process_name(*(const struct process *const *)b));
}

/* A semicolon separates frames. */
static void add_frame(struct buffer *chain, const char *name)
{
	char safe[ESCAPE_MAX(NAME_MAX_)];

	escape_terminal(safe, sizeof(safe), name, strlen(name));
	if (chain->len)
		buffer_char(chain, ';');
	for (const char *at = safe; *at; at++) {
		if (*at == ';')
			buffer_string(chain, "\\x3b");
		else
			buffer_char(chain, *at);
	}
}

static int write_level(struct frames *f, const struct process **level, size_t count);

/* Processes of one name are one frame, and so are their children. */
static int write_frame(struct frames *f, const struct process **same, size_t count)
{
	cleanup_free const struct process **children = NULL;
	size_t nchildren = 0, len = f->chain.len;
	uint64_t cpu_ns = 0;
	int r;

	for (size_t i = 0; i < count; i++)
		nchildren += same[i]->nchildren;
	children = calloc(nchildren + 1, sizeof(*children));
	if (!children)
		return -ENOMEM;
	nchildren = 0;
	for (size_t i = 0; i < count; i++) {
		cpu_ns += same[i]->cpu_ns;
		for (const struct process *c = same[i]->children; c; c = c->next)
			children[nchildren++] = c;
	}
	if (process_was_seen(same[0]))
		add_frame(&f->chain, process_name(same[0]));
	if (f->chain.err)
		return f->chain.err;
	if (f->chain.len && cpu_ns >= 1000)
		fprintf(f->out, "%.*s %llu\n", (int)f->chain.len, f->chain.data,
			(unsigned long long)(cpu_ns / 1000));
	r = write_level(f, children, nchildren);
	f->chain.len = len;
	return r;
}

static int write_level(struct frames *f, const struct process **level, size_t count)
{
	int r = 0;

	qsort(level, count, sizeof(*level), by_name);
	for (size_t begin = 0, end; r == 0 && begin < count; begin = end) {
		for (end = begin + 1; end < count && by_name(&level[begin], &level[end]) == 0;)
			end++;
		r = write_frame(f, level + begin, end - begin);
	}
	return r;
}

int picture_folded(const struct picture *picture, FILE *out)
{
	struct frames f = { .out = out };
	const struct process *root = picture->tree->root;
	int r = write_level(&f, &root, 1);

	buffer_free(&f.chain);
	return r;
}
