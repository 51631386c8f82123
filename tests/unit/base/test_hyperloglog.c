/* SPDX-License-Identifier: MIT */
/* Estimates for sets of known size: their bias and their standard error. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "hyperloglog.h"

/* 1.04 / sqrt(OPEN_DISTINCT) */
#define SIGMA 0.0325

/* ---- sets ---- */

/* A different 64-bit number for each @n: the mixer of splitmix64. */
static uint64_t hash_of(uint64_t n)
{
	uint64_t z = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static void note(uint8_t *registers, uint64_t hash)
{
	uint64_t rest = hash << OPEN_DISTINCT_BITS;
	unsigned at = (unsigned)(hash >> (64 - OPEN_DISTINCT_BITS));
	unsigned rank = rest ? 1 + (unsigned)__builtin_clzll(rest) : HYPERLOGLOG_RANK_MAX;

	if (rank > registers[at])
		registers[at] = (uint8_t)rank;
}

/* Add @n values of set @set; no other set has them. */
static void note_some(uint8_t *registers, uint32_t set, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		note(registers, hash_of((uint64_t)set << 32 | i));
}

static uint64_t estimate_of(uint32_t set, uint64_t n)
{
	uint8_t registers[OPEN_DISTINCT] = { 0 };

	note_some(registers, set, n);
	return hyperloglog_estimate(registers);
}

/* ---- few ---- */

static void test_none_and_one(void **state)
{
	uint8_t registers[OPEN_DISTINCT] = { 0 };

	(void)state;
	assert_true(hyperloglog_estimate(registers) == 0);
	for (uint32_t set = 0; set < 2000; set++)
		assert_true(estimate_of(set, 1) == 1);
	for (unsigned rank = 1; rank <= UINT8_MAX; rank++) {
		registers[rank] = (uint8_t)rank;
		assert_true(hyperloglog_estimate(registers) == 1);
		registers[rank] = 0;
	}
}

/* Two values that choose the same register count as one. That is rare among few values. */
static void test_few(void **state)
{
	enum {
		SETS = 2000,
	};

	(void)state;
	for (uint64_t n = 2; n <= 20; n++) {
		unsigned exact = 0, near = 0;

		for (uint32_t set = 0; set < SETS; set++) {
			uint64_t got = estimate_of(set, n);

			assert_in_range(got, n - n / 3 - 1, n + n / 3 + 1);
			exact += got == n;
			near += got + 1 >= n && got <= n + 1;
		}
		assert_true(exact > SETS * 3 / 4);
		assert_true(near > SETS * 97 / 100);
	}
}

/* ---- many ---- */

/*
 * The mean of @sets estimates is off by at most three of its standard errors, plus rounding. The
 * estimates scatter by no more than SIGMA, as far as so few sets can tell.
 */
static void check_many(uint64_t n, uint32_t sets)
{
	double sum = 0, squares = 0, bias, spread, off;

	for (uint32_t set = 0; set < sets; set++) {
		off = ((double)estimate_of(set, n) - (double)n) / (double)n;
		/*
		 * Of a thousand normally distributed estimates, four lie beyond three sigma; here
		 * none lies beyond four and a half.
		 */
		assert_true(off > -4.5 * SIGMA && off < 4.5 * SIGMA);
		sum += off;
		squares += off * off;
	}
	bias = sum / sets;
	spread = squares / sets / (SIGMA * SIGMA);
	print_message("%7llu: bias %+.3f %%, variance %.2f of what it may be\n",
		      (unsigned long long)n, 100 * bias, spread);
	off = (bias < 0 ? -bias : bias) - 0.5 / (double)n;
	assert_true(off < 0 || off * off < 9 * SIGMA * SIGMA / sets);
	/* The standard error of a variance is sqrt(2 / sets) of it. */
	assert_true(spread < 1 || (spread - 1) * (spread - 1) < 9 * 2.0 / sets);
}

static void test_many(void **state)
{
	static const struct {
		uint64_t n;
		uint32_t sets;
	} cases[] = {
		{ 50, 2000 },    { 100, 2000 },   { 200, 2000 },    { 500, 2000 },  { 1000, 1000 },
		{ 1500, 1000 },  { 2000, 1000 },  { 2500, 1000 },   { 3000, 1000 }, { 4000, 1000 },
		{ 5000, 1000 },  { 7500, 500 },   { 10000, 500 },   { 20000, 300 }, { 50000, 200 },
		{ 100000, 100 }, { 300000, 100 }, { 1000000, 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_many(cases[i].n, cases[i].sets);
}

/* More values never make the estimate smaller. */
static void test_grows(void **state)
{
	uint8_t registers[OPEN_DISTINCT] = { 0 };
	uint64_t last = 0;

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		uint64_t got;

		note(registers, hash_of(i));
		got = hyperloglog_estimate(registers);
		assert_true(got >= last);
		last = got;
		note(registers, hash_of(i / 2));
		assert_true(hyperloglog_estimate(registers) == last);
	}
}

/* ---- registers that no real set has ---- */

/*
 * All registers have the same rank: about alpha * OPEN_DISTINCT * 2^rank, until that does not fit.
 */
static void test_full(void **state)
{
	uint8_t registers[OPEN_DISTINCT];
	uint64_t last = 0;

	(void)state;
	for (unsigned rank = 1; rank <= UINT8_MAX; rank++) {
		uint64_t got;

		memset(registers, (int)rank, sizeof(registers));
		got = hyperloglog_estimate(registers);
		assert_true(rank > HYPERLOGLOG_RANK_MAX ? got == last : got > last);
		if (rank < HYPERLOGLOG_RANK_MAX) {
			double want = 0.72134752 * OPEN_DISTINCT * (double)(UINT64_C(1) << rank);

			assert_true((double)got > 0.9999 * want - 1 &&
				    (double)got < 1.0001 * want + 1);
		}
		last = got;
	}
	assert_true(last == UINT64_MAX);
}

/* Some registers have the largest rank, whose term in the sum is tau(). */
static void test_saturated(void **state)
{
	uint8_t registers[OPEN_DISTINCT];
	uint64_t last = 0;

	(void)state;
	memset(registers, HYPERLOGLOG_RANK_MAX - 1, sizeof(registers));
	for (unsigned i = 0; i < OPEN_DISTINCT; i++) {
		registers[i] = HYPERLOGLOG_RANK_MAX;
		assert_true(hyperloglog_estimate(registers) >= last);
		last = hyperloglog_estimate(registers);
	}
	assert_true(last == UINT64_MAX);
	memset(registers, 0, sizeof(registers));
	registers[5] = HYPERLOGLOG_RANK_MAX;
	assert_true(hyperloglog_estimate(registers) == 1);
}

/* ---- merged ---- */

static void test_merge(void **state)
{
	uint8_t a[OPEN_DISTINCT] = { 0 }, b[OPEN_DISTINCT] = { 0 }, all[OPEN_DISTINCT] = { 0 },
		none[OPEN_DISTINCT] = { 0 };

	(void)state;
	note_some(a, 1, 700);
	note_some(b, 2, 900);
	note_some(b, 1, 300);
	note_some(all, 1, 700);
	note_some(all, 2, 900);
	hyperloglog_merge(a, b);
	assert_memory_equal(a, all, sizeof(a));
	hyperloglog_merge(a, none);
	assert_memory_equal(a, all, sizeof(a));
	hyperloglog_merge(none, a);
	assert_memory_equal(none, all, sizeof(a));
	hyperloglog_merge(a, a);
	assert_memory_equal(a, all, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_and_one), cmocka_unit_test(test_few),
		cmocka_unit_test(test_many),         cmocka_unit_test(test_grows),
		cmocka_unit_test(test_full),         cmocka_unit_test(test_saturated),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
