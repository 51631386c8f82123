/* SPDX-License-Identifier: MIT */
/* Records of opened files, as programs/openat/records.h has them, to fields of a report. */
#ifndef OPENAT_EVENT_LINE_H
#define OPENAT_EVENT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "openat/records.h"
#include "report.h"

enum open_event_column {
	OPEN_EVENT_PID,
	OPEN_EVENT_TID,
	OPEN_EVENT_UID,
	OPEN_EVENT_COMM,
	OPEN_EVENT_CALL,
	OPEN_EVENT_FD,
	OPEN_EVENT_SLOT,
	OPEN_EVENT_ERRNO,
	OPEN_EVENT_FLAGS,
	OPEN_EVENT_MODE,
	OPEN_EVENT_DIRFD,
	OPEN_EVENT_PATH,
	OPEN_EVENT_GIVEN,
	OPEN_EVENT_TRUNCATED,
	OPEN_EVENT_DURATION,
	OPEN_EVENT_COLUMNS,
};

/**
 * open_event_columns - of the events of bcc-openat --stream, in records for programs
 * open_event_table_columns - the same in tables, where an open that failed has the error's name for
 * a descriptor A report of them has @one_type set, and @detail_head is OPEN_EVENT_DETAIL.
 */
extern const struct column open_event_columns[OPEN_EVENT_COLUMNS];
extern const struct column open_event_table_columns[OPEN_EVENT_COLUMNS];

#define OPEN_EVENT_DETAIL "PATH"

/** open_event_layout() - of a report of them in this format. */
struct report_layout open_event_layout(enum report_format format);

/**
 * open_event_report() - print one record
 * @report: of the columns that go with its format
 * @data:   a struct open_event and its text, as the program sent them, 8-byte aligned
 * @size:   its bytes; up to 7 more are the padding of a perf record
 * @wall_ns: what to add to its time to get wall-clock time
 *
 * A line ends with the path as a whole, "..." behind one that is cut, "-" for one that is not
 * known.
 *
 * With OPEN_NO_ARGS there is no descriptor, nor flags, with OPEN_NO_RESULT no descriptor. With
 * OPEN_RING_SLOT there is a slot in place of a descriptor. What the program gave for a path is a
 * field of its own where it differs from the path.
 *
 * Return: what report_event() returned, or -EINVAL when it is no such record.
 */
int open_event_report(struct report *report, const void *data, size_t size, uint64_t wall_ns);

/** open_event_failed() - did it fail? Of a record that open_event_report() has taken. */
bool open_event_failed(const struct open_event *event);

#endif
