/* SPDX-License-Identifier: MIT */
/* Columns of names and values, in each format. */
#define _GNU_SOURCE
#include "sink.h"

/* The same 64 bits with a sign and without. */
static void test_pairs_with_and_without_sign(void **state)
{
	static const struct column columns[] = { { .key = "args", .kind = COLUMN_PAIRS } };
	const struct pair pairs[] = {
		{ .name = "signed", .value = cell_number(BIG) },
		{ .name = "unsigned", .value = cell_number(BIG), .is_unsigned = true },
	};
	const struct cell cell = cell_pairs(pairs, 2);
	struct report_options opts = { .layout.columns = columns,
				       .layout.ncolumns = 1,
				       .layout.streaming = true };
	struct sink s;

	(void)state;
	opts.format = REPORT_JSON;
	sink_open(&s, opts);
	event(&s, "e", 1, NULL, &cell);
	assert_string_equal(sink_text(&s),
			    "{\"type\":\"e\",\"ts\":1763816583.123456789,\"args\":{\"signed\":-1,"
			    "\"unsigned\":18446744073709551615}}\n");
	sink_close(&s);
	opts.format = REPORT_CSV;
	sink_open(&s, opts);
	event(&s, "e", 1, NULL, &cell);
	assert_string_equal(sink_text(&s),
			    "e,1763816583.123456789,signed=-1 unsigned=18446744073709551615\n");
	sink_close(&s);
}

static void check_pairs(enum report_format format, bool streaming, const char *want)
{
	static const struct column columns[] = {
		{ .key = "args", .head = "ARGS", .kind = COLUMN_PAIRS },
	};
	char name[] = "filename", value[] = "a, \"b\"\n";
	struct pair args[] = { { "dfd", cell_signed(-100), false, false },
			       { name, cell_string(value), true, false },
			       { "mode", cell_null(), false, false },
			       { "to", cell_null(), true, false } };
	const struct cell cell = cell_pairs(args, COUNT(args)), none = cell_pairs(NULL, 0),
			  unknown = cell_null();
	struct sink s;

	sink_open(&s, (struct report_options){ .format = format,
					       .layout.columns = columns,
					       .layout.ncolumns = 1,
					       .layout.streaming = streaming });
	if (streaming) {
		event(&s, "e", 1, NULL, &cell);
		event(&s, "e", 1, NULL, &none);
		event(&s, "e", 1, NULL, &unknown);
	} else {
		row(&s, &cell);
		row(&s, &unknown);
		memset(name, '#', sizeof(name));
		memset(value, '#', sizeof(value));
		memset(args, 0xff, sizeof(args));
		interval(&s, (struct report_interval){ 0 });
	}
	assert_string_equal(sink_text(&s), want);
	if (format == REPORT_JSON)
		check_json_lines(s.bytes);
	sink_close(&s);
}

#define JSON_EVENT "{\"type\":\"e\",\"ts\":1763816583.123456789,\"args\":"
#define JSON_ROW "{\"type\":\"row\",\"interval\":1,\"args\":"
#define JSON_PAIRS "{\"dfd\":-100,\"filename\":\"a, \\\"b\\\"\\n\",\"mode\":null,\"to\":null}}\n"
/* Pairs are a JSON object, elsewhere name=value. Rows copy them. */
static void test_pairs_in_each_format(void **state)
{
	(void)state;
	check_pairs(REPORT_JSON, true,
		    JSON_EVENT JSON_PAIRS JSON_EVENT "{}}\n" JSON_EVENT "null}\n");
	check_pairs(
		REPORT_JSON, false,
		JSON_ROW JSON_PAIRS JSON_ROW
		"null}\n"
		"{\"type\":\"total\",\"interval\":1,\"ts\":1763816583.123456789,"
		"\"seconds\":1.000000000,\"rows\":2,\"shown\":2,\"dropped\":0,\"untimed\":0}\n");
	check_pairs(REPORT_CSV, true,
		    "e,1763816583.123456789,\"dfd=-100 filename=a, \"\"b\"\"\\n mode= to=\"\n"
		    "e,1763816583.123456789,\n"
		    "e,1763816583.123456789,\n");
	check_pairs(REPORT_CSV, false, "1,\"dfd=-100 filename=a, \"\"b\"\"\\n mode= to=\"\n1,\n");
	check_pairs(REPORT_TABLE, true,
		    "e       dfd=-100 filename=a, \"b\"\\n mode= to=\n"
		    "e\n"
		    "e       -\n");
	check_pairs(REPORT_TABLE, false,
		    "ARGS\n"
		    "dfd=-100 filename=a, \"b\"\\n mode= to=\n"
		    "-\n"
		    "TOTAL\n"
		    "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs_with_and_without_sign),
		cmocka_unit_test(test_pairs_in_each_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
