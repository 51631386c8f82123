/* SPDX-License-Identifier: MIT */
/* A hash table that is read entry by entry: each entry once, whatever is deleted meanwhile. */
#define _GNU_SOURCE
#include "unit.h"

#include <bpf/bpf.h>
#include <errno.h>

#include "loading.h"
#include "map_walk.h"

enum {
	ROWS = 3001,
};

/* What a reading sees. @map: where it deletes what stands behind each row; -1: nowhere */
struct seen {
	uint64_t rows[ROWS];
	size_t count;
	int map;
};

static int see(const void *key, const void *value, void *context)
{
	struct seen *seen = context;
	uint32_t k, next;
	uint64_t v;

	memcpy(&k, key, sizeof(k));
	memcpy(&v, value, sizeof(v));
	assert_in_range(k, 0, ROWS - 1);
	assert_int_equal(seen->rows[k], 0);
	seen->rows[k] = v;
	seen->count++;
	next = (k + 1) % ROWS;
	if (seen->map >= 0)
		bpf_map_delete_elem(seen->map, &next);
	return 0;
}

static int refuse(const void *key, const void *value, void *context)
{
	(void)key;
	(void)value;
	(void)context;
	return -EPIPE;
}

static struct loaded *make_table(struct object *o, int *map)
{
	struct error err = ERROR_INIT;
	struct loaded *loaded = NULL;

	add_map(o, "table", BPF_MAP_TYPE_HASH, 4, 8, ROWS, -1);
	assert_int_equal(loader_load(&loaded, o, NULL, NULL, NULL, &err), 0);
	*map = loader_map(loaded, "table", 4, 8);
	for (uint32_t k = 0; k < ROWS; k++) {
		uint64_t v = k + 1000;

		assert_int_equal(bpf_map_update_elem(*map, &k, &v, BPF_ANY), 0);
	}
	return loaded;
}

static size_t read_rows(int map, bool delete, int deletes_from)
{
	struct seen seen = { .map = deletes_from };

	assert_int_equal(map_walk_read(map, 4, 8, delete, see, &seen), 0);
	for (uint32_t k = 0; k < ROWS; k++)
		assert_true(!seen.rows[k] || seen.rows[k] == k + 1000);
	return seen.count;
}

static void test_walk(void **state)
{
	struct object o = { .nmaps = 0 };
	struct loaded *loaded;
	size_t half;
	int map;

	(void)state;
	loaded = make_table(&o, &map);
	assert_int_equal(read_rows(map, false, -1), ROWS);
	assert_int_equal(map_walk_read(map, 4, 8, true, refuse, NULL), -EPIPE);
	assert_int_equal(read_rows(map, false, -1), ROWS);
	/* Each row that is seen deletes another, which may have been seen before. */
	half = read_rows(map, false, map);
	assert_true(half >= ROWS / 2 && half < ROWS);
	half = read_rows(map, true, -1);
	assert_true(half < ROWS);
	assert_int_equal(read_rows(map, true, -1), 0);
	assert_true(map_walk_read(-1, 4, 8, false, refuse, NULL) < 0);
	loader_unload(loaded);
	object_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_walk) };

	return may_load() ? cmocka_run_group_tests(tests, NULL, NULL) : SKIPPED;
}
