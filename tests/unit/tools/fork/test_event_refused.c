/* SPDX-License-Identifier: MIT */
/* Bytes that are no record, or an odd one, and a report that cannot be written. */
#define _GNU_SOURCE
#include "fork_lines.h"

#include <errno.h>
#include <jansson.h>

#include "names.h"

static void check_refused(const void *data, size_t size)
{
	enum fork_type type = FORK_TYPES;
	struct sink s;

	sink_open(&s, REPORT_JSON);
	assert_int_equal(report(&s, data, size, &type), -EBADMSG);
	assert_string_equal(sink_text(&s), "");
	sink_close(&s);
}

/* A record that ends too early is refused, wherever it ends. */
static void test_short(void **state)
{
	_Alignas(8) char record[256];
	const struct fork_birth b = birth(FORK_THREAD, 0);
	const struct fork_exit e = ending(0, 0, true);
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);

	(void)state;
	for (size_t shorter = 0; shorter < sizeof(b); shorter++)
		check_refused(&b, shorter);
	for (size_t shorter = 0; shorter < sizeof(e); shorter++)
		check_refused(&e, shorter);
	for (size_t shorter = 0; shorter < size; shorter++)
		check_refused(record, shorter);
}

/* Sizes that do not fit the record, and types that do not exist, are refused. */
static void test_lies(void **state)
{
	static const uint32_t types[] = { FORK_TYPES, 5, 255, 1u << 31, UINT32_MAX };
	static const uint32_t sizes[][2] = {
		{ 15, 0 },
		{ 9, 6 },
		{ 8, 7 },
		{ 0, 15 },
		{ UINT32_MAX, 0 },
		{ 0, UINT32_MAX },
		{ UINT32_MAX, UINT32_MAX },
		{ 8, UINT32_MAX - 7 },
		{ 1u << 31, 1u << 31 },
	};
	_Alignas(8) char record[256];
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);
	struct fork_exec *exec = (struct fork_exec *)record;

	(void)state;
	assert_int_equal(size, sizeof(*exec) + 14);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		exec->path_size = sizes[i][0];
		exec->args_read = sizes[i][1];
		check_refused(record, size);
	}
	for (size_t i = 0; i < COUNT(types); i++) {
		exec->head.type = types[i];
		check_refused(record, size);
	}
}

/* A path without an end, arguments without one, more read than there is: shown as far as the bytes
 * go. */
static void test_odd(void **state)
{
	_Alignas(8) char record[256];
	size_t size = exec_record(record, "/bin/ls", "ls\0-l\0", 6, 6);
	struct fork_exec *exec = (struct fork_exec *)record;

	(void)state;
	exec->path_size = 4;
	exec->args_read = 10;
	exec->args_size = 3;
	check_text(REPORT_JSON, record, size, FORK_EXEC,
		   HEAD_JSON("exec") "\"filename\":\"/bin\",\"argv\":[\"/ls\",\"ls\",\"-l\"],"
				     "\"truncated\":false,\"ret\":0,\"old_comm\":\"sh\"}\n");
}

/* Any bytes at all: refused, or a line that is JSON. */
static void test_random(void **state)
{
	size_t refused = 0, taken = 0;
	uint32_t seed = 5;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		_Alignas(8) char record[200];
		size_t size = random_next(&seed) % sizeof(record);
		struct fork_exec *exec = (struct fork_exec *)record;
		enum fork_type type = FORK_TYPES;
		struct sink s;
		int r;

		for (size_t i = 0; i < sizeof(record); i++)
			record[i] = (char)random_next(&seed);
		exec->head.type = random_next(&seed) % (FORK_TYPES + 1);
		if (round % 2) {
			exec->path_size = random_next(&seed) % 80;
			exec->args_read = random_next(&seed) % 80;
		}
		sink_open(&s, REPORT_JSON);
		r = report(&s, record, size, &type);
		if (r == 0) {
			json_t *json = json_loads(sink_text(&s),
						  JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);

			assert_non_null(json);
			assert_string_equal(json_string_value(json_object_get(json, "type")),
					    fork_type_name(type));
			json_decref(json);
			taken++;
		} else {
			assert_int_equal(r, -EBADMSG);
			refused++;
		}
		sink_close(&s);
	}
	assert_true(refused > 1000 && taken > 1000);
}

/* A failed write is passed on as it is. */
static void test_full_disk(void **state)
{
	struct report_options opts = { .format = REPORT_JSON,
				       .layout.columns = fork_columns,
				       .layout.ncolumns = FORK_COLUMNS,
				       .layout.streaming = true };
	const struct fork_exit e = ending(0, 0, true);
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	(void)state;
	opts.out = fopen("/dev/full", "w");
	assert_non_null(opts.out);
	setvbuf(opts.out, NULL, _IONBF, 0);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	assert_int_equal(fork_event_report(report, &e, sizeof(e), &ordinary), -ENOSPC);
	report_free(report);
	fclose(opts.out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short),     cmocka_unit_test(test_lies),
		cmocka_unit_test(test_odd),       cmocka_unit_test(test_random),
		cmocka_unit_test(test_full_disk),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
