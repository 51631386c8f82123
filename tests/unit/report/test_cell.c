/* SPDX-License-Identifier: MIT */
/* Constructors of cells: each sets the member that its kind of column reads. */
#include "unit.h"

#include <string.h>

#include "cell.h"

static void check_text(struct cell cell, const char *want)
{
	assert_false(cell.null);
	assert_int_equal(cell.text.len, strlen(want));
	assert_memory_equal(cell.text.bytes, want, cell.text.len);
}

static void test_strings_end_at_their_nul(void **state)
{
	(void)state;
	check_text(cell_string("some"), "some");
	check_text(cell_string(""), "");
}

static void test_no_string_is_null(void **state)
{
	(void)state;
	assert_true(cell_string(NULL).null);
	assert_int_equal(cell_string(NULL).text.len, 0);
}

static void test_arrays_may_lack_a_nul(void **state)
{
	const char full[4] = { 'c', 'o', 'm', 'm' }, rest[4] = { 'a', '\0', 'b', 'c' };

	(void)state;
	check_text(cell_array(full, sizeof(full)), "comm");
	check_text(cell_array(rest, sizeof(rest)), "a");
}

static void test_texts_may_hold_nuls(void **state)
{
	const struct cell cell = cell_text("a\0b", 3);

	(void)state;
	assert_false(cell.null);
	assert_int_equal(cell.text.len, 3);
	assert_memory_equal(cell.text.bytes, "a\0b", 3);
}

static void test_numbers_keep_sign_and_size(void **state)
{
	(void)state;
	assert_true(cell_number(UINT64_MAX).number == UINT64_MAX);
	assert_false(cell_number(0).null);
	assert_true(cell_signed(INT64_MIN).integer == INT64_MIN);
	assert_true(cell_number_if(true, 7).number == 7);
	assert_false(cell_number_if(true, 7).null);
	assert_true(cell_number_if(false, 7).null);
	assert_true(cell_null().null);
}

static void test_lists_and_pairs_are_borrowed(void **state)
{
	const struct cell items[] = { cell_string("a"), cell_string("b") };
	const struct pair pairs[] = { { .name = "fd", .value = cell_signed(-1) } };

	(void)state;
	assert_ptr_equal(cell_list(items, COUNT(items)).list.cells, items);
	assert_int_equal(cell_list(items, COUNT(items)).list.count, 2);
	assert_ptr_equal(cell_pairs(pairs, COUNT(pairs)).pairs.pairs, pairs);
	assert_int_equal(cell_pairs(pairs, COUNT(pairs)).pairs.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_end_at_their_nul),
		cmocka_unit_test(test_no_string_is_null),
		cmocka_unit_test(test_arrays_may_lack_a_nul),
		cmocka_unit_test(test_texts_may_hold_nuls),
		cmocka_unit_test(test_numbers_keep_sign_and_size),
		cmocka_unit_test(test_lists_and_pairs_are_borrowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
