/* SPDX-License-Identifier: MIT */
/* Bytes that are no record of an open. */
#define _GNU_SOURCE
#include "open_lines.h"

#include <errno.h>

static void check_refused(const struct record *r, size_t size)
{
	char *got = report_with(REPORT_JSON, false, r, size, -EINVAL);

	assert_string_equal(got, "");
	free(got);
	got = report_with(REPORT_TABLE, false, r, size, -EINVAL);
	assert_string_equal(got, "");
	free(got);
}

/* A record that ends too early is refused, wherever it ends. */
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

/* Sizes that do not fit the record, and calls that do not exist, are refused. */
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

/* Any bytes at all are refused, or become one line. */
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
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_random),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
