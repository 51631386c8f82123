/* SPDX-License-Identifier: MIT */
/* Bytes that are no record of a system call. */
#define _GNU_SOURCE
#include "call_lines.h"

#include <errno.h>

static void check_refused(const struct record *r, size_t size)
{
	char *got = report_with(REPORT_TABLE, false, r, size, table, -EINVAL);

	assert_string_equal(got, "");
	free(got);
}

/* A record that ends too early is refused, wherever it ends. */
static void test_short(void **state)
{
	struct record r = record("mount", 0, ARGS(1, 2, 3));

	(void)state;
	for (size_t size = 0; size < r.size; size++)
		check_refused(&r, size);
	add_text(&r, 0, 1, "abc", 4);
	add_text(&r, 1, 2, "def", 4);
	for (size_t size = 0; size < r.size; size++)
		check_refused(&r, size);
}

/* A perf record is padded to eight bytes; more than that is another record than the sizes say. */
static void test_padding(void **state)
{
	struct record r = opening("abc", 3);

	(void)state;
	memset(r.bytes + r.size, 'Z', 8);
	for (size_t more = 0; more < 8; more++) {
		char *got = report_with(REPORT_TABLE, false, &r, r.size + more, table, 0);

		assert_non_null(strstr(got, "filename=\"abc\", flags"));
		free(got);
	}
	check_refused(&r, r.size + 8);
}

/* Sizes, arguments and calls that do not exist are refused. */
static void test_lies(void **state)
{
	struct record r = opening("abc", 3);

	(void)state;
	event(&r)->part_size[0] = CALL_TEXT_MAX + 1;
	check_refused(&r, sizeof(r.bytes));
	r = opening("abc", 3);
	event(&r)->part_size[1] = 1;
	event(&r)->part_arg[1] = 3;
	event(&r)->part_kind[1] = PART_TEXT;
	check_refused(&r, r.size);
	event(&r)->part_size[1] = UINT16_MAX;
	check_refused(&r, r.size);
	r = opening("abc", 3);
	event(&r)->part_arg[0] = CALL_ARGS + 1;
	check_refused(&r, r.size);
	event(&r)->part_arg[0] = 0;
	check_refused(&r, r.size);
	r = opening("abc", 3);
	event(&r)->part_kind[0] = PART_STRINGS + 1;
	check_refused(&r, r.size);
	event(&r)->part_kind[0] = PART_NONE;
	check_refused(&r, r.size);
	r = opening("abc", 3);
	event(&r)->call = SYSCALL_SLOTS;
	check_refused(&r, r.size);
	event(&r)->call = UINT16_MAX;
	check_refused(&r, r.size);
}

/* Do sizes and numbers fit each other and the record? */
static bool is_record(const struct call_event *e, size_t size)
{
	size_t all = 0;

	for (size_t i = 0; i < CALL_PARTS; i++) {
		size_t most = e->part_kind[i] == PART_TEXT ? CALL_TEXT_MAX : CALL_BYTES_MAX;

		if (e->part_size[i] > most || e->part_arg[i] > CALL_ARGS ||
		    e->part_kind[i] > PART_STRINGS || !e->part_kind[i] != !e->part_arg[i] ||
		    (e->part_size[i] && !e->part_arg[i]))
			return false;
		all += e->part_size[i];
	}
	return e->call < SYSCALL_SLOTS && size >= sizeof(*e) + all && size < sizeof(*e) + all + 8;
}

/* It becomes a line that is JSON, and one line of text. */
static void check_taken(const struct record *r, size_t size)
{
	char *line = report_with(REPORT_TABLE, false, r, size, table, 0);
	char *got = report_with(REPORT_JSON, false, r, size, table, 0);
	json_t *json = json_loads(
		got, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(json);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	json_decref(json);
	free(got);
	free(line);
}

/* Any bytes at all are refused, or become one line. */
static void test_random(void **state)
{
	size_t refused = 0, taken = 0;
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct record r;
		struct call_event *e = event(&r);
		size_t size = sizeof(*e) + random_next(&seed) % 64;

		for (size_t i = 0; i < sizeof(r.bytes); i++)
			r.bytes[i] = (char)random_next(&seed);
		e->call = (uint16_t)(random_next(&seed) % (SYSCALL_SLOTS + 20));
		if (round % 8) {
			size = sizeof(*e) + random_next(&seed) % 9;
			for (size_t i = 0; i < CALL_PARTS; i++) {
				e->part_size[i] = (uint16_t)(random_next(&seed) % 32);
				e->part_arg[i] = (uint8_t)(random_next(&seed) % 20
								   ? 1 + random_next(&seed) % 6
								   : random_next(&seed) % 8);
				e->part_kind[i] = (uint8_t)(random_next(&seed) % 20
								    ? 1 + random_next(&seed) % 4
								    : random_next(&seed) % 6);
				size += e->part_size[i];
			}
		}
		if (is_record(e, size)) {
			check_taken(&r, size);
			taken++;
		} else {
			check_refused(&r, size);
			refused++;
		}
	}
	assert_true(refused > 500 && taken > 500);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_random),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, make_table, free_table);
}
