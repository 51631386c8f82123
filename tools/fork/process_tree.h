/* SPDX-License-Identifier: MIT */
/*
 * What ran: the processes of a run, who made whom, and which programs each executed. The tree of
 * text at the end of a command and the pictures are drawn from it.
 */
#ifndef FORK_PROCESS_TREE_H
#define FORK_PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fork/records.h"

enum {
	PROCESS_LABEL_MAX = 240,   /* bytes of a command line that are kept */
	PROCESS_DEPTH_MAX = 64,    /* generations below the root that are told apart */
	PROCESS_PROGRAMS_MAX = 64, /* of one process; later ones replace the last */
	PROCESS_END_MAX = 32,      /* bytes of words about an end, with the NUL */
	PROCESS_TREE_MAX = 262144, /* some 100 MB; a command may run for days */
};

/**
 * struct program - a program that a process executed, or tried to
 * @time_ns: when, of clock_monotonic_ns()
 * @ret:     0, or the negative errno of an exec that failed
 * @label:   its command line as a shell would read it, cut at PROCESS_LABEL_MAX bytes
 * @is_cut:  the label is not all of it
 * @name:    its file's name without directories
 */
struct program {
	struct program *next;
	uint64_t time_ns;
	int ret;
	bool is_cut;
	const char *name;
	char label[];
};

/**
 * struct process - one process
 * @pid:      as the tool's PID namespace knows it; another process may have had it before
 * @ended:    its end was seen; @status, @wall_ns and @cpu_ns are known
 * @lost:     it has ended, but that was not seen
 * @lacks_cpu: @cpu_ns is not known, though it has ended
 * @began_ns: of clock_monotonic_ns(): its birth, or the first that was seen of it; 0: nothing was
 * @ended_ns: its end, or that of the run; 0: it is @lost
 * @wall_ns:  how long it has lived by then, since its birth
 * @comm:     its name when it was made; empty: that was not seen
 * @programs, @latest: in order; NULL: none. The latest that did not fail; NULL: there is none
 * @critical: see picture_lay_out()
 * @depth:    generations below the root; a child of one at PROCESS_DEPTH_MAX becomes its sibling
 * @children: the first one, linked by @next: the latest born comes first
 */
struct process {
	uint32_t pid;
	bool ended, lost, critical, lacks_cpu;
	uint32_t status;
	uint64_t began_ns, ended_ns, wall_ns, cpu_ns;
	char comm[FORK_COMM + 1];
	struct program *programs, *latest;
	unsigned depth, nprograms;
	struct process *parent, *children, *next;
	size_t nchildren;
};

/**
 * struct process_tree
 * @root:     the command; without one a process of which nothing is known, and all whose maker is
 *            not known are its children
 * @count:    processes, the root included
 * @unlisted: processes there was no room for
 * @shows_makers: who makes a process and is not known becomes one that is. Set before the first
 *            event
 */
struct process_tree {
	void *by_pid;
	struct process *root;
	size_t count;
	uint64_t unlisted;
	bool shows_makers;
};

/**
 * process_tree_new() - make a tree of one process
 * @root: the command's process id; 0: there is no command
 * Return: 0 or -ENOMEM.
 */
int process_tree_new(struct process_tree **treep, uint32_t root);

void process_tree_free(struct process_tree *tree);

/**
 * process_tree_note() - take note of an event
 * @size: bytes at @head
 * Return: 0 or -ENOMEM.
 */
int process_tree_note(struct process_tree *tree, const struct fork_head *head, size_t size);

/** process_alive_fn - does the process that has this id run? */
typedef bool (*process_alive_fn)(uint32_t pid);

/**
 * process_tree_settle() - the run is over: say of those whose end was not seen how long they ran
 *
 * A filter may hide events: of a process whose end was not seen @alive is asked.
 *
 * @alive:  costs a system call
 * @now_ns: of clock_monotonic_ns(), for processes that still run
 */
void process_tree_settle(struct process_tree *tree, process_alive_fn alive, uint64_t now_ns);

/**
 * process_tree_prune() - forget those without children that ended before a time, and makers of
 * whom nothing else is known
 * @before_ns: of clock_monotonic_ns()
 */
void process_tree_prune(struct process_tree *tree, uint64_t before_ns);

/** process_was_seen() - is anything known of it? */
static inline bool process_was_seen(const struct process *process)
{
	return process->comm[0] || process->latest;
}

/**
 * process_children() - the children in the order of their births
 * @children: @process->nchildren of them, in heap memory that the caller frees
 * Return: 0 or -ENOMEM.
 */
int process_children(const struct process *process, struct process ***children);

/** process_name() - the name of its latest program, or else the one it was born with. */
const char *process_name(const struct process *process);

/**
 * process_how_ended() - "code 1", "SIGSEGV", "still running", "end not seen"; "" for code 0
 * @text: PROCESS_END_MAX bytes
 * Return: @text.
 */
const char *process_how_ended(const struct process *process, char *text);

/** process_failed() - has it ended with a code that is not 0, or by a signal? */
static inline bool process_failed(const struct process *process)
{
	return process->ended && process->status;
}

#endif
