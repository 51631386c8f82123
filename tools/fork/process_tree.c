/* SPDX-License-Identifier: MIT */
/* What ran. See process_tree.h. */
#define _GNU_SOURCE
#include "process_tree.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "event_line.h"
#include "memstream.h"
#include "names.h"
#include "quote.h"

static int compare(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static struct process *find(const struct process_tree *t, uint32_t pid)
{
	const struct process key = { .pid = pid };
	struct process *const *node = tfind(&key, &t->by_pid, compare);

	return node ? *node : NULL;
}

/* Whoever had this id has ended; its place in the tree remains. */
static void forget(struct process_tree *t, uint32_t pid)
{
	struct process *earlier = find(t, pid);

	if (earlier)
		tdelete(earlier, &t->by_pid, compare);
}

static struct process *add(struct process_tree *t, uint32_t pid, struct process *parent)
{
	struct process *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->pid = pid;
	forget(t, pid);
	if (!tsearch(p, &t->by_pid, compare)) {
		free(p);
		return NULL;
	}
	t->count++;
	if (parent && parent->depth == PROCESS_DEPTH_MAX)
		parent = parent->parent;
	if (parent) {
		p->parent = parent;
		p->depth = parent->depth + 1;
		p->next = parent->children;
		parent->children = p;
		parent->nchildren++;
	}
	return p;
}

int process_tree_new(struct process_tree **treep, uint32_t root)
{
	struct process_tree *t = calloc(1, sizeof(*t));

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

static void free_programs(struct process *p)
{
	while (p->programs) {
		struct program *next = p->programs->next;

		free(p->programs);
		p->programs = next;
	}
}

static void free_processes(struct process *p)
{
	while (p) {
		struct process *next = p->next;

		free_processes(p->children);
		free_programs(p);
		free(p);
		p = next;
	}
}

void process_tree_free(struct process_tree *t)
{
	if (!t)
		return;
	tdestroy(t->by_pid, keep);
	free_processes(t->root);
	free(t);
}

/* The command line as a shell would read it, and a bit more than is kept of it. */
static int print_words(const struct fork_exec *exec, char **words, size_t *len)
{
	const char *args = exec->data + exec->path_size;
	FILE *out = memstream_open(words, len);

	if (!out)
		return -ENOMEM;
	for (size_t at = 0; at < exec->args_read && at < PROCESS_LABEL_MAX;) {
		size_t size = strnlen(args + at, exec->args_read - at);

		fputs(at ? " " : "", out);
		quote_argument(out, args + at, size);
		at += size + 1;
	}
	return fclose(out) != 0 ? -ENOMEM : 0;
}

/* The file's name without directories. */
static const char *file_name(const struct fork_exec *exec, size_t *len)
{
	const char *name = exec->data, *slash;

	*len = strnlen(exec->data, exec->path_size);
	slash = memrchr(name, '/', *len);
	if (slash && slash + 1 < name + *len) {
		*len -= (size_t)(slash + 1 - name);
		name = slash + 1;
	}
	return name;
}

static struct program *program_of(const struct fork_exec *exec)
{
	cleanup_free char *words = NULL;
	size_t len = 0, name_len;
	const char *name = file_name(exec, &name_len);
	struct program *program;
	bool is_cut;

	if (print_words(exec, &words, &len) < 0)
		return NULL;
	is_cut = len > PROCESS_LABEL_MAX || exec->args_read < exec->args_size;
	if (len > PROCESS_LABEL_MAX)
		len = PROCESS_LABEL_MAX;
	program = calloc(1, sizeof(*program) + len + 1 + name_len + 1);
	if (!program)
		return NULL;
	*program = (struct program){ .time_ns = exec->head.time_ns, .is_cut = is_cut };
	program->ret = exec->ret;
	memcpy(program->label, words, len);
	memcpy(program->label + len + 1, name, name_len);
	program->name = program->label + len + 1;
	return program;
}

/* Make room where there are many: the last one makes way. */
static void forget_last(struct process *p)
{
	struct program **last = &p->programs;

	while ((*last)->next)
		last = &(*last)->next;
	if (p->latest == *last)
		p->latest = NULL;
	free(*last);
	*last = NULL;
	p->nprograms--;
}

static int note_exec(struct process *p, const struct fork_exec *exec)
{
	struct program *program = program_of(exec), **end = &p->programs;

	if (!program)
		return -ENOMEM;
	if (p->nprograms == PROCESS_PROGRAMS_MAX)
		forget_last(p);
	while (*end)
		end = &(*end)->next;
	*end = program;
	p->nprograms++;
	if (!program->ret)
		p->latest = program;
	if (!p->began_ns)
		p->began_ns = exec->head.time_ns;
	return 0;
}

/* The maker of a process, as far as it is to be known. Return: NULL: it hangs at the root. */
static struct process *maker_of(struct process_tree *t, const struct fork_birth *birth)
{
	struct process *maker = find(t, birth->by_pid);

	if (maker || !t->shows_makers || !birth->by_pid || t->count == PROCESS_TREE_MAX)
		return maker;
	maker = add(t, birth->by_pid, t->root);
	if (maker)
		memcpy(maker->comm, birth->parent_comm, FORK_COMM);
	return maker;
}

static int note_fork(struct process_tree *t, const struct fork_head *head)
{
	struct process *parent = maker_of(t, (const struct fork_birth *)head), *p;

	if (t->count == PROCESS_TREE_MAX) {
		t->unlisted++;
		forget(t, head->pid);
		return 0;
	}
	/* A parent that is not known has been followed since before: its children hang at the root.
	 */
	p = add(t, head->pid, parent ? parent : t->root);
	if (!p)
		return -ENOMEM;
	p->began_ns = head->time_ns;
	memcpy(p->comm, head->comm, FORK_COMM);
	return 0;
}

static void note_exit(struct process *p, const struct fork_exit *exit, size_t size)
{
	const struct fork_exit_usage *usage = (const struct fork_exit_usage *)exit;

	if (!exit->last)
		return;
	p->ended = true;
	p->status = exit->status;
	p->ended_ns = exit->head.time_ns;
	p->wall_ns = exit->lifetime_ns;
	if (size >= sizeof(*usage))
		p->cpu_ns = usage->usage.runtime_ns;
	else
		p->lacks_cpu = true;
}

int process_tree_note(struct process_tree *t, const struct fork_head *head, size_t size)
{
	struct process *p = find(t, head->pid);

	if (head->type == FORK_FORK)
		return note_fork(t, head);
	/* A process that there was before, in a run that is not of a command. */
	if (!p && !t->root->pid && head->type == FORK_EXEC && t->count < PROCESS_TREE_MAX)
		p = add(t, head->pid, t->root);
	/* Those outside the PID namespace have no id. */
	if (!p || !head->pid)
		return 0;
	if (head->type == FORK_EXIT)
		note_exit(p, (const struct fork_exit *)head, size);
	return head->type == FORK_EXEC ? note_exec(p, (const struct fork_exec *)head) : 0;
}

/* Who has not been seen to end still runs, unless the end was hidden. */
static void settle(const struct process_tree *t, struct process *p, process_alive_fn alive,
		   uint64_t now_ns)
{
	/* Another process has its id by now. */
	p->lost = !p->ended && (find(t, p->pid) != p || !alive(p->pid));
	if (!p->ended && !p->lost && p->began_ns) {
		p->wall_ns = now_ns - p->began_ns;
		p->ended_ns = now_ns;
	}
	for (struct process *c = p->children; c; c = c->next)
		settle(t, c, alive, now_ns);
}

void process_tree_settle(struct process_tree *t, process_alive_fn alive, uint64_t now_ns)
{
	settle(t, t->root, alive, now_ns);
}

static bool is_over(const struct process *p, uint64_t before_ns)
{
	bool is_known = p->began_ns || p->latest;

	return !p->children && (p->ended ? p->ended_ns < before_ns : !is_known);
}

static void prune(struct process_tree *t, struct process *parent, uint64_t before_ns)
{
	struct process **at = &parent->children;

	while (*at) {
		struct process *p = *at;

		prune(t, p, before_ns);
		if (!is_over(p, before_ns)) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		parent->nchildren--;
		t->count--;
		if (find(t, p->pid) == p)
			forget(t, p->pid);
		free_programs(p);
		free(p);
	}
}

void process_tree_prune(struct process_tree *t, uint64_t before_ns)
{
	prune(t, t->root, before_ns);
}

const char *process_name(const struct process *p)
{
	if (p->latest)
		return p->latest->name;
	return p->comm;
}

int process_children(const struct process *p, struct process ***childrenp)
{
	struct process **children = calloc(p->nchildren + 1, sizeof(struct process *));
	size_t at = p->nchildren;

	if (!children)
		return -ENOMEM;
	for (struct process *c = p->children; c; c = c->next)
		children[--at] = c;
	*childrenp = children;
	return 0;
}

const char *process_how_ended(const struct process *p, char *text)
{
	char name[FORK_SIGNAL_NAME_MAX];

	text[0] = '\0';
	if (p->lost)
		snprintf(text, PROCESS_END_MAX, "end not seen");
	else if (!p->ended)
		snprintf(text, PROCESS_END_MAX, "still running");
	else if (p->status & 0x7f)
		snprintf(text, PROCESS_END_MAX, "%s",
			 fork_signal_name((int)(p->status & 0x7f), name));
	else if (p->status >> 8)
		snprintf(text, PROCESS_END_MAX, "code %u", p->status >> 8 & 0xff);
	return text;
}
