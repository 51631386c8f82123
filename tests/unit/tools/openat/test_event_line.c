/* SPDX-License-Identifier: MIT */
/* Records of opened files: the bytes of each to JSON, CSV and a line, and bytes that are none. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_names.h"
#include "error.h"
#include "event_line.h"

#define WALL UINT64_C(1763816583000000000)

/* ---- records ---- */

/* As long as any, and aligned. */
struct record {
	_Alignas(8) char bytes[sizeof(struct open_event) + OPEN_TEXT_MAX + 64];
	size_t size;
};

static struct open_event *event(struct record *r)
{
	return (struct open_event *)r->bytes;
}

static uint16_t slot(enum syscall_abi abi, const char *name)
{
	int number = syscall_number(abi, name);

	assert_true(number >= 0);
	return (uint16_t)((int)abi * ABI_CALLS + number);
}

static void add_bytes(struct record *r, const char *bytes, size_t len)
{
	assert_true(r->size + len <= sizeof(r->bytes));
	memcpy(r->bytes + r->size, bytes, len);
	r->size += len;
}

static struct record record_of(const char *path, size_t size)
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

static struct record opening(const char *path)
{
	return record_of(path, strlen(path) + 1);
}

static void add_dir(struct record *r, const char *names, size_t size)
{
	event(r)->text.marks |= OPEN_HAS_DIR;
	event(r)->text.dir_size = (uint16_t)size;
	add_bytes(r, names, size);
}

/* ---- reports into memory ---- */

static const struct column *columns_of(enum report_format format)
{
	return format == REPORT_TABLE ? open_event_table_columns : open_event_columns;
}

/* With a copy that ends where the record does, so that a byte too many is caught. Return: heap
 * memory. */
static char *report_any(enum report_format format, bool timestamp, const struct record *r,
			size_t size, int *result)
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

static char *report_with(enum report_format format, bool timestamp, const struct record *r,
			 size_t size, int want)
{
	int result;
	char *text = report_any(format, timestamp, r, size, &result);

	assert_int_equal(result, want);
	return text;
}

static void check_line(const struct record *r, const char *want)
{
	static const char head[] = "   1234   1000  cat              ";
	char *got = report_with(REPORT_TABLE, false, r, r->size, 0);

	assert_memory_equal(got, head, strlen(head));
	assert_string_equal(got + strlen(head), want);
	free(got);
}

/* What stands behind comm. */
static void check_json(const struct record *r, const char *want)
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

static void check_json_has(const struct record *r, const char *want)
{
	char *got = report_with(REPORT_JSON, false, r, r->size, 0);

	if (!strstr(got, want))
		fail_msg("no %s in %s", want, got);
	free(got);
}

static void check_line_ends(const struct record *r, const char *want)
{
	char *got = report_with(REPORT_TABLE, false, r, r->size, 0);
	size_t len = strlen(got), end = strlen(want);

	assert_true(len > end && got[len - 1] == '\n' && !memchr(got, '\n', len - 1));
	got[len - 1] = '\0';
	assert_string_equal(got + len - 1 - end, want);
	free(got);
}

/* ---- fields ---- */

static void test_opened(void **state)
{
	struct record r = opening("/etc/passwd");
	char *got;

	(void)state;
	check_line(&r, "3       O_RDONLY O_CLOEXEC  -      12.3us  /etc/passwd\n");
	check_json(&r, "\"call\":\"openat\",\"fd\":3,\"errno\":null,\"flags\":[\"O_RDONLY\",\"O_"
		       "CLOEXEC\"],\"mode\":null,"
		       "\"dirfd\":null,\"path\":\"/etc/"
		       "passwd\",\"truncated\":false,\"duration_ns\":12345}\n");
	got = report_with(REPORT_TABLE, true, &r, r.size, 0);
	assert_memory_equal(got, "13:03:03.123456     1234   1000  cat  ", 38);
	free(got);
	got = report_with(REPORT_CSV, false, &r, r.size, 0);
	assert_string_equal(got, "open,1763816583.123456789,1234,1235,1000,cat,openat,3,,O_RDONLY "
				 "O_CLOEXEC,,,/etc/passwd,"
				 "false,12345\n");
	free(got);
}

static void test_failed(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->ret = -ENOENT;
	event(&r)->flags = O_WRONLY | O_CREAT | O_TRUNC;
	event(&r)->mode = 0644;
	event(&r)->dirfd = 7;
	assert_true(open_event_failed(event(&r)));
	check_line(&r, "ENOENT  O_WRONLY O_CREAT O_TRUNC  0644   12.3us  x\n");
	check_json(&r, "\"call\":\"openat\",\"fd\":null,\"errno\":\"ENOENT\",\"flags\":[\"O_"
		       "WRONLY\",\"O_CREAT\",\"O_TRUNC\"],"
		       "\"mode\":\"0644\",\"dirfd\":7,\"path\":\"x\",\"truncated\":false,"
		       "\"duration_ns\":12345}\n");
	event(&r)->ret = -4095;
	assert_true(open_event_failed(event(&r)));
	event(&r)->ret = 0;
	assert_false(open_event_failed(event(&r)));
	check_json_has(&r, "\"fd\":0,\"errno\":null,");
	event(&r)->ret = -512;
	check_json_has(&r, "\"fd\":null,\"errno\":\"ERESTARTSYS\",");
}

static void test_mode(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->flags = O_TMPFILE | O_RDWR;
	event(&r)->mode = 0;
	check_json_has(&r, "\"flags\":[\"O_RDWR\",\"O_TMPFILE\"],\"mode\":\"0000\"");
	event(&r)->mode = 04755;
	check_json_has(&r, "\"mode\":\"4755\"");
	event(&r)->mode = 0xffff0000 | 0100600;
	check_json_has(&r, "\"mode\":\"0600\"");
	event(&r)->flags = O_DIRECTORY;
	check_json_has(&r, "\"flags\":[\"O_RDONLY\",\"O_DIRECTORY\"],\"mode\":null");
	event(&r)->flags = UINT64_MAX;
	check_json_has(&r, "\"O_TMPFILE\",\"0xffffffffff80003c\"],\"mode\":\"0600\"");
}

static void test_calls(void **state)
{
	static const struct {
		const char *name;
		uint16_t call;
	} uring[] = {
		{ "\"call\":\"io_uring:openat\"", OPEN_URING_OPENAT },
		{ "\"call\":\"io_uring:openat2\"", OPEN_URING_OPENAT2 },
	};
	struct record r = opening("x");
	char name[SYSCALL_NAME_MAX];

	(void)state;
	event(&r)->call = slot(ABI_NATIVE, "openat2");
	check_json_has(&r, "\"call\":\"openat2\"");
	event(&r)->call = slot(ABI_NATIVE, "open_by_handle_at");
	check_json_has(&r, "\"call\":\"open_by_handle_at\"");
#if defined(__x86_64__)
	event(&r)->call = slot(ABI_COMPAT, "openat");
	check_json_has(&r, "\"call\":\"i386:openat\"");
#endif
	for (size_t i = 0; i < COUNT(uring); i++) {
		event(&r)->call = uring[i].call;
		check_json_has(&r, uring[i].name);
	}
	open_slot_name(slot(ABI_NATIVE, "creat"), name, sizeof(name));
	assert_string_equal(name, "creat");
	open_slot_name(SYSCALL_SLOTS - 1, name, sizeof(name));
	assert_non_null(strstr(name, "rt_sigreturn"));
}

/* A request to an io_uring whose end will not be told. */
static void test_no_args(void **state)
{
	struct record r = record_of("", 0);
	char *got;

	(void)state;
	event(&r)->text.marks = OPEN_NO_ARGS;
	event(&r)->call = OPEN_URING_OPENAT;
	event(&r)->ret = event(&r)->duration_ns = 0;
	event(&r)->flags = 0;
	check_line(&r, "-       -                   -           -  -\n");
	check_json(&r, "\"call\":\"io_uring:openat\",\"fd\":null,\"errno\":null,\"flags\":null,"
		       "\"mode\":null,"
		       "\"dirfd\":null,\"path\":null,\"truncated\":false,\"duration_ns\":null}\n");
	got = report_with(REPORT_CSV, false, &r, r.size, 0);
	assert_string_equal(
		got, "open,1763816583.123456789,1234,1235,1000,cat,io_uring:openat,,,,,,,false,\n");
	free(got);
	event(&r)->text.marks = OPEN_NO_RESULT;
	check_line(&r, "-       O_RDONLY            -           -  -\n");
	event(&r)->text.marks = OPEN_NO_RESULT << 1;
	got = report_with(REPORT_JSON, false, &r, r.size, -EINVAL);
	free(got);
}

static void test_no_beginning(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->duration_ns = 0;
	check_line(&r, "3       O_RDONLY O_CLOEXEC  -           -  x\n");
	check_json_has(&r, "\"duration_ns\":null}");
	event(&r)->duration_ns = UINT64_MAX;
	check_json_has(&r, "\"duration_ns\":18446744073709551615}");
}

/* ---- paths ---- */

static void test_dir(void **state)
{
	struct record r = opening("passwd");

	(void)state;
	add_dir(&r, "b\0a", 4);
	check_line_ends(&r, "  /a/b/passwd");
	check_json_has(&r, "\"path\":\"/a/b/passwd\",\"truncated\":false");
	event(&r)->text.marks |= OPEN_DIR_CUT;
	check_line_ends(&r, "  .../a/b/passwd");
	check_json_has(&r, "\"path\":\".../a/b/passwd\",\"truncated\":true");
}

static void test_not_known(void **state)
{
	struct record r = record_of("", 0);

	(void)state;
	check_line_ends(&r, " 12.3us  -");
	check_json_has(&r, "\"path\":null,\"truncated\":false");
	r = opening("");
	check_line_ends(&r, " 12.3us");
	check_json_has(&r, "\"path\":\"\",\"truncated\":false");
}

static void test_cut(void **state)
{
	static char path[OPEN_PATH_MAX + 1];
	struct record r = record_of("/usr/l", 6);

	(void)state;
	event(&r)->text.marks = OPEN_PATH_CUT;
	check_line_ends(&r, "  /usr/l...");
	check_json_has(&r, "\"path\":\"/usr/l\",\"truncated\":true");
	memset(path, 'x', OPEN_PATH_MAX);
	r = record_of(path, OPEN_PATH_MAX);
	event(&r)->text.marks = OPEN_PATH_CUT | OPEN_DIR_CUT;
	memset(path, 'd', OPEN_DIR_MAX - 1);
	path[OPEN_DIR_MAX - 1] = '\0';
	add_dir(&r, path, OPEN_DIR_MAX);
	check_line_ends(&r, "xxxxxxx...");
	check_json_has(&r, "\"path\":\".../ddd");
	check_json_has(&r, "xxx\",\"truncated\":true");
}

/* Nothing in a path or a name can begin another line. */
static void test_hostile(void **state)
{
	struct record r = opening("a\n13:00:00 1 init \033[2J\xff\\\"\xe2\x80\xae");
	char *got;

	(void)state;
	check_line_ends(&r, "  a\\n13:00:00 1 init \\e[2J\\xff\\\\\"\\xe2\\x80\\xae");
	check_json_has(&r, "\"path\":\"a\\n13:00:00 1 init \\u001B[2J\\\\xff\\\\\\\"\\u202e\",");
	memcpy(event(&r)->comm, "\n\033\xff\"..............", OPEN_COMM);
	got = report_with(REPORT_TABLE, false, &r, r.size, 0);
	assert_memory_equal(got, "   1234   1000  \\n\\e\\xff\"............  3 ", 41);
	free(got);
}

/* ---- what is no record ---- */

static void check_refused(const struct record *r, size_t size)
{
	char *got = report_with(REPORT_JSON, false, r, size, -EINVAL);

	assert_string_equal(got, "");
	free(got);
	got = report_with(REPORT_TABLE, false, r, size, -EINVAL);
	assert_string_equal(got, "");
	free(got);
}

static void test_short(void **state)
{
	struct record r = opening("abc");

	(void)state;
	add_dir(&r, "b\0a", 4);
	for (size_t size = 0; size < r.size; size++)
		check_refused(&r, size);
}

/* A perf record is padded to eight bytes; more than that is another record than the sizes say. */
static void test_padding(void **state)
{
	struct record r = opening("abc"), none = record_of("", 0);

	(void)state;
	memset(r.bytes + r.size, 'Z', 8);
	for (size_t more = 0; more < 8; more++) {
		free(report_with(REPORT_TABLE, false, &none, none.size + more, 0));
		free(report_with(REPORT_JSON, false, &r, r.size + more, 0));
	}
	check_refused(&r, r.size + 8);
	check_refused(&none, none.size + 8);
}

static void test_lies(void **state)
{
	struct record r = opening("abc");

	(void)state;
	event(&r)->text.path_size = OPEN_PATH_MAX + 1;
	check_refused(&r, sizeof(r.bytes));
	r = opening("abc");
	event(&r)->text.dir_size = 1;
	check_refused(&r, r.size);
	event(&r)->text.marks = OPEN_HAS_DIR;
	check_refused(&r, r.size);
	event(&r)->text.dir_size = UINT16_MAX;
	check_refused(&r, sizeof(r.bytes));
	r = opening("abc");
	event(&r)->text.path_size--;
	check_refused(&r, r.size);
	event(&r)->text.path_size = 0;
	event(&r)->text.dir_size = UINT16_MAX;
	check_refused(&r, r.size);
	r = opening("abc");
	event(&r)->call = OPEN_SLOTS;
	check_refused(&r, r.size);
	event(&r)->call = UINT16_MAX;
	check_refused(&r, r.size);
}

/* A line that is JSON, and one line of text; or neither. */
static bool check_any(const struct record *r, size_t size)
{
	int result, as_line;
	char *got = report_any(REPORT_JSON, false, r, size, &result);
	char *line = report_any(REPORT_TABLE, false, r, size, &as_line);

	assert_int_equal(result, as_line);
	if (result == 0) {
		json_t *json = json_loads(
			got, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES,
			NULL);

		assert_non_null(json);
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
		json_decref(json);
	} else {
		assert_int_equal(result, -EINVAL);
		assert_string_equal(got, "");
		assert_string_equal(line, "");
	}
	free(got);
	free(line);
	return result == 0;
}

/* Any bytes at all. */
static void test_random(void **state)
{
	size_t refused = 0, taken = 0;
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct record r = { .size = 0 };
		struct open_event *e = event(&r);
		size_t size = sizeof(*e) + random_next(&seed) % 64;

		for (size_t i = 0; i < sizeof(*e) + 64; i++)
			r.bytes[i] = (char)(random_next(&seed) % 3 ? random_next(&seed) : 0);
		e->call = (uint16_t)(random_next(&seed) % (OPEN_SLOTS + 20));
		if (round % 8) {
			e->text.path_size = (uint16_t)(random_next(&seed) % 4);
			e->text.dir_size = (uint16_t)(random_next(&seed) % 4);
			e->text.marks = (uint16_t)(random_next(&seed) % 16);
			size = sizeof(*e) + e->text.path_size + e->text.dir_size +
			       random_next(&seed) % 9;
		}
		if (check_any(&r, size))
			taken++;
		else
			refused++;
	}
	assert_true(refused > 500 && taken > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opened),       cmocka_unit_test(test_failed),
		cmocka_unit_test(test_mode),         cmocka_unit_test(test_calls),
		cmocka_unit_test(test_no_beginning), cmocka_unit_test(test_dir),
		cmocka_unit_test(test_not_known),    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_hostile),      cmocka_unit_test(test_short),
		cmocka_unit_test(test_padding),      cmocka_unit_test(test_lies),
		cmocka_unit_test(test_random),       cmocka_unit_test(test_no_args),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
