/* SPDX-License-Identifier: MIT */
/*
 * Histograms of durations: the bucket that the kernel chooses against the bounds that the tool
 * knows, sums and quantiles.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "log_histogram.h"

typedef uint32_t u32;
typedef uint64_t u64;
#include "latency.bpf.h"

#define SECOND UINT64_C(1000000000)

/* ---- buckets ---- */

static void test_bounds(void **state)
{
	(void)state;
	assert_true(histogram_lower(0) == 0 && histogram_upper(0) == 64);
	assert_true(histogram_lower(1) == 64 && histogram_upper(1) == 72);
	assert_true(histogram_lower(8) == 120 && histogram_upper(8) == 128);
	assert_true(histogram_lower(9) == 128 && histogram_upper(9) == 144);
	assert_true(histogram_lower(HISTOGRAM_LAST) == UINT64_C(1) << 42);
	assert_true(histogram_upper(HISTOGRAM_LAST) == UINT64_MAX);
	for (unsigned i = 1; i < HISTOGRAM_LAST; i++) {
		uint64_t lower = histogram_lower(i), upper = histogram_upper(i);

		assert_true(upper > lower && (upper - lower) * 8 <= lower);
		assert_true(histogram_upper(i - 1) == lower);
	}
}

static void test_bucket(void **state)
{
	(void)state;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t lower = histogram_lower(i), upper = histogram_upper(i);

		assert_int_equal(histogram_bucket(lower), i);
		assert_int_equal(histogram_bucket(lower + (upper - lower) / 2), i);
		assert_int_equal(histogram_bucket(upper - 1), i);
	}
	for (unsigned bit = 42; bit < 64; bit++)
		assert_int_equal(histogram_bucket(UINT64_C(1) << bit), HISTOGRAM_LAST);
	assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_LAST);
	for (uint64_t ns = 0; ns < 100000; ns++) {
		unsigned i = histogram_bucket(ns);

		assert_true(histogram_lower(i) <= ns && ns < histogram_upper(i));
	}
}

/* ---- sums and averages ---- */

static void add(struct histogram *h, uint64_t ns)
{
	uint32_t counts[HISTOGRAM_BUCKETS] = { 0 };

	counts[histogram_bucket(ns)] = 1;
	histogram_add(h, 1, ns, ns, ns, counts);
}

static void test_empty(void **state)
{
	static const uint32_t counts[HISTOGRAM_BUCKETS];
	struct histogram h = { 0 }, other = { 0 };

	(void)state;
	histogram_add(&h, 0, 0, UINT64_MAX, 5, counts);
	histogram_merge(&h, &other);
	assert_memory_equal(&h, &other, sizeof(h));
	assert_true(histogram_average(&h) == 0);
	assert_true(histogram_quantile(&h, 1, 2) == 0);
	assert_true(histogram_quantile(&h, 1, 1) == 0);
}

static void test_sums(void **state)
{
	struct histogram a = { 0 }, b = { 0 }, all = { 0 };

	(void)state;
	for (uint64_t ns = 0; ns < 1000; ns += 7) {
		add(ns % 2 ? &a : &b, ns);
		add(&all, ns);
	}
	histogram_merge(&a, &b);
	assert_memory_equal(&a, &all, sizeof(a));
	assert_true(a.timed == 143 && a.min_ns == 0 && a.max_ns == 994);
	assert_true(histogram_average(&a) == 497);
	/* The first duration sets the minimum; 0 in an empty histogram is none. */
	memset(&b, 0, sizeof(b));
	add(&b, 500);
	assert_true(b.min_ns == 500);
	memset(&a, 0, sizeof(a));
	histogram_merge(&a, &b);
	assert_true(a.min_ns == 500);
}

/* ---- quantiles ---- */

static void test_single(void **state)
{
	static const uint64_t values[] = {
		0, 1, 63, 64, 1000, 123456789, 5000 * SECOND, UINT64_MAX
	};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct histogram h = { 0 };

		for (int n = 0; n < 3; n++) {
			add(&h, values[i]);
			assert_true(histogram_quantile(&h, 0, 1) == values[i]);
			assert_true(histogram_quantile(&h, 1, 2) == values[i]);
			assert_true(histogram_quantile(&h, 99, 100) == values[i]);
			assert_true(histogram_quantile(&h, 1, 1) == values[i]);
		}
	}
}

/* Nearest rank: of 1, 2, 3, 4 the median is the second. */
static void test_ranks(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 4; i++)
		add(&h, i * 64);
	assert_true(histogram_quantile(&h, 1, 4) == 64);
	assert_int_equal(histogram_bucket(histogram_quantile(&h, 1, 2)), histogram_bucket(128));
	assert_int_equal(histogram_bucket(histogram_quantile(&h, 51, 100)), histogram_bucket(192));
	assert_int_equal(histogram_bucket(histogram_quantile(&h, 3, 4)), histogram_bucket(192));
	assert_true(histogram_quantile(&h, 76, 100) == 256);
}

/* If durations lie at equal distances, the position inside the bucket is exact, too. */
static void test_even(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	for (uint64_t ns = 1; ns <= 100000; ns++)
		add(&h, ns);
	for (unsigned percent = 1; percent < 100; percent++) {
		uint64_t got = histogram_quantile(&h, percent, 100), want = percent * 1000;

		assert_in_range(got, want - 1, want + 1);
	}
}

/* In the first and the last bucket only the smallest and the largest duration bound a quantile. */
static void test_ends(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++) {
		add(&h, 20);
		add(&h, 6000 * SECOND);
	}
	assert_in_range(histogram_quantile(&h, 1, 4), 20, 63);
	assert_in_range(histogram_quantile(&h, 3, 4), UINT64_C(1) << 42, 6000 * SECOND);
}

/* Counts that would overflow when multiplied. */
static void test_large(void **state)
{
	struct histogram h = { .timed = UINT64_MAX, .min_ns = 64, .max_ns = 1023 };

	(void)state;
	h.counts[1] = UINT64_MAX / 2;
	h.counts[20] = UINT64_MAX / 2;
	assert_int_equal(histogram_bucket(histogram_quantile(&h, 999, 2000)), 1);
	assert_int_equal(histogram_bucket(histogram_quantile(&h, 999, 1000)), 20);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Random durations: the bucket is exact, so a quantile is less than 1/8 off. */
static void check_random(unsigned spread, uint32_t seed)
{
	static const unsigned permille[] = { 1, 10, 100, 250, 500, 750, 900, 990, 999 };
	uint64_t values[2000], last = 0;
	struct histogram h = { 0 };

	for (size_t i = 0; i < COUNT(values); i++) {
		uint64_t mantissa = 0x8000u | random_next(&seed);

		values[i] = (mantissa << 25) >> random_next(&seed) % spread;
		add(&h, values[i]);
	}
	qsort(values, COUNT(values), sizeof(values[0]), compare);
	assert_true(histogram_quantile(&h, 0, 1) == values[0]);
	assert_true(histogram_quantile(&h, 1, 1) == values[COUNT(values) - 1]);
	for (size_t i = 0; i < COUNT(permille); i++) {
		uint64_t want = values[permille[i] * COUNT(values) / 1000 - 1];
		uint64_t got = histogram_quantile(&h, permille[i], 1000);
		uint64_t off = got > want ? got - want : want - got;

		assert_int_equal(histogram_bucket(got), histogram_bucket(want));
		assert_true(want < 64 || off * 8 < want);
		assert_true(got >= last);
		last = got;
	}
}

static void test_random(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 100; seed++)
		check_random(1 + seed % 41, seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_empty),  cmocka_unit_test(test_sums),
		cmocka_unit_test(test_single), cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_even),   cmocka_unit_test(test_ends),
		cmocka_unit_test(test_large),  cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
