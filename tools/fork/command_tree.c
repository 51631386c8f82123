/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree. See command_tree.h. */
#define _GNU_SOURCE
#include "command_tree.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "event_line.h"
#include "memstream.h"
#include "names.h"
#include "quote.h"

enum {
	LABEL_MAX = 120,        /* bytes of a command line that are shown */
	DEPTH_MAX = 64,         /* generations below the root that are told apart */
	PROCESSES_MAX = 262144, /* some 60 MB; a command may run for days */
};

/**
 * struct ran - one process
 * @label: its last command line, or its name before any; NULL: nothing was seen of it
 * @lost:  it has ended, but that was not seen
 * @depth: generations below the root; a child of one at DEPTH_MAX becomes its sibling
 * @next:  its next sibling; @children: the first child
 */
struct ran {
	uint32_t pid;
	bool ended, lost;
	uint32_t status;
	uint64_t began_ns, wall_ns, cpu_ns;
	char *label;
	unsigned depth;
	struct ran *parent, *children, *next;
	size_t nchildren;
};

struct command_tree {
	void *by_pid; /* the latest process with an id */
	struct ran *root;
	size_t count;
	uint64_t unlisted; /* processes there was no room for */
};

static int compare(const void *a, const void *b)
{
	const struct ran *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static struct ran *find(const struct command_tree *t, uint32_t pid)
{
	const struct ran key = { .pid = pid };
	struct ran *const *node = tfind(&key, &t->by_pid, compare);

	return node ? *node : NULL;
}

/* Whoever had this id has ended; its place in the tree remains. */
static void forget(struct command_tree *t, uint32_t pid)
{
	struct ran *earlier = find(t, pid);

	if (earlier)
		tdelete(earlier, &t->by_pid, compare);
}

static struct ran *add(struct command_tree *t, uint32_t pid, struct ran *parent)
{
	struct ran *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->pid = pid;
	forget(t, pid);
	if (!tsearch(r, &t->by_pid, compare)) {
		free(r);
		return NULL;
	}
	t->count++;
	if (parent && parent->depth == DEPTH_MAX)
		parent = parent->parent;
	if (parent) {
		r->parent = parent;
		r->depth = parent->depth + 1;
		r->next = parent->children;
		parent->children = r;
		parent->nchildren++;
	}
	return r;
}

int command_tree_new(struct command_tree **treep, uint32_t root)
{
	struct command_tree *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->root = add(t, root, NULL);
	if (!t->root) {
		free(t);
		return -ENOMEM;
	}
	*treep = t;
	return 0;
}

/* The nodes belong to the tree of children, not to the index. */
static void keep(void *node)
{
	(void)node;
}

static void free_ran(struct ran *r)
{
	while (r) {
		struct ran *next = r->next;

		free_ran(r->children);
		free(r->label);
		free(r);
		r = next;
	}
}

void command_tree_free(struct command_tree *t)
{
	if (!t)
		return;
	tdestroy(t->by_pid, keep);
	free_ran(t->root);
	free(t);
}

static int set_label(struct ran *r, const char *bytes, size_t len)
{
	free(r->label);
	r->label = strndup(bytes, len);
	return r->label ? 0 : -ENOMEM;
}

/* The command line as a shell would read it, cut to a line's length. */
static int label_exec(struct ran *r, const struct fork_exec *exec)
{
	const char *args = exec->data + exec->path_size;
	cleanup_free char *words = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&words, &len);

	if (!out)
		return -ENOMEM;
	for (size_t at = 0; at < exec->args_read && at < LABEL_MAX;) {
		size_t size = strnlen(args + at, exec->args_read - at);

		fputs(at ? " " : "", out);
		quote_argument(out, args + at, size);
		at += size + 1;
	}
	if (fclose(out) != 0)
		return -ENOMEM;
	return set_label(r, words, len);
}

static int note_fork(struct command_tree *t, const struct fork_head *head)
{
	struct ran *parent = find(t, ((const struct fork_birth *)head)->by_pid), *r;

	if (t->count == PROCESSES_MAX) {
		t->unlisted++;
		forget(t, head->pid);
		return 0;
	}
	/* A parent that is not known has been followed since before: its children hang at the root.
	 */
	r = add(t, head->pid, parent ? parent : t->root);
	if (!r)
		return -ENOMEM;
	r->began_ns = head->time_ns;
	return set_label(r, head->comm, strnlen(head->comm, FORK_COMM));
}

static void note_exit(struct ran *r, const struct fork_exit *exit, size_t size)
{
	const struct fork_exit_usage *usage = (const struct fork_exit_usage *)exit;

	if (!exit->last)
		return;
	r->ended = true;
	r->status = exit->status;
	r->wall_ns = exit->lifetime_ns;
	if (size >= sizeof(*usage))
		r->cpu_ns = usage->usage.runtime_ns;
}

int command_tree_note(struct command_tree *t, const struct fork_head *head, size_t size)
{
	struct ran *r = find(t, head->pid);

	if (head->type == FORK_FORK)
		return note_fork(t, head);
	if (!r || fork_event_failed(head))
		return 0;
	if (head->type == FORK_EXIT)
		note_exit(r, (const struct fork_exit *)head, size);
	if (head->type != FORK_EXEC)
		return 0;
	if (!r->began_ns)
		r->began_ns = head->time_ns;
	return label_exec(r, (const struct fork_exec *)head);
}

static int slowest_first(const void *a, const void *b)
{
	const struct ran *x = *(struct ran *const *)a, *y = *(struct ran *const *)b;

	if (x->wall_ns != y->wall_ns)
		return x->wall_ns > y->wall_ns ? -1 : 1;
	return x->began_ns < y->began_ns ? -1 : x->began_ns > y->began_ns;
}

static void print_times(FILE *out, const struct ran *r)
{
	if (r->lost)
		fprintf(out, "%10s %10s  ", "-", "-");
	else
		fprintf(out, "%9.3fs %9.3fs  ", (double)r->wall_ns / 1e9, (double)r->cpu_ns / 1e9);
}

static void print_one(FILE *out, const struct ran *r)
{
	char safe[ESCAPE_MAX(LABEL_MAX) + 1], name[FORK_SIGNAL_NAME_MAX];
	size_t len = strlen(r->label);

	escape_terminal(safe, sizeof(safe), r->label, len > LABEL_MAX ? LABEL_MAX : len);
	print_times(out, r);
	fprintf(out, "%*s%s%s", (int)(2 * r->depth), "", safe, len > LABEL_MAX ? "..." : "");
	if (r->lost)
		fputs("  [end not seen]", out);
	else if (!r->ended)
		fputs("  [still running]", out);
	else if (r->status & 0x7f)
		fprintf(out, "  [%s]", fork_signal_name((int)(r->status & 0x7f), name));
	else if (r->status >> 8)
		fprintf(out, "  [code %u]", r->status >> 8 & 0xff);
	fputc('\n', out);
}

/* Who has not been seen to end still runs, unless the end was hidden. */
static void look_for_end(const struct command_tree *t, struct ran *r, command_tree_alive_fn alive,
			 uint64_t now_ns)
{
	/* Another process has its id by now. */
	r->lost = !r->ended && (find(t, r->pid) != r || !alive(r->pid));
	if (!r->ended && !r->lost && r->began_ns)
		r->wall_ns = now_ns - r->began_ns;
}

static int print_tree(FILE *out, const struct command_tree *t, struct ran *r,
		      command_tree_alive_fn alive, uint64_t now_ns)
{
	cleanup_free struct ran **children = calloc(r->nchildren + 1, sizeof(*children));
	size_t count = 0;
	int ret = 0;

	if (!children)
		return -ENOMEM;
	if (r->label)
		print_one(out, r);
	for (struct ran *c = r->children; c; c = c->next) {
		look_for_end(t, c, alive, now_ns);
		children[count++] = c;
	}
	qsort(children, count, sizeof(*children), slowest_first);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = print_tree(out, t, children[i], alive, now_ns);
	return ret;
}

int command_tree_report(struct command_tree *t, struct report *report, command_tree_alive_fn alive,
			uint64_t now_ns)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);
	int r;

	if (!out)
		return -ENOMEM;
	look_for_end(t, t->root, alive, now_ns);
	if (t->root->label || t->root->children)
		fputs("\n      WALL        CPU  WHAT RAN, SLOWEST FIRST\n", out);
	r = print_tree(out, t, t->root, alive, now_ns);
	if (t->unlisted)
		fprintf(out, "  (and %llu processes more)\n", (unsigned long long)t->unlisted);
	if (fclose(out) != 0)
		return -ENOMEM;
	return r < 0 ? r : report_text(report, text, len);
}
