/* SPDX-License-Identifier: MIT */
/* The top N of many rows. Only these are kept, and they are the first N of all rows in order. */
#define _GNU_SOURCE
#include "sink.h"

static const struct column columns[] = {
	{ .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

enum order { RANDOM, RISING, FALLING, ALIKE };

/* Print two intervals of @count rows. Return: the output, for the caller to free. */
static char *print(enum order order, size_t count, unsigned top, size_t sort, bool ascending,
		   enum report_format format)
{
	struct report_options opts = { .format = format,
				       .layout.columns = columns,
				       .layout.ncolumns = COUNT(columns),
				       .sort = sort,
				       .ascending = ascending,
				       .top = top };
	uint32_t seed = 7;
	struct sink s;

	sink_open(&s, opts);
	for (uint64_t number = 1; number <= 2; number++) {
		for (size_t i = 0; i < count; i++) {
			uint32_t some = random_next(&seed) % 50;
			char comm[32];

			snprintf(comm, sizeof(comm), "c%.*s%u", (int)(some % 20),
				 "long-long-long-long-long", some);
			ROW(&s,
			    order == RANDOM    ? cell_number_if(some, some)
			    : order == RISING  ? cell_number(i)
			    : order == FALLING ? cell_number(count - i)
					       : cell_number(1),
			    cell_number(1000000 - i), cell_string(comm));
		}
		interval(&s, (struct report_interval){ .number = number });
	}
	report_free(s.report);
	fclose(s.file);
	return s.bytes;
}

/* Compare @few with the first @top lines of each interval in @all. */
static void check_lines(const char *all, const char *few, unsigned top)
{
	for (int interval = 1; interval <= 2; interval++) {
		char begin[16];
		size_t begins = (size_t)snprintf(begin, sizeof(begin), "%d,", interval);

		for (unsigned i = 0; *all && strncmp(all, begin, begins) == 0; i++) {
			size_t line = strcspn(all, "\n") + 1;

			if (i < top) {
				assert_memory_equal(all, few, line);
				few += line;
			}
			all += line;
		}
	}
	assert_string_equal(few, "");
	assert_string_equal(all, "");
}

/* Whatever the order in which rows come, and whatever they are sorted by. */
static void test_same_as_the_first_of_all(void **state)
{
	static const size_t counts[] = { 0, 1, 6, 7, 8, 1000 };

	(void)state;
	for (enum order order = RANDOM; order <= ALIKE; order++)
		for (size_t i = 0; i < COUNT(counts); i++)
			for (size_t sort = 0; sort < COUNT(columns); sort++)
				for (int ascending = 0; ascending < 2; ascending++) {
					char *all = print(order, counts[i], 0, sort, ascending,
							  REPORT_CSV);
					char *few = print(order, counts[i], 7, sort, ascending,
							  REPORT_CSV);

					check_lines(all, few, 7);
					free(all);
					free(few);
				}
}

/* Rows that are not kept are in the total. */
static void test_the_total_is_of_all(void **state)
{
	char *json = print(RISING, 1000, 3, 0, false, REPORT_JSON);

	(void)state;
	assert_non_null(strstr(json, "\"opens\":499500,"));
	assert_non_null(strstr(json, "\"rows\":1000,\"shown\":3,"));
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_the_first_of_all),
		cmocka_unit_test(test_the_total_is_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
