/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree of text. See command_tree.h. */
#define _GNU_SOURCE
#include "command_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "memstream.h"

enum {
	LABEL_MAX = 120, /* bytes of a command line that are shown */
};

static int slowest_first(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a,
			     *y = *(const struct process *const *)b;

	if (x->wall_ns != y->wall_ns)
		return x->wall_ns > y->wall_ns ? -1 : 1;
	return x->began_ns < y->began_ns ? -1 : x->began_ns > y->began_ns;
}

static void print_times(FILE *out, const struct process *p)
{
	if (p->lost)
		fprintf(out, "%10s %10s  ", "-", "-");
	else
		fprintf(out, "%9.3fs %9.3fs  ", (double)p->wall_ns / 1e9, (double)p->cpu_ns / 1e9);
}

/* Its last command line, or its name before any. */
static void print_label(FILE *out, const struct process *p)
{
	const char *label = p->latest ? p->latest->label : p->comm;
	char safe[ESCAPE_MAX(LABEL_MAX) + 1];
	size_t len = strlen(label);

	escape_terminal(safe, sizeof(safe), label, len > LABEL_MAX ? LABEL_MAX : len);
	fprintf(out, "%*s%s%s", (int)(2 * p->depth), "", safe, len > LABEL_MAX ? "..." : "");
}

static void print_one(FILE *out, const struct process *p)
{
	char words[PROCESS_END_MAX];

	print_times(out, p);
	print_label(out, p);
	if (process_how_ended(p, words)[0])
		fprintf(out, "  [%s]", words);
	fputc('\n', out);
}

static int print_tree(FILE *out, const struct process *p)
{
	cleanup_free const struct process **children = calloc(p->nchildren + 1, sizeof(*children));
	size_t count = 0;
	int r = 0;

	if (!children)
		return -ENOMEM;
	if (process_was_seen(p))
		print_one(out, p);
	for (const struct process *c = p->children; c; c = c->next)
		children[count++] = c;
	qsort(children, count, sizeof(*children), slowest_first);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = print_tree(out, children[i]);
	return r;
}

int command_tree_report(const struct process_tree *t, struct report *report)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);
	int r;

	if (!out)
		return -ENOMEM;
	if (process_was_seen(t->root) || t->root->children)
		fputs("\n      WALL        CPU  WHAT RAN, SLOWEST FIRST\n", out);
	r = print_tree(out, t->root);
	if (t->unlisted)
		fprintf(out, "  (and %llu processes more)\n", (unsigned long long)t->unlisted);
	if (fclose(out) != 0)
		return -ENOMEM;
	return r < 0 ? r : report_text(report, text, len);
}
