/* SPDX-License-Identifier: MIT */
/* Records of several CPUs into the order of their times: what comes out, when, and whole. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "time_merge.h"

enum {
	GOT_MAX = 400000,
	FILL_MAX = 64,
};

/* A record: its time, which one it is, and bytes made from that. */
struct record {
	uint64_t time_ns;
	uint32_t id;
	unsigned char fill[FILL_MAX];
};

static struct {
	uint64_t times[GOT_MAX];
	uint32_t ids[GOT_MAX];
	size_t count;
	size_t fail_at;
} got;

static size_t size_of(uint32_t id)
{
	return offsetof(struct record, fill) + id % (FILL_MAX + 1);
}

static int take(const void *data, size_t size, void *context)
{
	struct record r;

	assert_ptr_equal(context, &got);
	assert_int_equal((uintptr_t)data % 8, 0);
	assert_true(size >= offsetof(struct record, fill) && size <= sizeof(r));
	memcpy(&r, data, size);
	assert_int_equal(size, size_of(r.id));
	for (size_t i = 0; i < size - offsetof(struct record, fill); i++)
		assert_int_equal(r.fill[i], (r.id * 7 + i) & 0xff);
	assert_true(got.count < GOT_MAX);
	got.times[got.count] = r.time_ns;
	got.ids[got.count++] = r.id;
	return got.count == got.fail_at ? -EPIPE : 0;
}

static struct time_merge *begin(void)
{
	struct time_merge *m = NULL;

	got.count = 0;
	got.fail_at = 0;
	assert_int_equal(time_merge_new(&m, take, &got), 0);
	return m;
}

static void add(struct time_merge *m, uint64_t time_ns, uint32_t id)
{
	struct record r = { .time_ns = time_ns, .id = id };

	for (size_t i = 0; i < FILL_MAX; i++)
		r.fill[i] = (unsigned char)(id * 7 + i);
	assert_int_equal(time_merge_add(m, &r, size_of(id)), 0);
	memset(&r, 0xee, sizeof(r)); /* it must have been copied */
}

static void check_ids(const uint32_t *ids, size_t count)
{
	assert_int_equal(got.count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(got.ids[i], ids[i]);
}

#define GOT(...)                                                                                   \
	check_ids((const uint32_t[]){ __VA_ARGS__ }, COUNT(((const uint32_t[]){ __VA_ARGS__ })))

static void test_order(void **state)
{
	struct time_merge *m = begin();

	(void)state;
	add(m, 30, 1);
	add(m, 10, 2);
	add(m, 20, 3);
	add(m, UINT64_MAX - 1, 4);
	add(m, 0, 5);
	assert_int_equal(got.count, 0);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	GOT(5, 2, 3, 1, 4);
	time_merge_free(m);
}

static void test_equal_times(void **state)
{
	struct time_merge *m = begin();

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		add(m, i % 3, i);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(got.count, 1000);
	for (size_t i = 1; i < got.count; i++)
		assert_true(got.times[i - 1] < got.times[i] ||
			    (got.times[i - 1] == got.times[i] && got.ids[i - 1] < got.ids[i]));
	time_merge_free(m);
}

/* Before the mark, not at it; what is kept joins what comes later, and equal times stay in order.
 */
static void test_watermark(void **state)
{
	struct time_merge *m = begin();

	(void)state;
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	add(m, 20, 1);
	add(m, 10, 2);
	add(m, 30, 3);
	assert_int_equal(time_merge_release(m, 10), 0);
	assert_int_equal(got.count, 0);
	assert_int_equal(time_merge_release(m, 20), 0);
	GOT(2);
	add(m, 20, 4);
	add(m, 15, 5);
	add(m, 30, 6);
	assert_int_equal(time_merge_release(m, 21), 0);
	GOT(2, 5, 1, 4);
	assert_int_equal(time_merge_release(m, 21), 0);
	assert_int_equal(time_merge_release(m, 31), 0);
	GOT(2, 5, 1, 4, 3, 6);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	add(m, 1, 7);
	assert_int_equal(time_merge_release(m, 2), 0);
	GOT(2, 5, 1, 4, 3, 6, 7);
	time_merge_free(m);
}

static void test_sizes(void **state)
{
	struct time_merge *m = begin();
	uint64_t time_ns = 5;

	(void)state;
	for (size_t size = 0; size < sizeof(time_ns); size++)
		assert_int_equal(time_merge_add(m, &time_ns, size), -EINVAL);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(got.count, 0);
	/* Every length there is, next to each other: none touches its neighbour. */
	for (uint32_t id = 0; id <= FILL_MAX; id++)
		add(m, FILL_MAX - id, id);
	assert_int_equal(time_merge_release(m, FILL_MAX / 2), 0);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(got.count, FILL_MAX + 1);
	for (uint32_t i = 0; i <= FILL_MAX; i++)
		assert_int_equal(got.ids[i], FILL_MAX - i);
	time_merge_free(m);
}

static int count_bytes(const void *data, size_t size, void *context)
{
	size_t *bytes = context;
	const unsigned char *p = data;

	assert_int_equal(p[size - 1], 0x5a);
	*bytes += size;
	return 0;
}

/* Records far larger than the first room. */
static void test_large_records(void **state)
{
	static const size_t size = 300001;
	char *record = malloc(size);
	struct time_merge *m = NULL;
	size_t bytes = 0;

	(void)state;
	assert_non_null(record);
	memset(record, 0x5a, size);
	assert_int_equal(time_merge_new(&m, count_bytes, &bytes), 0);
	for (int i = 0; i < 30; i++)
		assert_int_equal(time_merge_add(m, record, size), 0);
	free(record);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(bytes, 30 * size);
	time_merge_free(m);
}

/* Eight CPUs, each in order, drained round by round as a stream is: nothing lost, all of it sorted.
 */
static void test_volume(void **state)
{
	enum { CPUS = 8, ROUNDS = 200, EACH = 200 };
	struct time_merge *m = begin();
	uint64_t now[CPUS] = { 0 };
	uint32_t seed = 7, id = 0;

	(void)state;
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		for (int cpu = 0; cpu < CPUS; cpu++) {
			size_t each = random_next(&seed) % EACH;

			if (now[cpu] < (round - 1) * 1000)
				now[cpu] = (round - 1) * 1000;
			for (size_t i = 0; i < each; i++) {
				now[cpu] += random_next(&seed) % 20;
				if (now[cpu] >= round * 1000)
					break;
				add(m, now[cpu], id++);
			}
		}
		assert_int_equal(time_merge_release(m, (round - 1) * 1000), 0);
	}
	assert_true(got.count < id);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(got.count, id);
	assert_true(id > 50000);
	for (size_t i = 1; i < got.count; i++)
		assert_true(got.times[i - 1] <= got.times[i]);
	time_merge_free(m);
}

/* All at once and backwards: the worst there is for a sort. */
static void test_backwards(void **state)
{
	struct time_merge *m = begin();

	(void)state;
	for (uint32_t i = 0; i < GOT_MAX; i++)
		add(m, GOT_MAX - i, i);
	assert_int_equal(time_merge_release(m, UINT64_MAX), 0);
	assert_int_equal(got.count, GOT_MAX);
	for (uint32_t i = 0; i < GOT_MAX; i++)
		assert_int_equal(got.ids[i], GOT_MAX - 1 - i);
	time_merge_free(m);
}

static void test_refused(void **state)
{
	struct time_merge *m = begin();

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		add(m, i, i);
	got.fail_at = 3;
	assert_int_equal(time_merge_release(m, UINT64_MAX), -EPIPE);
	assert_int_equal(got.count, 3);
	time_merge_free(m); /* and the rest with it */
	time_merge_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),         cmocka_unit_test(test_equal_times),
		cmocka_unit_test(test_watermark),     cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_large_records), cmocka_unit_test(test_volume),
		cmocka_unit_test(test_backwards),     cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
