/* SPDX-License-Identifier: MIT */
/* The largest rows of many, of which only these are kept: the same as the first lines of all of
 * them. */
#define _GNU_SOURCE
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const struct column columns[] = {
	{ .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
};

enum order { RANDOM, RISING, FALLING, ALIKE };

/* @count rows, each interval's the same, as CSV; the caller frees it. @sum: of the total, from
 * JSON. */
static char *print(enum order order, size_t count, unsigned top, size_t sort, bool ascending,
		   enum report_format format)
{
	struct report_options opts = { .format = format,
				       .layout.columns = columns,
				       .layout.ncolumns = COUNT(columns),
				       .sort = sort,
				       .ascending = ascending,
				       .top = top };
	struct error err = ERROR_INIT;
	struct report *report;
	char *bytes = NULL;
	uint32_t seed = 7;
	size_t len = 0;

	opts.out = open_memstream(&bytes, &len);
	assert_non_null(opts.out);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	for (uint64_t interval = 1; interval <= 2; interval++) {
		for (size_t i = 0; i < count; i++) {
			uint32_t some = random_next(&seed) % 50;
			char comm[32];
			struct cell row[3] = { { .null = order == RANDOM && some == 0 } };

			row[0].number = order == RANDOM    ? some
					: order == RISING  ? i
					: order == FALLING ? count - i
							   : 1;
			row[1].number = 1000000 - i;
			row[2].text.len =
				(size_t)snprintf(comm, sizeof(comm), "c%.*s%u", (int)(some % 20),
						 "long-long-long-long-long", some);
			row[2].text.bytes = comm;
			assert_int_equal(report_row(report, row), 0);
		}
		assert_int_equal(
			report_interval(report, &(struct report_interval){ .number = interval,
									   .span_ns = 1000000000 }),
			0);
	}
	report_free(report);
	fclose(opts.out);
	return bytes;
}

/* The lines of @all that are of interval @interval, the first @top of them, are those of @few. */
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
