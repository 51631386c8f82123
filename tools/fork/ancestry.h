/* SPDX-License-Identifier: MIT */
/*
 * A model of the process tree, begun from /proc and kept up to date by events.
 *
 * A child stays below the process that made it: when that process ends the kernel hands the child
 * to another one, but a person asks where it came from. A process that has ended is kept as long as
 * a descendant within LINEAGE_MAX generations lives. Process id 0 stands for a task outside the PID
 * namespace; it is in no tree.
 */
#ifndef FORK_ANCESTRY_H
#define FORK_ANCESTRY_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

enum {
	PROCESS_NAME_MAX = 16,
	LINEAGE_MAX = 64, /* generations shown */
};

struct ancestry;

/** ancestry_new() - make an empty model. Return: 0 or -ENOMEM. */
int ancestry_new(struct ancestry **processesp);

void ancestry_free(struct ancestry *processes);

/**
 * ancestry_scan() - add the processes that there are
 * @proc: descriptor of a directory like /proc
 * Keeps what is already known. A process that ends while it is read is left out.
 * Return: 0 or negative errno.
 */
int ancestry_scan(struct ancestry *processes, int proc);

/**
 * ancestry_born() - a process began; an earlier one with its id is forgotten
 * @comm: NUL-terminated
 * Return: 0 or -ENOMEM.
 */
int ancestry_born(struct ancestry *processes, uint32_t pid, uint32_t ppid, const char *comm);

/**
 * ancestry_named() - an exec gave a process another name
 * A process that is not known is added as a child of @ppid.
 * Return: 0 or -ENOMEM.
 */
int ancestry_named(struct ancestry *processes, uint32_t pid, uint32_t ppid, const char *comm);

/** ancestry_ended() - a process has ended. */
void ancestry_ended(struct ancestry *processes, uint32_t pid);

/**
 * ancestry_lineage() - list the names from the oldest known ancestor to the process itself
 * @names: up to LINEAGE_MAX cells, borrowed from the model until its next change
 * Return: how many; when there are more, the oldest are left out.
 */
size_t ancestry_lineage(const struct ancestry *processes, uint32_t pid, struct cell *names);

#endif
