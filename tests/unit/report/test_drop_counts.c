/* SPDX-License-Identifier: MIT */
/* Drops: their sum, and the names of their causes. */
#define _GNU_SOURCE
#include "sink.h"

/* A sum that does not fit stays the largest number. */
static void test_total(void **state)
{
	(void)state;
	assert_true(drops_total(&(struct drops){ 1, 2, 3, 4, 5, 6, 7 }) == 15);
	assert_true(drops_total(&(struct drops){ BIG, 1, 0, 1, 1, 1, 1 }) == BIG);
}

/* Causes are listed with the names that JSON and tables use; what is not dropped is no cause. */
static void test_causes(void **state)
{
	const struct drops drops = { 1, 2, 3, 4, 5, 6, 7 };
	struct drop_cause causes[DROP_CAUSES];

	(void)state;
	drops_by_cause(&drops, causes);
	for (size_t i = 0; i < DROP_CAUSES; i++)
		assert_int_equal(causes[i].count, i + 1);
	assert_string_equal(causes[0].key, "map_full");
	assert_string_equal(causes[0].words, "map full");
	assert_string_equal(causes[1].key, "buffer");
	assert_string_equal(causes[1].words, "buffer full");
	assert_string_equal(causes[4].key, "unread");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
