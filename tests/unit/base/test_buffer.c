/* SPDX-License-Identifier: MIT */
/* Growing bytes, and numbers as text in them. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "buffer.h"

static void check(struct buffer *b, const char *want)
{
	assert_int_equal(b->err, 0);
	assert_int_equal(b->len, strlen(want));
	assert_memory_equal(b->data, want, b->len);
	buffer_reset(b);
}

static void test_numbers(void **state)
{
	struct buffer b = { 0 };

	(void)state;
	buffer_number(&b, 0);
	buffer_char(&b, ' ');
	buffer_number(&b, UINT64_MAX);
	check(&b, "0 18446744073709551615");
	buffer_integer(&b, INT64_MIN);
	buffer_char(&b, ' ');
	buffer_integer(&b, INT64_MAX);
	buffer_string(&b, " ");
	buffer_integer(&b, -1);
	check(&b, "-9223372036854775808 9223372036854775807 -1");
	buffer_seconds(&b, 1500000000);
	buffer_fill(&b, '-', 3);
	buffer_seconds(&b, 7);
	check(&b, "1.500000000---0.000000007");
	buffer_fraction(&b, 250000);
	buffer_string(&b, "");
	buffer_fraction(&b, 1000001);
	check(&b, "0.2500001.000001");
	buffer_free(&b);
}

/* Far beyond the first allocation, in pieces and at once. */
static void test_growth(void **state)
{
	struct buffer b = { 0 };
	char *end;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buffer_add(&b, "ab", 2);
	assert_int_equal(b.len, 200000);
	assert_true(b.data[199998] == 'a' && b.data[199999] == 'b');
	end = buffer_reserve(&b, 1000000);
	assert_ptr_equal(end, b.data + b.len);
	memset(end, 'x', 1000000);
	b.len += 1000000;
	assert_true(b.data[0] == 'a' && b.data[b.len - 1] == 'x');
	buffer_free(&b);
	assert_true(!b.data && !b.len && !b.size);
}

/* A failure stays until the buffer is reset, and what was there before it stays too. */
static void test_failure(void **state)
{
	struct buffer b = { 0 };

	(void)state;
	buffer_string(&b, "kept");
	assert_null(buffer_reserve(&b, SIZE_MAX - 2));
	assert_int_equal(b.err, -ENOMEM);
	buffer_string(&b, "lost");
	assert_null(buffer_reserve(&b, 1));
	assert_int_equal(b.len, 4);
	buffer_reset(&b);
	buffer_string(&b, "new");
	check(&b, "new");
	buffer_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
