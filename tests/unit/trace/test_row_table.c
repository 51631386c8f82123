/* SPDX-License-Identifier: MIT */
/* Rows that are added up: each key once, its values merged in whatever order and number they came.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "row_table.h"

struct value {
	uint64_t sum;
	uint64_t most;
};

static void merge(void *to, const void *from)
{
	struct value *a = to;
	const struct value *b = from;

	a->sum += b->sum;
	if (b->most > a->most)
		a->most = b->most;
}

static struct row_table *fresh(void)
{
	struct row_table *rows = NULL;

	assert_int_equal(row_table_new(&rows, sizeof(struct value), merge), 0);
	return rows;
}

static void add(struct row_table *rows, uint32_t pid, uint64_t n)
{
	const struct row_id id = { .pid = pid };
	const struct value value = { n, n };

	assert_int_equal(row_table_add(rows, &id, &value), 0);
}

static const struct value *find(struct row_table *rows, uint32_t pid)
{
	const struct row_id id = { .pid = pid };

	return row_table_find(rows, &id);
}

static void test_empty(void **state)
{
	struct row_table *rows = fresh();

	(void)state;
	assert_int_equal(row_table_count(rows), 0);
	assert_null(find(rows, 1));
	row_table_clear(rows);
	assert_int_equal(row_table_count(rows), 0);
	row_table_free(rows);
	row_table_free(NULL);
}

static void test_merged(void **state)
{
	struct row_table *rows = fresh();

	(void)state;
	add(rows, 7, 3);
	add(rows, 5, 1);
	add(rows, 7, 4);
	assert_int_equal(row_table_count(rows), 2);
	assert_int_equal(find(rows, 7)->sum, 7);
	assert_int_equal(find(rows, 7)->most, 4);
	assert_int_equal(find(rows, 5)->sum, 1);
	/* And on after a look. */
	add(rows, 5, 10);
	add(rows, 6, 2);
	assert_int_equal(row_table_count(rows), 3);
	assert_int_equal(find(rows, 5)->sum, 11);
	row_table_free(rows);
}

/* Keys are their bytes: all of them, the last character of a name too. */
static void test_whole_key(void **state)
{
	struct row_table *rows = fresh();
	struct row_id id = { .cgroup = 1 }, other = { .cgroup = 1 };
	const struct value one = { 1, 1 };

	(void)state;
	other.comm[ROW_COMM - 1] = 'x';
	assert_int_equal(row_table_add(rows, &id, &one), 0);
	assert_int_equal(row_table_add(rows, &other, &one), 0);
	assert_int_equal(row_table_count(rows), 2);
	row_table_free(rows);
}

/* A table that is full still adds to the rows it has, and has room again when it is cleared. */
static void test_full(void **state)
{
	struct row_table *rows = fresh();
	const struct row_id more = { .pid = ROWS_MAX };
	const struct value value = { 1, 1 };

	(void)state;
	assert_int_equal(row_table_most(rows), ROWS_MAX);
	for (uint32_t pid = 0; pid < ROWS_MAX; pid++)
		add(rows, pid, 1);
	assert_int_equal(row_table_add(rows, &more, &value), -ENOSPC);
	add(rows, ROWS_MAX - 1, 5);
	assert_int_equal(find(rows, ROWS_MAX - 1)->sum, 6);
	assert_int_equal(row_table_count(rows), ROWS_MAX);
	row_table_clear(rows);
	assert_int_equal(row_table_add(rows, &more, &value), 0);
	row_table_free(rows);
}

/* Large rows: fewer of them. */
static void test_full_of_large(void **state)
{
	struct row_table *rows = NULL;

	(void)state;
	assert_int_equal(row_table_new(&rows, 8000, merge), 0);
	assert_true(row_table_most(rows) <= ROWS_BYTES / 8000);
	assert_true(row_table_most(rows) > ROWS_BYTES / 8192);
	row_table_free(rows);
}

/* Far more additions than keys, and more keys than there is room for at first. */
static void test_many(void **state)
{
	enum { KEYS = 5003, ROUNDS = 40 };
	struct row_table *rows = fresh();
	uint64_t sum = 0;

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++)
		for (uint32_t i = 0; i < KEYS; i++)
			add(rows, (i * 7919u) % KEYS + 1, round);
	assert_int_equal(row_table_count(rows), KEYS);
	for (size_t i = 0; i < KEYS; i++) {
		const struct row_id *id;
		const struct value *value = row_table_at(rows, i, &id);

		assert_int_equal(value->sum, ROUNDS * (ROUNDS - 1) / 2);
		assert_int_equal(value->most, ROUNDS - 1);
		sum += id->pid;
	}
	assert_int_equal(sum, (uint64_t)KEYS * (KEYS + 1) / 2);
	row_table_clear(rows);
	assert_int_equal(row_table_count(rows), 0);
	add(rows, 1, 1);
	assert_int_equal(find(rows, 1)->sum, 1);
	row_table_free(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),         cmocka_unit_test(test_merged),
		cmocka_unit_test(test_whole_key),     cmocka_unit_test(test_full),
		cmocka_unit_test(test_full_of_large), cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
