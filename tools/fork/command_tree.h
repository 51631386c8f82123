/* SPDX-License-Identifier: MIT */
/* What a command ran, as a tree of text: how long each process took, and how much processor time
 * it used. */
#ifndef FORK_COMMAND_TREE_H
#define FORK_COMMAND_TREE_H

#include "process_tree.h"
#include "report.h"

/**
 * command_tree_report() - print a settled tree, among the children of a process the slowest first
 * @top: show so many lines, of what took longest; 0: 100
 *
 * Three or more children of one process that have no children, one name and the same end are one
 * line, with the sums of their times. A process of which nothing was seen has no line.
 *
 * Return: 0, -ENOMEM, or the negative errno of a failed write.
 */
int command_tree_report(const struct process_tree *tree, struct report *report, unsigned top);

#endif
