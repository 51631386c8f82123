/* SPDX-License-Identifier: MIT */
/* Strict numbers: valid and invalid ones, and the ends of the range. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "number.h"

#define UNTOUCHED UINT64_C(0x5eed)

static void check_u64(const char *text, uint64_t min, uint64_t max, int want, uint64_t value)
{
	uint64_t got = UNTOUCHED;

	assert_int_equal(number_u64(text, strlen(text), min, max, &got), want);
	assert_true(got == (want == 0 ? value : UNTOUCHED));
}

static void test_u64(void **state)
{
	(void)state;
	check_u64("0", 0, UINT64_MAX, 0, 0);
	check_u64("7", 0, UINT64_MAX, 0, 7);
	check_u64("0012", 0, UINT64_MAX, 0, 12);
	check_u64("1234567890", 0, UINT64_MAX, 0, 1234567890);
	check_u64("18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX);
	check_u64("000000000000000000000000000000018446744073709551615", 0, UINT64_MAX, 0,
		  UINT64_MAX);
}

static void test_u64_range(void **state)
{
	(void)state;
	check_u64("1", 1, 4, 0, 1);
	check_u64("4", 1, 4, 0, 4);
	check_u64("0", 1, 4, -ERANGE, 0);
	check_u64("5", 1, 4, -ERANGE, 0);
	check_u64("18446744073709551616", 0, UINT64_MAX, -ERANGE, 0);
	check_u64("18446744073709551625", 0, UINT64_MAX, -ERANGE, 0);
	check_u64("18446744073709551620", 0, UINT64_MAX, -ERANGE, 0);
	/* These wrap to 0 and 1 if an overflow goes unnoticed. */
	check_u64("36893488147419103232", 0, UINT64_MAX, -ERANGE, 0);
	check_u64("184467440737095516161", 0, UINT64_MAX, -ERANGE, 0);
	check_u64("99999999999999999999999999999999999999999", 0, UINT64_MAX, -ERANGE, 0);
}

static const char *const none[] = {
	"",     "abc", "-1",  "+1",  " 1",  "1 ",   "\t1", "1\n",      "1e9", "1e99",
	"0x10", "1_0", "1,2", "1,",  ",",   "-",    "--1", "1-",       "1/",  "1:",
	"\xb1", "12a", "a12", "nan", "inf", "1''2", "0b1", "\xd9\xa1",
};

static void test_u64_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		check_u64(none[i], 0, UINT64_MAX, -EINVAL, 0);
	check_u64("1.0", 0, UINT64_MAX, -EINVAL, 0);
	/* A text that is no number is EINVAL, however long. */
	check_u64("99999999999999999999999x", 0, 4, -EINVAL, 0);
}

/* The length ends the text, not a NUL. */
static void test_u64_length(void **state)
{
	uint64_t got = UNTOUCHED;

	(void)state;
	assert_int_equal(number_u64("12345", 3, 0, UINT64_MAX, &got), 0);
	assert_true(got == 123);
	assert_int_equal(number_u64("1\0"
				    "2",
				    3, 0, UINT64_MAX, &got),
			 -EINVAL);
	assert_int_equal(number_u64("1", 0, 0, UINT64_MAX, &got), -EINVAL);
	assert_true(got == 123);
}

static void check_seconds(const char *text, uint64_t max_s, int want, uint64_t ns)
{
	uint64_t got = UNTOUCHED;

	assert_int_equal(number_seconds(text, max_s, &got), want);
	assert_true(got == (want == 0 ? ns : UNTOUCHED));
}

static void test_seconds(void **state)
{
	(void)state;
	check_seconds("0", 10, 0, 0);
	check_seconds("0.0", 10, 0, 0);
	check_seconds("1", 10, 0, 1000000000);
	check_seconds("0.25", 10, 0, 250000000);
	check_seconds("0.1", 10, 0, 100000000);
	check_seconds("1.5", 10, 0, 1500000000);
	check_seconds("0.000000001", 10, 0, 1);
	check_seconds("0.999999999", 10, 0, 999999999);
	check_seconds("3.141592653", 10, 0, 3141592653);
	check_seconds("3.010", 10, 0, 3010000000);
	check_seconds("007.5", 10, 0, 7500000000);
}

static void test_seconds_range(void **state)
{
	(void)state;
	check_seconds("10", 10, 0, 10000000000);
	check_seconds("10.000000000", 10, 0, 10000000000);
	check_seconds("10.000000001", 10, -ERANGE, 0);
	check_seconds("11", 10, -ERANGE, 0);
	check_seconds("100000000", 100000000, 0, UINT64_C(100000000000000000));
	check_seconds("18446744073709551615", 100000000, -ERANGE, 0);
	check_seconds("18446744073709551616", 100000000, -ERANGE, 0);
	check_seconds("18446744073709551617.5", 100000000, -ERANGE, 0);
}

static void test_seconds_none(void **state)
{
	static const char *const more[] = {
		".",    ".5",   "1.",   "1..2",         "1.2.3", "1.-5", "1.+5", "1. 5", " 1.5",
		"1.5 ", "1.5s", "-0.5", "0.0000000001", "1.1e1", "1,5",  "0.",   "1.x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		check_seconds(none[i], 10, -EINVAL, 0);
	for (size_t i = 0; i < COUNT(more); i++)
		check_seconds(more[i], 10, -EINVAL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),          cmocka_unit_test(test_u64_range),
		cmocka_unit_test(test_u64_none),     cmocka_unit_test(test_u64_length),
		cmocka_unit_test(test_seconds),      cmocka_unit_test(test_seconds_range),
		cmocka_unit_test(test_seconds_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
