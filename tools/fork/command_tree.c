/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree of text. See command_tree.h. */
#define _GNU_SOURCE
#include "command_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "event_line.h"
#include "memstream.h"

enum {
	LABEL_MAX = 120, /* bytes of a command line that are shown */
	GROUP_LEAST = 3, /* processes that are drawn together */
	LINES_USUAL = 100,
};

/**
 * struct line - a process, or several of the same parent that are alike
 * @p:         the process, or one of them
 * @count:     how many
 * @wall_ns, @cpu_ns: of all of them
 * @lacks_cpu: of one of them @cpu_ns is not known
 * @weight_ns: the longest time of the line and of those below it, which says who is shown
 */
struct line {
	const struct process *p;
	size_t count;
	uint64_t wall_ns, cpu_ns, weight_ns;
	bool lacks_cpu;
};

struct lines {
	struct line *list;
	size_t count, room;
};

/* ---- from processes to lines ---- */

/* Those that are alike stand together: without children, of one name, and ended in the same way. */
static int compare_kind(const struct process *x, const struct process *y)
{
	int r = (x->nchildren > 0) - (y->nchildren > 0);

	if (r == 0)
		r = strcmp(process_name(x), process_name(y));
	if (r == 0)
		r = (x->lost + 2 * x->ended) - (y->lost + 2 * y->ended);
	if (r == 0)
		r = (x->status > y->status) - (x->status < y->status);
	return r;
}

static int by_kind(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a,
			     *y = *(const struct process *const *)b;
	int r = compare_kind(x, y);

	return r ? r : (x->began_ns > y->began_ns) - (x->began_ns < y->began_ns);
}

static int slowest_first(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->wall_ns != y->wall_ns)
		return x->wall_ns > y->wall_ns ? -1 : 1;
	return (x->p->began_ns > y->p->began_ns) - (x->p->began_ns < y->p->began_ns);
}

static struct line line_of(struct process *const *processes, size_t count)
{
	struct line line = { .p = processes[0], .count = count };

	for (size_t i = 0; i < count; i++) {
		line.wall_ns += processes[i]->wall_ns;
		line.cpu_ns += processes[i]->cpu_ns;
		line.lacks_cpu |= processes[i]->lacks_cpu;
	}
	line.weight_ns = line.wall_ns;
	return line;
}

/* How many of these, from the first on, are drawn together. */
static size_t group_of(struct process *const *processes, size_t count)
{
	size_t alike = 1;

	if (processes[0]->nchildren)
		return 1;
	while (alike < count && compare_kind(processes[0], processes[alike]) == 0)
		alike++;
	return alike < GROUP_LEAST ? 1 : alike;
}

static int append(struct lines *lines, const struct line *line)
{
	if (lines->count == lines->room) {
		size_t room = lines->room ? 2 * lines->room : 64;
		struct line *more = reallocarray(lines->list, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		lines->list = more;
		lines->room = room;
	}
	lines->list[lines->count++] = *line;
	return 0;
}

static int add_children(struct lines *lines, const struct process *p, uint64_t *weight_ns);

/* A line, and those below it. */
static int add_line(struct lines *lines, const struct line *line, uint64_t *weight_ns)
{
	size_t at = lines->count;
	uint64_t weight = line->weight_ns;
	int r;

	if (!process_was_seen(line->p))
		return add_children(lines, line->p, weight_ns);
	r = append(lines, line);
	if (r == 0 && line->count == 1)
		r = add_children(lines, line->p, &weight);
	if (r < 0)
		return r;
	lines->list[at].weight_ns = weight;
	*weight_ns = weight > *weight_ns ? weight : *weight_ns;
	return 0;
}

static int add_children(struct lines *lines, const struct process *p, uint64_t *weight_ns)
{
	cleanup_free struct process **children = NULL;
	cleanup_free struct line *level = calloc(p->nchildren + 1, sizeof(*level));
	size_t count = 0;
	int r = level ? process_children(p, &children) : -ENOMEM;

	if (r < 0)
		return r;
	qsort(children, p->nchildren, sizeof(struct process *), by_kind);
	for (size_t i = 0; i < p->nchildren;) {
		size_t together = group_of(children + i, p->nchildren - i);

		level[count++] = line_of(children + i, together);
		i += together;
	}
	qsort(level, count, sizeof(*level), slowest_first);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = add_line(lines, &level[i], weight_ns);
	return r;
}

/* ---- which lines ---- */

static int heaviest_first(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x < y) - (x > y);
}

/*
 * Keep the heaviest lines, in their order. None weighs more than the one above it, and of two that
 * weigh the same the upper one comes first: so who is kept has its ancestors.
 */
static int keep_heaviest(struct lines *lines, size_t most)
{
	cleanup_free uint64_t *weights = calloc(lines->count + 1, sizeof(*weights));
	size_t kept = 0, same = most;

	if (lines->count <= most)
		return 0;
	if (!weights)
		return -ENOMEM;
	for (size_t i = 0; i < lines->count; i++)
		weights[i] = lines->list[i].weight_ns;
	qsort(weights, lines->count, sizeof(*weights), heaviest_first);
	for (size_t i = 0; i < most && weights[i] > weights[most - 1]; i++)
		same--;
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->list[i];

		if (line->weight_ns < weights[most - 1] ||
		    (line->weight_ns == weights[most - 1] && same == 0))
			continue;
		same -= line->weight_ns == weights[most - 1];
		lines->list[kept++] = *line;
	}
	lines->count = kept;
	return 0;
}

static size_t processes_of(const struct lines *lines)
{
	size_t count = 0;

	for (size_t i = 0; i < lines->count; i++)
		count += lines->list[i].count;
	return count;
}

/* ---- from lines to text ---- */

static void print_times(FILE *out, const struct line *line)
{
	if (line->p->lost)
		fprintf(out, "%10s %10s  ", "-", "-");
	else if (line->lacks_cpu)
		fprintf(out, "%9.3fs %10s  ", (double)line->wall_ns / 1e9, "-");
	else
		fprintf(out, "%9.3fs %9.3fs  ", (double)line->wall_ns / 1e9,
			(double)line->cpu_ns / 1e9);
}

/* Its last command line, or its name before any; of several the name that they share. */
static void print_label(FILE *out, const struct line *line)
{
	const struct process *p = line->p;
	const char *label = p->latest && line->count == 1 ? p->latest->label : process_name(p);
	char safe[ESCAPE_MAX(LABEL_MAX) + 1];
	size_t len = strlen(label);

	escape_terminal(safe, sizeof(safe), label, len > LABEL_MAX ? LABEL_MAX : len);
	fork_indent(out, p->depth);
	if (line->count > 1)
		fprintf(out, "%zu x ", line->count);
	fprintf(out, "%s%s", safe, len > LABEL_MAX ? "..." : "");
}

static void print_line(FILE *out, const struct line *line)
{
	char words[PROCESS_END_MAX];

	print_times(out, line);
	print_label(out, line);
	if (process_how_ended(line->p, words)[0])
		fprintf(out, "  [%s]", words);
	fputc('\n', out);
}

static int make_lines(struct lines *lines, const struct process_tree *t)
{
	struct process *root = t->root;
	uint64_t weight_ns = 0;
	struct line line = line_of(&root, 1);

	return add_line(lines, &line, &weight_ns);
}

static int print_tree(FILE *out, const struct process_tree *t, unsigned top)
{
	struct lines lines = { NULL, 0, 0 };
	int r = make_lines(&lines, t);
	size_t all = processes_of(&lines), shown;

	if (r == 0)
		r = keep_heaviest(&lines, top ? top : LINES_USUAL);
	shown = processes_of(&lines);
	if (r == 0 && lines.count)
		fputs("\n      WALL        CPU  WHAT RAN, SLOWEST FIRST\n", out);
	for (size_t i = 0; r == 0 && i < lines.count; i++)
		print_line(out, &lines.list[i]);
	if (r == 0 && shown < all)
		fprintf(out, "(%zu of %zu processes shown; --top N shows more)\n", shown, all);
	free(lines.list);
	return r;
}

int command_tree_report(const struct process_tree *t, struct report *report, unsigned top)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);
	int r;

	if (!out)
		return -ENOMEM;
	r = print_tree(out, t, top);
	if (t->unlisted)
		fprintf(out, "  (and %llu processes more)\n", (unsigned long long)t->unlisted);
	if (fclose(out) != 0)
		return -ENOMEM;
	return r < 0 ? r : report_text(report, text, len);
}
