/* SPDX-License-Identifier: MIT */
/* The order of rows, and that they are copied until they are printed. */
#define _GNU_SOURCE
#include "sink.h"

static const struct column sort_columns[] = {
	{ .key = "name", .head = "NAME", .kind = COLUMN_TEXT },
	{ .key = "count", .kind = COLUMN_COUNT },
	{ .key = "rate", .of = "count", .kind = COLUMN_RATE },
	{ .key = "id", .kind = COLUMN_ID },
	{ .key = "ns", .kind = COLUMN_NS },
	{ .key = "ret", .kind = COLUMN_SIGNED },
	{ .key = "flag", .kind = COLUMN_BOOL },
	{ .key = "args", .kind = COLUMN_LIST },
};

static void check_order(size_t sort, bool ascending, const char *want)
{
	const struct cell ab[] = { cell_string("a"), cell_string("b") },
			  abc[] = { cell_string("a"), cell_string("b"), cell_string("c") };
	const struct cell b[] = { cell_string("b") };
	struct report_options opts = { .format = REPORT_CSV,
				       .layout.columns = sort_columns,
				       .layout.ncolumns = COUNT(sort_columns),
				       .sort = sort,
				       .ascending = ascending };
	char got[16] = "";
	struct sink s;
	char *line;

	sink_open(&s, opts);
	ROW(&s, cell_string("D"), cell_null(), cell_null(), cell_null(), cell_null(), cell_null(),
	    cell_null(), cell_null());
	ROW(&s, cell_string("C"), cell_number(BIG), cell_null(), cell_number(7), cell_number(5),
	    cell_signed(INT64_MIN), cell_number(1), cell_list(ab, 2));
	ROW(&s, cell_string("A"), cell_number(1), cell_null(), cell_number(7), cell_number(BIG),
	    cell_signed(-1), cell_number(0), cell_list(b, 1));
	ROW(&s, cell_string("B"), cell_number(2), cell_null(), cell_number(7), cell_number(4),
	    cell_signed(INT64_MAX), cell_number(1), cell_list(abc, 3));
	interval(&s, (struct report_interval){ 0 });
	sink_text(&s);
	line = s.bytes;
	for (size_t i = 0; i < 4; i++) {
		got[i] = line[2];
		line = strchr(line, '\n') + 1;
	}
	assert_string_equal(got, want);
	sink_close(&s);
}

/* Each kind of column in both directions. */
static void test_order_of_each_kind(void **state)
{
	(void)state;
	check_order(0, false, "ABCD");
	check_order(0, true, "DCBA");
	check_order(1, false, "CBAD");
	check_order(1, true, "ABCD");
	check_order(2, false, "CBAD"); /* a rate sorts as what it is the rate of */
	check_order(2, true, "ABCD");
	check_order(3, false, "ABCD"); /* equal: by the first column */
	check_order(3, true, "ABCD");
	check_order(4, false, "ACBD");
	check_order(4, true, "BCAD");
	check_order(5, false, "BACD");
	check_order(5, true, "CABD");
	check_order(6, false, "BCAD");
	check_order(6, true, "ABCD");
	check_order(7, false, "CBAD");
	check_order(7, true, "ABCD"); /* what is unknown stays last */
}

/* Text is compared as bytes, whole, NUL and high bytes included. */
static void test_text_is_compared_as_bytes(void **state)
{
	static const struct column columns[] = { { .key = "t", .head = "T", .kind = COLUMN_TEXT } };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .format = REPORT_CSV,
					       .layout.columns = columns,
					       .layout.ncolumns = 1 });
	ROW(&s, cell_string("\xff"));
	ROW(&s, cell_string("ab"));
	ROW(&s, cell_text("a\0b", 3));
	ROW(&s, cell_text(NULL, 0));
	ROW(&s, cell_string("a"));
	ROW(&s, cell_string("B"));
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s), "1,\n1,B\n1,a\n1,a\\x00b\n1,ab\n1,\\xff\n");
	sink_close(&s);
}

/* Rows are copied: what they pointed to may be gone by the time they are printed. */
static void test_rows_are_copied(void **state)
{
	char name[] = "name", arg[] = "arg";
	struct cell args[] = { cell_string(arg), cell_null() };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .format = REPORT_CSV,
					       .layout.columns = sort_columns,
					       .layout.ncolumns = COUNT(sort_columns) });
	for (int i = 0; i < 200; i++)
		ROW(&s, cell_string(name), cell_number(1), cell_null(), cell_null(), cell_null(),
		    cell_null(), cell_null(), cell_list(args, 2));
	memset(name, '#', sizeof(name));
	memset(arg, '#', sizeof(arg));
	memset(args, 0xff, sizeof(args));
	interval(&s, (struct report_interval){ 0 });
	sink_text(&s);
	for (size_t i = 0; i < 200; i++)
		assert_memory_equal(s.bytes + i * strlen("1,name,1,,,,,arg \n"),
				    "1,name,1,,,,,arg \n", strlen("1,name,1,,,,,arg \n"));
	assert_int_equal(s.len, 200 * strlen("1,name,1,,,,,arg \n"));
	sink_close(&s);
}

/* Rates, pairs and histograms cannot be sorted by. */
static void test_which_columns_can_sort(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(latency_columns); i++)
		assert_int_equal(report_can_sort(&latency_columns[i]), i != 3);
	for (size_t i = 0; i < COUNT(share_columns); i++)
		assert_true(report_can_sort(&share_columns[i]));
	assert_false(report_can_sort(&(struct column){ .kind = COLUMN_PAIRS }));
	assert_false(report_can_sort(&(struct column){ .kind = COLUMN_RATE }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_of_each_kind),
		cmocka_unit_test(test_text_is_compared_as_bytes),
		cmocka_unit_test(test_rows_are_copied),
		cmocka_unit_test(test_which_columns_can_sort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
