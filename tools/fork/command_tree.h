/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree: how long each process took, and how much processor time it used.
 */
#ifndef FORK_COMMAND_TREE_H
#define FORK_COMMAND_TREE_H

#include "fork/records.h"
#include "report.h"

struct command_tree;

/**
 * command_tree_new() - make a tree of one process
 * @root: the command's process id
 * Return: 0 or -ENOMEM.
 */
int command_tree_new(struct command_tree **treep, uint32_t root);

void command_tree_free(struct command_tree *tree);

/**
 * command_tree_note() - take note of an event of the command or of a descendant
 * @size: bytes at @head
 * Return: 0 or -ENOMEM.
 */
int command_tree_note(struct command_tree *tree, const struct fork_head *head, size_t size);

/** command_tree_alive_fn - does the process that has this id run? */
typedef bool (*command_tree_alive_fn)(uint32_t pid);

/**
 * command_tree_report() - print the tree, among the children of a process the slowest first
 *
 * A filter may hide events: of a process whose end was not seen @alive is asked, and a command of
 * which nothing was seen has no line.
 *
 * @alive:  costs a system call
 * @now_ns: of clock_monotonic_ns(), for processes that still run
 * Return: 0, -ENOMEM, or the negative errno of a failed write.
 */
int command_tree_report(struct command_tree *tree, struct report *report,
			command_tree_alive_fn alive, uint64_t now_ns);

#endif
