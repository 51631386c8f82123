/* SPDX-License-Identifier: MIT */
/* Bytes from outside, in each format: none reaches a terminal as a control character. */
#define _GNU_SOURCE
#include "sink.h"

static const char hostile[] =
	"\n\033[2J\t\"\\,\x7f\x01\xff\xc3(\xe2\x80\xa8\xc2\x9b\xed\xa0\x80\0z";

/* Columns align by what a terminal shows, in any locale; the test runs in "C". */
static void test_table_shows_no_control_characters(void **state)
{
	static const struct column columns[] = {
		{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
		{ .key = "argv", .head = "ARGV", .kind = COLUMN_LIST },
		{ .key = "ok", .head = "OK", .kind = COLUMN_BOOL },
		{ .key = "ret", .head = "RET", .kind = COLUMN_SIGNED },
	};
	const struct cell args[] = { cell_string("-c"), cell_string("a\nb") };
	struct sink s;

	(void)state;
	sink_open(&s, (struct report_options){ .layout.columns = columns,
					       .layout.ncolumns = COUNT(columns),
					       .sort = 3 });
	ROW(&s, cell_string("\xe6\xbc\xa2\xe5\xad\x97"), cell_list(args, 2), cell_number(1),
	    cell_signed(3));
	ROW(&s, cell_string("caf\xc3\xa9"), cell_list(NULL, 0), cell_number(0), cell_signed(2));
	ROW(&s, cell_string("e\xcc\x81"), cell_null(), cell_null(), cell_signed(1));
	ROW(&s, cell_string("\033[2J\n"), cell_list(args, 1), cell_number(1), cell_signed(0));
	ROW(&s, cell_string("\xff\xe2\x80\xa8"), cell_list(args, 1), cell_number(1),
	    cell_signed(-1));
	ROW(&s, cell_string("a\\x41"), cell_list(args, 1), cell_number(1), cell_null());
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(sink_text(&s),
			    "COMM              ARGV     OK   RET\n"
			    "\xe6\xbc\xa2\xe5\xad\x97              -c a\\nb  yes    3\n"
			    "caf\xc3\xa9                       no     2\n"
			    "e\xcc\x81                 -        -      1\n"
			    "\\e[2J\\n           -c       yes    0\n"
			    "\\xff\\xe2\\x80\\xa8  -c       yes   -1\n"
			    "a\\\\x41            -c       yes    -\n"
			    "TOTAL\n"
			    "\n");
	sink_close(&s);
}

/* An independent parser gets all valid characters back, and \xNN for other bytes. */
static void test_json_strings_are_valid(void **state)
{
	static const char want[] =
		"\n\033[2J\t\"\\,\x7f\x01\\xff\\xc3(\xe2\x80\xa8\xc2\x9b\\xed\\xa0\\x80\0z";
	const struct cell name = cell_text(hostile, sizeof(hostile) - 1);
	json_t *json, *comm;
	struct sink s;

	(void)state;
	sink_open(&s, forks(REPORT_JSON));
	EVENT(&s, "exec", 6, NULL, cell_null(), name, cell_list(&name, 1), cell_null(), cell_null(),
	      cell_null());
	sink_text(&s);
	assert_ptr_equal(strchr(s.bytes, '\n'), s.bytes + s.len - 1);
	check_json_lines(s.bytes);
	json = json_loads(s.bytes, JSON_ALLOW_NUL, NULL);
	assert_non_null(json);
	comm = json_object_get(json, "comm");
	assert_int_equal(json_string_length(comm), sizeof(want) - 1);
	assert_memory_equal(json_string_value(comm), want, sizeof(want) - 1);
	assert_true(json_equal(comm, json_array_get(json_object_get(json, "argv"), 0)));
	json_decref(json);
	sink_close(&s);
}

/* No name, type or detail brings a control character or a line end into a line or a field. */
static void test_lines_cannot_be_forged(void **state)
{
	static const char shown[] = "\\n\\e[2J\\t\"\\\\,\\x7f\\x01\\xff\\xc3("
				    "\\xe2\\x80\\xa8\\xc2\\x9b\\xed\\xa0\\x80\\x00z";
	const struct cell name = cell_text(hostile, sizeof(hostile) - 1);
	struct cell cells[COUNT(fork_columns)] = { 0 };
	char want[512];
	struct sink s;

	(void)state;
	cells[1] = name;
	sink_open(&s, forks(REPORT_TABLE));
	assert_int_equal(report_event(s.report, "e\n", TS, cells, 3, hostile, sizeof(hostile) - 1),
			 0);
	snprintf(want, sizeof(want), "e\\n           0  %s  -  -  %s\n", shown, shown);
	assert_string_equal(sink_text(&s), want);
	sink_close(&s);

	sink_open(&s, forks(REPORT_CSV));
	cells[1] = cell_text(hostile + 1, sizeof(hostile) - 2);
	assert_int_equal(report_event(s.report, "e", TS, cells, 2, NULL, 0), 0);
	assert_string_equal(
		sink_text(&s),
		"e,1763816583.123456789,,\"\\e[2J\\t\"\"\\\\,\\x7f\\x01\\xff\\xc3(\\xe2\\x80\\xa8"
		"\\xc2\\x9b\\xed\\xa0\\x80\\x00z\",,,,\n");
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_shows_no_control_characters),
		cmocka_unit_test(test_json_strings_are_valid),
		cmocka_unit_test(test_lines_cannot_be_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
