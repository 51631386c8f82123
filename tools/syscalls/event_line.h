/* SPDX-License-Identifier: MIT */
/* Records of programs/syscalls/stream.bpf.c to fields of a report, and to lines in the shape of
 * strace's. */
#ifndef SYSCALLS_EVENT_LINE_H
#define SYSCALLS_EVENT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "report.h"
#include "syscall_args.h"

enum call_event_column {
	CALL_EVENT_PID,
	CALL_EVENT_TID,
	CALL_EVENT_UID,
	CALL_EVENT_COMM,
	CALL_EVENT_SYSCALL,
	CALL_EVENT_ARGS,
	CALL_EVENT_TRUNCATED,
	CALL_EVENT_RET,
	CALL_EVENT_ERRNO,
	CALL_EVENT_DURATION,
	CALL_EVENT_COLUMNS,
};

/**
 * call_event_columns - of the events of bcc-syscalls --stream
 * A report of them has @one_type and @detail_escaped set.
 */
extern const struct column call_event_columns[CALL_EVENT_COLUMNS];

/** call_event_layout - of a report of them */
extern const struct report_layout call_event_layout;

/**
 * struct call_context - what a record does not know of itself
 * @wall_ns: what to add to its time to get wall-clock time
 * @args:    names and kinds of arguments; may be NULL; borrowed
 * @limit:   bytes of a buffer to show, see --string-limit
 */
struct call_context {
	uint64_t wall_ns;
	const struct syscall_args_table *args;
	unsigned limit;
};

/**
 * call_event_report() - print one record
 * @data: as the program sent it, 8-byte aligned
 * @size: its bytes; up to 7 more are the padding of a perf record
 *
 * The line: openat(dfd=AT_FDCWD, filename="/etc/passwd", flags=O_RDONLY|O_CLOEXEC) = 3 <12.3us>.
 * What an argument points to is shown as an address if it could not be read; a call whose arguments
 * have no names, as six registers in hex; one whose beginning was not seen, as openat(...) = 3.
 * Records for programs: numbers are numbers, and what has no name is arg1 to arg6.
 *
 * Return: what report_event() returned, or -EINVAL when it is no such record.
 */
int call_event_report(struct report *report, const void *data, size_t size,
		      const struct call_context *context);

/** call_event_failed() - did it fail? Of a record that call_event_report() has taken. */
bool call_event_failed(const struct call_event *event);

#endif
