/* SPDX-License-Identifier: MIT */
/* Memory that is released together: allocations are aligned, do not overlap, and can be reused. */
#define _GNU_SOURCE
#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"

enum { PIECES = 3000 };

static size_t size_of(size_t i)
{
	return i % 1000 == 999 ? 300000 + i : i * 37 % 2000;
}

/* No two allocations share a byte: 2.9 MB in all, some larger than the chunk before. */
static void fill_and_check(struct arena *arena)
{
	unsigned char *pieces[PIECES];

	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = arena_alloc(arena, size_of(i));
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], (int)(i % 251), size_of(i));
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t at = 0; at < size_of(i); at++)
			assert_int_equal(pieces[i][at], i % 251);
}

static void test_pieces(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	fill_and_check(&arena);
	arena_reset(&arena);
	fill_and_check(&arena);
	arena_free(&arena);
	arena_free(&arena);
	arena_reset(&arena);
}

/* A small arena keeps its memory for the next use. */
static void test_a_small_piece_stays(void **state)
{
	struct arena arena = { 0 };
	void *first = arena_alloc(&arena, 100);

	(void)state;
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	arena_free(&arena);
}

static void test_more_than_there_is(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_null(arena_alloc(&arena, SIZE_MAX / 3));
	assert_null(arena_alloc(&arena, SIZE_MAX / 4));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_a_small_piece_stays),
		cmocka_unit_test(test_more_than_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
