/* SPDX-License-Identifier: MIT */
/*
 * Which process is whose child: a model of the process tree, fed by events, begun from /proc.
 *
 * The kernel gives a child whose parent dies to another process; here it stays where it was born,
 * as that is what a person asks for. A process that has ended is kept while one of its descendants
 * lives that is not LINEAGE_MAX generations away. Process id 0, a task outside the PID namespace,
 * is in no tree.
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

struct processes;

/** processes_new() - an empty model. Return: 0 or -ENOMEM. */
int processes_new(struct processes **processesp);

void processes_free(struct processes *processes);

/**
 * processes_scan() - enter the processes there are
 * @proc: descriptor of a directory like /proc
 * What is already known is left as it is. Processes that go away while they are read are passed
 * over.
 */
int processes_scan(struct processes *processes, int proc);

/** processes_born() - a process began. An earlier one with this id is forgotten. Return: 0 or
 * -ENOMEM. */
int processes_born(struct processes *processes, uint32_t pid, uint32_t ppid, const char *comm);

/** processes_named() - it has another name, after an exec. One that is not known begins here, as a
 * child of @ppid. */
int processes_named(struct processes *processes, uint32_t pid, uint32_t ppid, const char *comm);

/** processes_ended() - it has ended. */
void processes_ended(struct processes *processes, uint32_t pid);

/**
 * processes_lineage() - names from the oldest known ancestor to the process itself
 * @names: up to LINEAGE_MAX cells, borrowed from the model until the next change to it
 * Return: how many; the oldest are left out when there are more.
 */
size_t processes_lineage(const struct processes *processes, uint32_t pid, struct cell *names);

#endif
