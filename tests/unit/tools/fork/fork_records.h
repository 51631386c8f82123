/* SPDX-License-Identifier: MIT */
/* Records as programs/fork/fork.bpf.c sends them, and a report into memory, for the tests of what
 * reads them. */
#ifndef FORK_RECORDS_H
#define FORK_RECORDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_line.h"

#define SECOND UINT64_C(1000000000)

/* A report whose text is in @bytes. */
struct sink {
	struct report *report;
	FILE *file;
	char *bytes;
	size_t len;
};

static inline void sink_open(struct sink *s, enum report_format format)
{
	struct report_options opts = { .format = format,
				       .layout.columns = fork_columns,
				       .layout.ncolumns = FORK_COLUMNS,
				       .layout.streaming = true };
	struct error err = ERROR_INIT;

	memset(s, 0, sizeof(*s));
	s->file = open_memstream(&s->bytes, &s->len);
	assert_non_null(s->file);
	opts.out = s->file;
	assert_int_equal(report_new(&s->report, &opts, &err), 0);
}

static inline const char *sink_text(struct sink *s)
{
	assert_int_equal(report_flush(s->report), 0);
	return s->bytes;
}

static inline void sink_close(struct sink *s)
{
	report_free(s->report);
	fclose(s->file);
	free(s->bytes);
}

/* In the initial namespace each id is 1000 more. */
static inline struct fork_head head_of(enum fork_type type, uint64_t time_ns, uint32_t pid,
				       uint32_t ppid, const char *comm)
{
	struct fork_head head = { .time_ns = time_ns,
				  .type = type,
				  .pid = pid,
				  .tid = pid,
				  .ppid = ppid,
				  .host_pid = pid + 1000,
				  .host_tid = pid + 1000,
				  .host_ppid = ppid + 1000 };

	memcpy(head.comm, comm, strnlen(comm, sizeof(head.comm)));
	return head;
}

static inline struct fork_birth birth_of(uint64_t time_ns, uint32_t pid, uint32_t ppid,
					 const char *comm)
{
	struct fork_birth birth = { .head = head_of(FORK_FORK, time_ns, pid, ppid, comm),
				    .by_pid = ppid,
				    .host_by_pid = ppid + 1000 };

	memcpy(birth.parent_comm, comm, strnlen(comm, sizeof(birth.parent_comm)));
	return birth;
}

/* The last thread of a process, with its usage. */
static inline struct fork_exit_usage end_of(uint64_t time_ns, uint32_t pid, const char *comm,
					    uint64_t lifetime_ns, uint32_t status)
{
	return (struct fork_exit_usage){
		.exit = { .head = head_of(FORK_EXIT, time_ns, pid, 1, comm),
			  .lifetime_ns = lifetime_ns,
			  .status = status,
			  .last = 1 },
		.usage = { .runtime_ns = lifetime_ns / 2 },
	};
}

#endif
