/* SPDX-License-Identifier: MIT */
/* What runs now, as a tree on a screen. See live_tree.h. */
#define _GNU_SOURCE
#include "live_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "event_line.h"
#include "memstream.h"

enum {
	LINGERS_S = 3, /* after its end, so that somebody sees it */
	LABEL_BYTES = 200,
};

/* Of those that were there before, nobody knows since when. */
static void print_life(FILE *out, const struct process *p, uint64_t now_ns)
{
	char lived[REPORT_DURATION_MAX];
	uint64_t ns = p->ended ? p->wall_ns : now_ns - p->began_ns;

	if (!p->ended && !p->began_ns)
		snprintf(lived, sizeof(lived), "-");
	else
		report_duration(lived, ns);
	fprintf(out, "%9s", lived);
}

static void print_process(FILE *out, const struct process *p, uint64_t now_ns)
{
	const char *label = p->latest ? p->latest->label : p->comm;
	char safe[ESCAPE_MAX(LABEL_BYTES) + 1], words[PROCESS_END_MAX];
	const char *state = process_how_ended(p, words);

	print_life(out, p, now_ns);
	escape_terminal(safe, sizeof(safe), label, strnlen(label, LABEL_BYTES));
	if (!p->ended)
		state = "";
	else if (!*state)
		state = "ended";
	fprintf(out, "  %-8s  %7u  ", state, p->pid);
	fork_indent(out, p->depth - 1);
	fprintf(out, "%s\n", safe);
}

static int print_children(FILE *out, const struct process *p, uint64_t now_ns)
{
	cleanup_free struct process **children = NULL;
	int r = process_children(p, &children);

	for (size_t i = 0; r == 0 && i < p->nchildren; i++) {
		print_process(out, children[i], now_ns);
		r = print_children(out, children[i], now_ns);
	}
	return r;
}

int live_tree_show(const struct live_tree *live, struct report *report)
{
	uint64_t lingers_ns = UINT64_C(1000000000) * LINGERS_S;
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);
	int r;

	if (!out)
		return -ENOMEM;
	if (live->now_ns > lingers_ns)
		process_tree_prune(live->tree, live->now_ns - lingers_ns);
	if (live->tree->root->children)
		fputs("    LIVED  STATE         PID  WHAT RUNS\n", out);
	else
		fputs("Nothing that began in this run is there.\n", out);
	r = print_children(out, live->tree->root, live->now_ns);
	if (live->tree->unlisted)
		fprintf(out, "(and %llu processes more)\n",
			(unsigned long long)live->tree->unlisted);
	if (fclose(out) != 0)
		return -ENOMEM;
	if (r == 0)
		r = report_show(report, text, len, "forks", live->forks, live->span_ns);
	return r;
}
