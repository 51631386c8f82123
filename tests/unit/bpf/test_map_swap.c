/* SPDX-License-Identifier: MIT */
/* Tables that are read by swapping them: every row once, and nothing after the stop. */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/bpf.h>
#include <errno.h>

#include "loading.h"
#include "map_swap.h"

enum {
	ROWS = 3000, /* more than one batch */
};

static uint64_t seen[ROWS];

static int see(const void *key, const void *value, void *context)
{
	uint32_t k;
	uint64_t v;

	memcpy(&k, key, sizeof(k));
	memcpy(&v, value, sizeof(v));
	assert_in_range(k, 0, ROWS - 1);
	assert_true(v != 0 && seen[k] == 0);
	seen[k] = v;
	(*(size_t *)context)++;
	return 0;
}

static int refuse(const void *key, const void *value, void *context)
{
	(void)key;
	(void)value;
	(void)context;
	return -EPIPE;
}

static size_t read_rows(struct map_swap *swap)
{
	struct error err = ERROR_INIT;
	size_t rows = 0;

	memset(seen, 0, sizeof(seen));
	assert_int_equal(map_swap_read(swap, see, &rows, &err), 0);
	return rows;
}

static void put(int map, uint32_t key, uint64_t value)
{
	assert_int_equal(bpf_map_update_elem(map, &key, &value, BPF_ANY), 0);
}

/* Return: id of the map that a program would find; 0 if there is none. */
static uint32_t installed(int outer)
{
	uint32_t zero = 0, id = 0;

	return bpf_map_lookup_elem(outer, &zero, &id) == 0 ? id : 0;
}

/* Without maps of maps the program finds the number of one of two tables. */
static void test_numbered(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct map_swap swap;
	size_t fds = open_descriptors();

	(void)state;
	add_map(&o, "table", BPF_MAP_TYPE_HASH, 4, 8, ROWS, -1);
	add_map(&o, "other_table", BPF_MAP_TYPE_HASH, 4, 8, ROWS, -1);
	add_map(&o, "tables", BPF_MAP_TYPE_ARRAY, 4, 4, 1, -1);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(map_swap_init(&swap, loaded, "tables", "table", 4, 8, &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	assert_int_equal(map_swap_start(&swap, &err), 0);
	assert_int_equal(installed(swap.outer), 1);
	put(loader_map(loaded, "table", 4, 8), 1, 10);
	assert_int_equal(read_rows(&swap), 1);
	assert_int_equal(installed(swap.outer), 2);
	put(loader_map(loaded, "other_table", 4, 8), 2, 20);
	assert_int_equal(read_rows(&swap), 1);
	assert_true(seen[2] == 20);
	assert_int_equal(installed(swap.outer), 1);
	put(loader_map(loaded, "table", 4, 8), 3, 30);
	assert_int_equal(map_swap_stop(&swap, &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	assert_int_equal(read_rows(&swap), 1);
	map_swap_clear(&swap);
	loader_unload(loaded);
	assert_int_equal(open_descriptors(), fds);
	object_clear(&o);
}

static void test_swap(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct map_swap swap;
	uint32_t first;
	size_t fds = open_descriptors();

	(void)state;
	add_map(&o, "table", BPF_MAP_TYPE_HASH, 4, 8, ROWS, -1);
	add_map(&o, "tables", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 1, 0);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(map_swap_init(&swap, loaded, "tables", "table", 4, 8, &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	assert_int_equal(map_swap_start(&swap, &err), 0);
	first = installed(swap.outer);
	assert_int_not_equal(first, 0);

	/* A full table, larger than a batch. The program gets the other one. */
	for (uint32_t i = 0; i < ROWS; i++)
		put(swap.maps[swap.active], i, i + 1);
	assert_int_equal(read_rows(&swap), ROWS);
	for (uint32_t i = 0; i < ROWS; i++)
		assert_true(seen[i] == i + 1);
	assert_int_not_equal(installed(swap.outer), first);
	/* The second is empty, and so is the first, which has been read. */
	assert_int_equal(read_rows(&swap), 0);
	assert_int_equal(installed(swap.outer), first);
	assert_int_equal(read_rows(&swap), 0);
	put(swap.maps[swap.active], 5, 50);
	assert_int_equal(read_rows(&swap), 1);
	assert_true(seen[5] == 50);

	/* The callback's failure ends the reading. */
	put(swap.maps[swap.active], 6, 60);
	assert_int_equal(map_swap_read(&swap, refuse, NULL, &err), -EPIPE);

	/* After the stop the rest can be read, and no table is installed. */
	put(swap.maps[swap.active], 7, 70);
	assert_int_equal(map_swap_stop(&swap, &err), 0);
	assert_int_equal(installed(swap.outer), 0);
	read_rows(&swap);
	assert_true(seen[7] == 70);
	assert_int_equal(installed(swap.outer), 0);

	map_swap_clear(&swap);
	loader_unload(loaded);
	assert_int_equal(open_descriptors(), fds);
	object_clear(&o);
	error_clear(&err);
}

static void test_swap_refused(void **state)
{
	struct object o = { .nmaps = 0 };
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;
	struct map_swap swap;

	(void)state;
	add_map(&o, "table", BPF_MAP_TYPE_HASH, 4, 8, 1, -1);
	assert_int_equal(loader_load(&loaded, &o, NULL, NULL, NULL, &err), 0);
	assert_int_equal(map_swap_init(&swap, loaded, "tables", "table", 4, 8, &err), -ENOENT);
	map_swap_clear(&swap);
	assert_int_equal(map_swap_init(&swap, loaded, "table", "nosuch", 4, 8, &err), -ENOENT);
	map_swap_clear(&swap);
	error_clear(&err);
	loader_unload(loaded);
	object_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbered),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_swap_refused),
	};

	return may_load() ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
}
