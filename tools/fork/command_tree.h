/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree of text: how long each process took, and how much processor time
 * it used. */
#ifndef FORK_COMMAND_TREE_H
#define FORK_COMMAND_TREE_H

#include "process_tree.h"
#include "report.h"

/**
 * command_tree_report() - print a settled tree, among the children of a process the slowest first
 * A process of which nothing was seen has no line.
 * Return: 0, -ENOMEM, or the negative errno of a failed write.
 */
int command_tree_report(const struct process_tree *tree, struct report *report);

#endif
