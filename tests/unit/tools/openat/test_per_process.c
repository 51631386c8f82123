/* SPDX-License-Identifier: MIT */
/* Sums per process: who stays, who goes, and how much room that takes when very many do. */
#include "unit.h"

#include <string.h>

#include "per_process.h"

/* ---- processes ---- */

/* Alive from @first to @end; @looked: how often it was asked. */
struct living {
	uint32_t first, end;
	size_t looked;
};

static bool is_alive(uint32_t pid, void *context)
{
	struct living *living = context;

	living->looked++;
	return pid >= living->first && pid < living->end;
}

static struct per_process *made(void)
{
	struct per_process *t = NULL;

	assert_int_equal(per_process_new(&t), 0);
	return t;
}

static void add(struct per_process *t, uint32_t first, uint32_t n, uint64_t count)
{
	for (uint32_t pid = first; pid < first + n; pid++)
		assert_int_equal(per_process_add(t, pid, 1, count), 0);
}

/* ---- sums ---- */

static void test_none(void **state)
{
	struct per_process *t = made();
	struct living living = { 0 };

	(void)state;
	per_process_fold(t, is_alive, &living);
	assert_true(per_process_finish(t)->count == 0);
	per_process_free(t);
	per_process_free(NULL);
}

static void test_sums(void **state)
{
	static const uint32_t pids[] = { 0, 1, 1024, 4194303, UINT32_MAX };
	struct per_process *t = made();
	const struct distribution *s;

	(void)state;
	for (uint64_t round = 1; round <= 3; round++)
		for (size_t i = 0; i < COUNT(pids); i++)
			assert_int_equal(per_process_add(t, pids[i], 1, round * (i + 1)), 0);
	assert_int_equal(per_process_count(t), COUNT(pids));
	s = per_process_finish(t);
	assert_true(s->count == 5 && s->sum == 6 * 15 && s->min == 6 && s->max == 30);
	assert_int_equal(per_process_count(t), 0);
	assert_true(per_process_finish(t)->count == 5);
	per_process_add(t, 1, 1, 100);
	assert_true(per_process_finish(t)->count == 6 && s->max == 100);
	per_process_free(t);
}

/* Without any order, against an array. */
static void test_random(void **state)
{
	static uint64_t sums[32768];
	struct per_process *t = made();
	const struct distribution *s;
	struct distribution want = { 0 };
	uint32_t seed = 3;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint32_t pid = random_next(&seed), count = 1 + random_next(&seed) % 100;

		assert_int_equal(per_process_add(t, pid * 4096, 1, count), 0);
		sums[pid] += count;
	}
	for (size_t i = 0; i < COUNT(sums); i++)
		if (sums[i])
			distribution_add(&want, sums[i]);
	assert_int_equal(per_process_count(t), want.count);
	s = per_process_finish(t);
	assert_memory_equal(s, &want, sizeof(want));
	per_process_free(t);
}

/* ---- who goes ---- */

/* Few are not worth the look. */
static void test_few(void **state)
{
	struct per_process *t = made();
	struct living living = { 0 };

	(void)state;
	add(t, 1, PER_PROCESS_FRESH_MAX, 1);
	for (int i = 0; i < 10; i++)
		per_process_fold(t, is_alive, &living);
	assert_int_equal(living.looked, 0);
	assert_int_equal(per_process_count(t), PER_PROCESS_FRESH_MAX);
	per_process_free(t);
}

/* Counted once, though the last of its counts come when it has gone; and so is who lives on. */
static void test_late(void **state)
{
	enum {
		MANY = PER_PROCESS_FRESH_MAX + 1,
		LIVING = 100,
	};
	struct per_process *t = made();
	struct living living = { .first = 1, .end = 1 + LIVING };
	const struct distribution *s;

	(void)state;
	add(t, 1, MANY, 1);
	per_process_fold(t, is_alive, &living);
	assert_int_equal(living.looked, MANY);
	assert_int_equal(per_process_count(t), MANY);
	add(t, 1, MANY, 2);
	per_process_fold(t, is_alive, &living);
	assert_int_equal(living.looked, MANY);
	assert_int_equal(per_process_count(t), LIVING);
	add(t, 1, LIVING, 4);
	s = per_process_finish(t);
	assert_true(s->count == MANY && s->counts[3] == MANY - LIVING && s->counts[7] == LIVING);
	per_process_free(t);
}

/* An id that comes again when its first process has been forgotten is another process. */
static void test_again(void **state)
{
	enum {
		MANY = 2 * PER_PROCESS_FRESH_MAX,
	};
	struct per_process *t = made();
	struct living living = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		add(t, 1, MANY, 5);
		per_process_fold(t, is_alive, &living);
		per_process_fold(t, is_alive, &living);
		assert_int_equal(per_process_count(t), 0);
	}
	assert_true(per_process_finish(t)->counts[5] == 3 * MANY);
	per_process_free(t);
}

/* The same id with another start is another process, and the earlier one has ended. */
static void test_reused(void **state)
{
	enum {
		USES = 3 * PER_PROCESS_FRESH_MAX,
	};
	struct per_process *t = made();
	struct living living = { .first = 1, .end = 8 };
	const struct distribution *s;

	(void)state;
	for (uint64_t start = 1; start <= USES; start++)
		for (uint32_t pid = 1; pid < 4; pid++)
			assert_int_equal(per_process_add(t, pid, start, 2), 0);
	per_process_fold(t, is_alive, &living);
	assert_int_equal(living.looked, 3);
	assert_int_equal(per_process_add(t, 2, 1, 3), 0);
	per_process_fold(t, is_alive, &living);
	assert_int_equal(per_process_count(t), 3);
	s = per_process_finish(t);
	assert_true(s->count == 3 * USES && s->counts[5] == 1 && s->counts[2] == 3 * USES - 1);
	per_process_free(t);
}

/* ---- how much room ---- */

/*
 * 10,000 new processes a second for ten minutes, beside some that live all the time. Each has
 * counts in three readings, one a second, and has gone before the last.
 */
static void check_churn(uint32_t stay)
{
	enum {
		SECONDS = 600,
		NEW = 10000,
	};
	struct per_process *t = made();
	struct living living = { 0 };
	const struct distribution *s;
	size_t most = 0;

	for (uint32_t second = 0; second < SECONDS; second++) {
		uint32_t first = stay + second * NEW;

		add(t, first, NEW, 1);
		if (second >= 1)
			add(t, first - NEW, NEW, 1);
		if (second >= 2)
			add(t, first - 2 * NEW, NEW, 1);
		add(t, UINT32_MAX - stay, stay, 1);
		living.first = first;
		living.end = UINT32_MAX;
		per_process_fold(t, is_alive, &living);
		most = per_process_count(t) > most ? per_process_count(t) : most;
	}
	/* Alive: those of two seconds. Two readings bring as many again. */
	assert_true(most <= (stay + 2 * NEW) * 5 / 4 + PER_PROCESS_FRESH_MAX + 2 * NEW);
	/* To look is no more work than to count, but for those who stay: each four times for each
	 * of them that comes.
	 */
	assert_true(living.looked <= (size_t)SECONDS * NEW * 10);
	s = per_process_finish(t);
	assert_true(s->count == (uint64_t)SECONDS * NEW + stay);
	assert_true(s->sum == 3 * (uint64_t)SECONDS * NEW - 3 * NEW + (uint64_t)stay * SECONDS);
	/* Those of the last seconds have not had all of theirs. */
	assert_true(s->counts[3] == (uint64_t)(SECONDS - 2) * NEW && s->counts[2] == NEW &&
		    s->counts[1] == NEW);
	per_process_free(t);
}

static void test_churn(void **state)
{
	(void)state;
	check_churn(0);
	check_churn(300);
	check_churn(100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),   cmocka_unit_test(test_sums),
		cmocka_unit_test(test_random), cmocka_unit_test(test_few),
		cmocka_unit_test(test_late),   cmocka_unit_test(test_again),
		cmocka_unit_test(test_churn),  cmocka_unit_test(test_reused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
