/* SPDX-License-Identifier: MIT */
/* The hash table: keys are found again, also after collisions and removals. */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>

#include "hash.h"

/* Items are numbers. @bits: how many bits of a hash are used; few make collisions. */
struct numbers {
	struct hash_index index;
	uint64_t *list;
	unsigned bits;
};

static uint64_t hash_in(const struct numbers *n, uint64_t number)
{
	return hash_number(number) & ((UINT64_C(1) << n->bits) - 1);
}

static uint64_t hash_item(const void *owner, uint32_t item)
{
	const struct numbers *n = owner;

	return hash_in(n, n->list[item]);
}

static bool is_number(const void *owner, uint32_t item, const void *key)
{
	return ((const struct numbers *)owner)->list[item] == *(const uint64_t *)key;
}

static uint32_t find(const struct numbers *n, uint64_t number)
{
	return hash_index_find(&n->index, hash_in(n, number), is_number, n, &number);
}

static void add(struct numbers *n, uint64_t number)
{
	assert_int_equal(hash_index_reserve(&n->index, &n->list, sizeof(*n->list), hash_item, n),
			 0);
	n->list[n->index.count] = number;
	hash_index_add(&n->index, hash_in(n, number));
}

static void test_empty(void **state)
{
	struct numbers n = { .bits = 32 };

	(void)state;
	assert_int_equal(find(&n, 0), HASH_NONE);
	hash_index_refill(&n.index, 0, hash_item, &n);
	assert_int_equal(find(&n, 7), HASH_NONE);
	hash_index_free(&n.index);
	free(n.list);
}

/* With every kind of hash: good, of 16 values, and the same for all. */
static void test_found_again(void **state)
{
	static const unsigned bits[] = { 32, 4, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(bits); i++) {
		struct numbers n = { .bits = bits[i] };
		uint32_t end = bits[i] < 32 ? 500 : 5000;

		for (uint32_t k = 0; k < end; k++) {
			assert_int_equal(find(&n, k * 3), HASH_NONE);
			add(&n, k * 3);
			assert_int_equal(find(&n, k * 3), k);
		}
		for (uint32_t k = 0; k < end; k++)
			assert_int_equal(find(&n, k * 3), k);
		assert_int_equal(find(&n, 1), HASH_NONE);
		assert_int_equal(n.index.count, end);
		assert_true(n.index.size >= 2 * n.index.count);
		hash_index_free(&n.index);
		free(n.list);
		assert_int_equal(find(&n, 0), HASH_NONE);
	}
}

/* A caller removes every second item from its array. */
static void test_removed(void **state)
{
	struct numbers n = { .bits = 6 };
	size_t size;

	(void)state;
	for (uint32_t k = 0; k < 1000; k++)
		add(&n, k);
	size = n.index.size;
	for (uint32_t k = 0; k < 500; k++)
		n.list[k] = n.list[2 * k + 1];
	hash_index_refill(&n.index, 500, hash_item, &n);
	assert_int_equal(n.index.size, size);
	for (uint32_t k = 0; k < 1000; k++)
		assert_int_equal(find(&n, k), k % 2 ? k / 2 : HASH_NONE);
	add(&n, 0);
	assert_int_equal(find(&n, 0), 500);
	hash_index_free(&n.index);
	free(n.list);
}

/* Memory goes back when most items are gone, and those that are left are found. */
static void test_shrunk(void **state)
{
	struct numbers n = { .bits = 32 };

	(void)state;
	for (uint32_t k = 0; k < 10000; k++)
		add(&n, k);
	hash_index_shrink(&n.index, &n.list, sizeof(*n.list), hash_item, &n);
	assert_true(n.index.size >= 2 * 10000);
	hash_index_refill(&n.index, 1000, hash_item, &n);
	hash_index_shrink(&n.index, &n.list, sizeof(*n.list), hash_item, &n);
	assert_true(n.index.size >= 2 * 1000 && n.index.size <= 8 * 1000);
	for (uint32_t k = 0; k < 2000; k++)
		assert_int_equal(find(&n, k), k < 1000 ? k : HASH_NONE);
	for (uint32_t k = 1000; k < 5000; k++)
		add(&n, k);
	assert_int_equal(find(&n, 4999), 4999);
	hash_index_refill(&n.index, 0, hash_item, &n);
	hash_index_shrink(&n.index, &n.list, sizeof(*n.list), hash_item, &n);
	assert_int_equal(n.index.size, HASH_PLACES_MIN);
	hash_index_free(&n.index);
	free(n.list);
}

/* All bytes count, and how many there are. */
static void test_bytes(void **state)
{
	static const char text[] = "0123456789abcdef\0\0";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		char other[sizeof(text)];

		for (size_t shorter = 0; shorter < len; shorter++)
			assert_true(hash_bytes(text, len) != hash_bytes(text, shorter));
		for (size_t i = 0; i < len; i++) {
			memcpy(other, text, sizeof(text));
			other[i] ^= 1;
			assert_true(hash_bytes(other, len) != hash_bytes(text, len));
		}
	}
}

/* Values of other implementations: that of the authors' test, and CPython's with PYTHONHASHSEED=0.
 */
static void test_siphash(void **state)
{
	static const uint64_t counted[2] = { UINT64_C(0x0706050403020100),
					     UINT64_C(0x0f0e0d0c0b0a0908) },
			      zero[2] = { 0, 0 };

	(void)state;
	assert_true(hash_with_key(counted, "", 0) == UINT64_C(0xabac0158050fc4dc));
	assert_true((int64_t)hash_with_key(zero, "abc", 3) == INT64_C(-4594863902769663758));
	assert_true((int64_t)hash_with_key(zero, "0123456789abcdef", 16) ==
		    INT64_C(2108444454683020324));
	assert_true((int64_t)hash_with_key(zero, "0123456789abcdefXYZ", 19) ==
		    INT64_C(2899885535711926331));
}

/* What this program prints when it is started again with an argument: a hash. */
static uint64_t hash_of_another_process(void)
{
	FILE *said;
	uint64_t hash = 0;

	said = popen("exec \"$PROGRAM\" hash", "r");
	assert_non_null(said);
	assert_int_equal(fscanf(said, "%" SCNx64, &hash), 1);
	assert_int_equal(pclose(said), 0);
	return hash;
}

/* Nobody can choose keys that collide in a process: its hash is another one each time. */
static void test_secret(void **state)
{
	uint64_t one = hash_of_another_process(), other = hash_of_another_process();

	(void)state;
	assert_true(one != other && one != hash_number(1) && other != hash_number(1));
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),   cmocka_unit_test(test_found_again),
		cmocka_unit_test(test_removed), cmocka_unit_test(test_shrunk),
		cmocka_unit_test(test_bytes),   cmocka_unit_test(test_siphash),
		cmocka_unit_test(test_secret),
	};

	if (argc > 1) {
		printf("%" PRIx64 "\n", hash_number(1));
		return 0;
	}

	setenv("PROGRAM", argv[0], 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
