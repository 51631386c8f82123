/* SPDX-License-Identifier: MIT */
/* A set of ids: sorted, each id once, and not lost while it grows. */
#include "unit.h"

#include <stdlib.h>

#include "id_set.h"

static void test_empty(void **state)
{
	struct id_set set = { 0 };

	(void)state;
	assert_false(id_set_has(&set, 0));
	assert_false(id_set_has(&set, UINT32_MAX));
}

static void test_add(void **state)
{
	enum { IDS = 1000 };
	struct id_set set = { 0 };

	(void)state;
	/* 7 has no factor in common with 1000, so this visits each number once. */
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < IDS; i++)
			assert_int_equal(id_set_add(&set, 2 * (i * 7 % IDS)), 0);
	assert_int_equal(set.count, IDS);
	for (uint32_t i = 0; i < IDS; i++) {
		assert_int_equal(set.ids[i], 2 * i);
		assert_true(id_set_has(&set, 2 * i));
		assert_false(id_set_has(&set, 2 * i + 1));
	}
	assert_int_equal(id_set_add(&set, UINT32_MAX), 0);
	assert_true(id_set_has(&set, UINT32_MAX));
	free(set.ids);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
