/* SPDX-License-Identifier: MIT */
/* Texts of ranges of CPUs, and the file that has one. */
#include "unit.h"

#include <string.h>

#include "online_cpus.h"

static void expect(const char *text, const int *want, size_t count)
{
	const char *at = text;
	int cpu = -1;

	for (size_t i = 0; i < count; i++) {
		assert_true(online_cpus_next(&at, &cpu));
		assert_int_equal(cpu, want[i]);
	}
	assert_false(online_cpus_next(&at, &cpu));
}

static void test_ranges(void **state)
{
	(void)state;
	expect("0\n", (int[]){ 0 }, 1);
	expect("0-3,8,10-11\n", (int[]){ 0, 1, 2, 3, 8, 10, 11 }, 7);
	expect("1,3\n", (int[]){ 1, 3 }, 2);
	expect("5-5", (int[]){ 5 }, 1);
}

/* What is no range ends it. */
static void test_damaged(void **state)
{
	static const char *const texts[] = { "", "\n", "-1", " 1", "x", "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		expect(texts[i], NULL, 0);
	expect("0,x", (int[]){ 0 }, 1);
	expect("0-", NULL, 0);
	expect("3-1,7", NULL, 0);
}

static void test_file(void **state)
{
	struct online_cpus cpus;
	struct error err = ERROR_INIT;
	const char *at = cpus.text;
	int cpu = -1;

	(void)state;
	assert_int_equal(online_cpus_open(&cpus, &err), 0);
	assert_true(online_cpus_next(&at, &cpu));
	assert_false(online_cpus_changed(&cpus));
	online_cpus_forget(&cpus);
	assert_true(online_cpus_changed(&cpus));
	assert_false(online_cpus_changed(&cpus));
	online_cpus_close(&cpus);
	assert_int_equal(cpus.file, -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
