/* SPDX-License-Identifier: MIT */
/* Histograms of plain counts: sums, quantiles and powers of two. */
#include "unit.h"

#include <stdlib.h>

#include "log_histogram.h"

/* ---- sums ---- */

static void test_empty(void **state)
{
	struct distribution s = { 0 };
	uint64_t octaves[DISTRIBUTION_OCTAVES];

	(void)state;
	assert_true(distribution_mean(&s) == 0 && distribution_quantile(&s, 1, 2) == 0);
	assert_true(distribution_quantile(&s, 0, 1) == 0 && distribution_quantile(&s, 1, 1) == 0);
	assert_int_equal(distribution_octaves(&s, octaves), 0);
}

static void test_sums(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	distribution_add(&s, 7);
	assert_true(s.count == 1 && s.sum == 7 && s.min == 7 && s.max == 7);
	distribution_add(&s, 1000);
	distribution_add(&s, 2);
	assert_true(s.count == 3 && s.sum == 1009 && s.min == 2 && s.max == 1000);
	assert_true(distribution_mean(&s) > 336.33 && distribution_mean(&s) < 336.34);
	distribution_add(&s, 0);
	assert_true(s.min == 0);
	distribution_add(&s, UINT64_MAX);
	assert_true(s.sum == UINT64_MAX && s.max == UINT64_MAX && s.count == 5);
}

/* ---- quantiles ---- */

static void test_single(void **state)
{
	static const uint64_t values[] = { 0,         1,    15,        16,
					   17,        1000, 123456789, UINT64_C(1) << 63,
					   UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct distribution s = { 0 };

		for (int n = 0; n < 3; n++) {
			distribution_add(&s, values[i]);
			assert_true(distribution_quantile(&s, 0, 1) == values[i]);
			assert_true(distribution_quantile(&s, 1, 2) == values[i]);
			assert_true(distribution_quantile(&s, 99, 100) == values[i]);
			assert_true(distribution_quantile(&s, 1, 1) == values[i]);
		}
	}
}

/* Nearest rank: of 1, 2, 3, 4 the median is the second. */
static void test_ranks(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 4; i++)
		distribution_add(&s, i);
	assert_true(distribution_quantile(&s, 1, 4) == 1);
	assert_true(distribution_quantile(&s, 26, 100) == 2);
	assert_true(distribution_quantile(&s, 1, 2) == 2);
	assert_true(distribution_quantile(&s, 51, 100) == 3);
	assert_true(distribution_quantile(&s, 3, 4) == 3);
	assert_true(distribution_quantile(&s, 76, 100) == 4);
}

/* Values below 16, which are the most frequent, are exact. */
static void test_small(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	for (uint64_t value = 0; value < 16; value++)
		for (int n = 0; n < 100; n++)
			distribution_add(&s, value);
	for (unsigned i = 1; i <= 1600; i++)
		assert_true(distribution_quantile(&s, i, 1600) == (i - 1) / 100);
}

/* If values lie at equal distances, the position inside the bucket is exact, too. */
static void test_even(void **state)
{
	struct distribution s = { 0 };

	(void)state;
	for (uint64_t value = 1; value <= 100000; value++)
		distribution_add(&s, value);
	for (unsigned percent = 1; percent < 100; percent++)
		assert_in_range(distribution_quantile(&s, percent, 100), percent * 1000 - 1,
				percent * 1000 + 1);
}

/* Counts that would overflow when multiplied. */
static void test_large(void **state)
{
	struct distribution s = { .count = UINT64_MAX - 1, .min = 1, .max = 3 };

	(void)state;
	s.counts[1] = UINT64_MAX / 2;
	s.counts[3] = UINT64_MAX / 2;
	assert_true(distribution_quantile(&s, 999, 2000) == 1);
	assert_true(distribution_quantile(&s, 999, 1000) == 3);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Random values: quantiles are less than 1/8 off, and in order. */
static void check_random(unsigned width, uint32_t seed)
{
	static const unsigned permille[] = { 1, 10, 100, 250, 500, 750, 900, 990, 999 };
	uint64_t values[2000], last = 0;
	struct distribution s = { 0 };

	for (size_t i = 0; i < COUNT(values); i++) {
		uint64_t mantissa = 0x8000u | random_next(&seed);

		values[i] = (mantissa << 48) >> random_next(&seed) % width;
		distribution_add(&s, values[i]);
	}
	qsort(values, COUNT(values), sizeof(values[0]), compare);
	assert_true(distribution_quantile(&s, 0, 1) == values[0]);
	assert_true(distribution_quantile(&s, 1, 1) == values[COUNT(values) - 1]);
	for (size_t i = 0; i < COUNT(permille); i++) {
		uint64_t want = values[permille[i] * COUNT(values) / 1000 - 1];
		uint64_t got = distribution_quantile(&s, permille[i], 1000);
		uint64_t off = got > want ? got - want : want - got;

		assert_true(want < 16 ? off == 0 : off <= want / 8);
		assert_true(got >= last);
		last = got;
	}
}

static void test_random(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 128; seed++)
		check_random(1 + seed % 64, seed);
}

/* ---- powers of two ---- */

static void test_bounds(void **state)
{
	(void)state;
	assert_true(distribution_octave_from(0) == 0 && distribution_octave_to(0) == 1);
	assert_true(distribution_octave_from(1) == 1 && distribution_octave_to(1) == 2);
	assert_true(distribution_octave_from(2) == 2 && distribution_octave_to(2) == 4);
	assert_true(distribution_octave_from(64) == UINT64_C(1) << 63 &&
		    distribution_octave_to(64) == UINT64_MAX);
}

static void test_octaves(void **state)
{
	uint64_t octaves[DISTRIBUTION_OCTAVES], total = 0;
	struct distribution s = { 0 };

	(void)state;
	for (size_t i = 0; i < DISTRIBUTION_OCTAVES; i++) {
		struct distribution one = { 0 };

		distribution_add(&one, distribution_octave_from(i));
		distribution_add(&one, i + 1 < DISTRIBUTION_OCTAVES ? distribution_octave_to(i) - 1
								    : UINT64_MAX);
		assert_int_equal(distribution_octaves(&one, octaves), i + 1);
		for (size_t j = 0; j < DISTRIBUTION_OCTAVES; j++)
			assert_true(octaves[j] == (j == i ? 2 : 0));
	}
	for (uint64_t value = 0; value < 1000; value++)
		distribution_add(&s, value);
	assert_int_equal(distribution_octaves(&s, octaves), 11);
	assert_true(octaves[0] == 1 && octaves[1] == 1 && octaves[2] == 2 && octaves[9] == 256 &&
		    octaves[10] == 488);
	for (size_t i = 0; i < DISTRIBUTION_OCTAVES; i++)
		total += octaves[i];
	assert_true(total == 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),  cmocka_unit_test(test_sums),
		cmocka_unit_test(test_single), cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_small),  cmocka_unit_test(test_even),
		cmocka_unit_test(test_large),  cmocka_unit_test(test_random),
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_octaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
