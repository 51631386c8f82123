/* SPDX-License-Identifier: MIT */
/* Drops: their sum, the names of their causes, and what was added in a period. */
#define _GNU_SOURCE
#include "sink.h"

/* A sum that does not fit stays the largest number. */
static void test_total(void **state)
{
	(void)state;
	assert_true(drops_total(&(struct drops){ 1, 2, 3, 4, 5, 6, 7 }) == 15);
	assert_true(drops_total(&(struct drops){ BIG, 1, 0, 1, 1, 1, 1 }) == BIG);
}

/* Causes are listed with the names that JSON and tables use; what is not dropped is no cause. */
static void test_causes(void **state)
{
	const struct drops drops = { 1, 2, 3, 4, 5, 6, 7 };
	struct drop_cause causes[DROP_CAUSES];

	(void)state;
	drops_by_cause(&drops, causes);
	for (size_t i = 0; i < DROP_CAUSES; i++)
		assert_int_equal(causes[i].count, i + 1);
	assert_string_equal(causes[0].key, "map_full");
	assert_string_equal(causes[0].words, "table full");
	assert_string_equal(causes[1].key, "buffer");
	assert_string_equal(causes[1].words, "buffer full");
	assert_string_equal(causes[4].key, "unread");
}

/* Only what there was is named, each cause with its cure. */
static void test_text(void **state)
{
	static const struct {
		struct drops drops;
		const char *text;
	} cases[] = {
		{ { 0 }, "" },
		{ { .untimed = 3, .lineage = 4 }, "" },
		{ { .map_full = 12 },
		  "dropped 12: table full 12 (filter more, or count by fewer keys)" },
		{ { .buffer = 1, .unread = 2 },
		  "dropped 3: buffer full 1 (raise --buffer, or filter more), not readable 2 (see "
		  "unread in the manual page)" },
	};
	const struct drops all = { BIG, BIG, BIG, BIG, BIG, BIG, BIG };
	char text[DROPS_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(drops_text(&cases[i].drops, text, sizeof(text)), cases[i].text);
	drops_text(&all, text, sizeof(text));
	assert_true(strlen(text) < sizeof(text) - 1);
	assert_int_equal(text[strlen(text) - 1], ')');
	assert_string_equal(drops_text(&all, text, 9), "dropped ");
}

/* The difference of two readings; fewer unmatched events than before are none. */
static void test_since(void **state)
{
	const struct drops then = { 1, 2, 30, 4, 5, 6, 7 }, now = { 2, 4, 20, 8, 10, 12, 14 };
	const struct drops want = { 1, 2, 0, 4, 5, 6, 7 };
	struct drops got = drops_since(&now, &then);

	(void)state;
	assert_memory_equal(&got, &want, sizeof(want));
	got = drops_since(&then, &then);
	assert_int_equal(drops_total(&got) + got.untimed + got.lineage, 0);
	assert_int_equal(drops_since(&then, &now).unmatched, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
