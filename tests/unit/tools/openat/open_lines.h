/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of event_line.h: records of opened files, and the text that each becomes, as
 * JSON, as CSV and as a line.
 */
#ifndef OPEN_LINES_H
#define OPEN_LINES_H

#include "unit.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "event_line.h"
#include "syscall_names.h"

#define WALL UINT64_C(1763816583000000000)

/* As long as any, and aligned. */
struct record {
	_Alignas(8) char bytes[sizeof(struct open_event) + OPEN_TEXT_MAX + 64];
	size_t size;
};

static inline struct open_event *event(struct record *r)
{
	return (struct open_event *)r->bytes;
}

static inline uint16_t slot(enum syscall_abi abi, const char *name)
{
	int number = syscall_number(abi, name);

	assert_true(number >= 0);
	return (uint16_t)((int)abi * ABI_CALLS + number);
}

static inline void add_bytes(struct record *r, const char *bytes, size_t len)
{
	assert_true(r->size + len <= sizeof(r->bytes));
	memcpy(r->bytes + r->size, bytes, len);
	r->size += len;
}

static inline struct record record_of(const char *path, size_t size)
{
	struct record r = { .size = sizeof(struct open_event) };

	*event(&r) = (struct open_event){ .time_ns = 123456789,
					  .duration_ns = 12345,
					  .ret = 3,
					  .flags = O_CLOEXEC,
					  .dirfd = AT_FDCWD,
					  .pid = 1234,
					  .tid = 1235,
					  .uid = 1000,
					  .call = slot(ABI_NATIVE, "openat"),
					  .comm = "cat" };
	event(&r)->text.path_size = (uint16_t)size;
	add_bytes(&r, path, size);
	return r;
}

static inline struct record opening(const char *path)
{
	return record_of(path, strlen(path) + 1);
}

static inline void add_dir(struct record *r, const char *names, size_t size)
{
	event(r)->text.marks |= OPEN_HAS_DIR;
	event(r)->text.dir_size = (uint16_t)size;
	add_bytes(r, names, size);
}

static const struct column *columns_of(enum report_format format)
{
	return format == REPORT_TABLE ? open_event_table_columns : open_event_columns;
}

/* With a copy that ends where the record does, so that a byte too many is caught. Return: heap
 * memory. */
static __attribute__((noinline)) char *report_any(enum report_format format, bool timestamp,
						  const struct record *r, size_t size, int *result)
{
	struct report_options opts = { .format = format,
				       .layout.columns = columns_of(format),
				       .layout.ncolumns = OPEN_EVENT_COLUMNS,
				       .timestamp = timestamp,
				       .layout.streaming = true,
				       .layout.one_type = true,
				       .layout.detail_head = OPEN_EVENT_DETAIL };
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	void *copy = malloc(size ? size : 1);
	char *text = NULL;
	size_t len = 0;

	opts.out = open_memstream(&text, &len);
	assert_true(opts.out && copy);
	memcpy(copy, r->bytes, size);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	*result = open_event_report(report, copy, size, WALL);
	report_free(report);
	fclose(opts.out);
	free(copy);
	return text;
}

static inline char *report_with(enum report_format format, bool timestamp, const struct record *r,
				size_t size, int want)
{
	int result;
	char *text = report_any(format, timestamp, r, size, &result);

	assert_int_equal(result, want);
	return text;
}

static inline void check_line(const struct record *r, const char *want)
{
	static const char head[] = "   1234   1000  cat              ";
	char *got = report_with(REPORT_TABLE, false, r, r->size, 0);

	assert_memory_equal(got, head, strlen(head));
	assert_string_equal(got + strlen(head), want);
	free(got);
}

/* What stands behind comm. */
static inline void check_json(const struct record *r, const char *want)
{
	static const char head[] = "{\"type\":\"open\",\"ts\":1763816583.123456789,\"pid\":1234,"
				   "\"tid\":1235,\"uid\":1000,"
				   "\"comm\":\"cat\",";
	char *got = report_with(REPORT_JSON, false, r, r->size, 0);
	json_t *json = json_loads(got, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);

	assert_non_null(json);
	json_decref(json);
	assert_memory_equal(got, head, strlen(head));
	assert_string_equal(got + strlen(head), want);
	free(got);
}

static inline void check_json_has(const struct record *r, const char *want)
{
	char *got = report_with(REPORT_JSON, false, r, r->size, 0);

	if (!strstr(got, want))
		fail_msg("no %s in %s", want, got);
	free(got);
}

static inline void check_line_ends(const struct record *r, const char *want)
{
	char *got = report_with(REPORT_TABLE, false, r, r->size, 0);
	size_t len = strlen(got), end = strlen(want);

	assert_true(len > end && got[len - 1] == '\n' && !memchr(got, '\n', len - 1));
	got[len - 1] = '\0';
	assert_string_equal(got + len - 1 - end, want);
	free(got);
}

#endif
