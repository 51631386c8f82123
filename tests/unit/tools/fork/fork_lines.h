/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of event_line.h: records of births, execs and exits, and the text that each
 * becomes, as JSON and as a line.
 */
#ifndef FORK_LINES_H
#define FORK_LINES_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_line.h"
#include "fork_records.h"

#define WALL UINT64_C(1763816583000000000)

static inline struct fork_head head(enum fork_type type)
{
	return (struct fork_head){ .time_ns = 123456789,
				   .type = type,
				   .pid = 1234,
				   .tid = 1235,
				   .ppid = 17,
				   .uid = 1000,
				   .euid = 1000,
				   .host_pid = 1234,
				   .host_tid = 1235,
				   .host_ppid = 17,
				   .comm = "bash" };
}

static inline struct fork_birth birth(enum fork_type type, uint64_t flags)
{
	return (struct fork_birth){ .head = head(type),
				    .flags = flags,
				    .parent_comm = "tmux",
				    .by_pid = 18,
				    .host_by_pid = 18 };
}

static inline struct fork_exit ending(uint32_t status, uint64_t lifetime_ns, bool last)
{
	return (struct fork_exit){
		.head = head(FORK_EXIT), .lifetime_ns = lifetime_ns, .status = status, .last = last
	};
}

/* An exec into @buf. Return: its size. */
static inline size_t exec_record(void *buf, const char *path, const char *args, size_t args_read,
				 size_t args_size)
{
	struct fork_exec exec = { .head = head(FORK_EXEC),
				  .old_comm = "sh",
				  .args_size = (uint32_t)args_size,
				  .args_read = (uint32_t)args_read,
				  .path_size = (uint32_t)strlen(path) + 1 };
	char *data = (char *)buf + sizeof(exec);

	memcpy(buf, &exec, sizeof(exec));
	memcpy(data, path, exec.path_size);
	memcpy(data + exec.path_size, args, args_read);
	return sizeof(exec) + exec.path_size + args_read;
}

/* As the tool does it, with a copy that ends where the record does, so that a byte too many is
 * caught. */
static inline int report_with(struct sink *s, const void *data, size_t size,
			      const struct fork_context *context, enum fork_type *type)
{
	void *copy = malloc(size ? size : 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, data, size);
	r = fork_event_type(copy, size, type);
	if (r == 0)
		r = fork_event_report(s->report, copy, size, context);
	free(copy);
	return r;
}

static const struct fork_context ordinary = { .wall_ns = WALL };

static inline int report(struct sink *s, const void *data, size_t size, enum fork_type *type)
{
	return report_with(s, data, size, &ordinary, type);
}

static inline void check_text_with(enum report_format format, const void *data, size_t size,
				   const struct fork_context *context, const char *want)
{
	enum fork_type type;
	struct sink s;

	sink_open(&s, format);
	assert_int_equal(report_with(&s, data, size, context, &type), 0);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);
}

static inline void check_text(enum report_format format, const void *data, size_t size,
			      enum fork_type want_type, const char *want)
{
	enum fork_type type = FORK_TYPES;
	struct sink s;

	sink_open(&s, format);
	assert_int_equal(report(&s, data, size, &type), 0);
	assert_int_equal(type, want_type);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);
}

#define HEAD_JSON(type)                                                                            \
	"{\"type\":\"" type "\",\"ts\":1763816583.123456789,\"pid\":1234,\"tid\":1235,"            \
	"\"ppid\":17,\"uid\":1000,\"euid\":1000,\"comm\":\"bash\","
#define HEAD_LINE(type) type "     1234     1235       17   1000  bash             "

#endif
