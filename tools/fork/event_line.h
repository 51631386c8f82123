/* SPDX-License-Identifier: MIT */
/* Records of programs/fork/fork.bpf.c to fields of a report: bytes in, cells and words out. */
#ifndef FORK_EVENT_LINE_H
#define FORK_EVENT_LINE_H

#include "fork/records.h"
#include "report.h"

enum fork_column {
	FORK_PID,
	FORK_TID,
	FORK_PPID,
	FORK_UID,
	FORK_EUID,
	FORK_COMM_,
	FORK_PARENT_COMM,
	FORK_BY_PID,
	FORK_FLAGS,
	FORK_FILENAME,
	FORK_ARGV,
	FORK_TRUNCATED,
	FORK_RET,
	FORK_OLD_COMM,
	FORK_CODE,
	FORK_SIGNAL,
	FORK_CORE,
	FORK_LIFETIME,
	FORK_LAST,
	FORK_USER,
	FORK_SYSTEM,
	FORK_MAX_RSS,
	FORK_MINOR_FAULTS,
	FORK_MAJOR_FAULTS,
	FORK_LINEAGE,
	FORK_HOST_PID,
	FORK_HOST_TID,
	FORK_HOST_PPID,
	FORK_HOST_BY_PID,
	/* of a summary */
	FORK_FORKS,
	FORK_THREADS,
	FORK_EXECS,
	FORK_EXEC_FAILURES,
	FORK_EXITS,
	FORK_COUNT,
	FORK_SPAN,
	FORK_COLUMNS,
};

/** fork_columns - of the events of bcc-fork */
extern const struct column fork_columns[FORK_COLUMNS];

/** struct fork_times - processor time divided as getrusage(2) does it */
struct fork_times {
	uint64_t user_ns, system_ns;
};

/** fork_usage_times() - the exact runtime in the ratio of the sampled user and system time. */
struct fork_times fork_usage_times(const struct fork_usage *usage);

/**
 * struct fork_context - what an event does not know of itself
 * @wall_ns:     what to add to its time to get wall-clock time
 * @lineage:     names of its ancestors and itself, oldest first; @generations: how many; 0: not
 * asked for
 * @host_pids:   show the ids of the initial PID namespace
 * @hide_usage:  an exit's usage was not asked for
 * @indent:      steps to indent its words by, for a tree
 */
struct fork_context {
	uint64_t wall_ns;
	const struct cell *lineage;
	size_t generations;
	unsigned indent;
	bool host_pids;
	bool hide_usage;
};

/**
 * fork_event_type() - check a record and tell its type
 * @size: bytes at @data
 * Return: 0, or -EBADMSG: it is no record of this program.
 */
int fork_event_type(const void *data, size_t size, enum fork_type *type);

/**
 * fork_event_report() - print one record
 * @data: as the program sent it, 8-byte aligned, and as fork_event_type() accepts it
 * Return: what report_event() returned, or -ENOMEM.
 */
int fork_event_report(struct report *report, const void *data, size_t size,
		      const struct fork_context *context);

/** fork_event_failed() - is it an exec that failed? @data as fork_event_type() accepts it. */
bool fork_event_failed(const void *data);

/**
 * fork_indent() - begin the words about a process in a tree
 * @steps: generations below the root; many are told by a number, as a line has an end: "+12 "
 */
void fork_indent(FILE *out, size_t steps);

#endif
