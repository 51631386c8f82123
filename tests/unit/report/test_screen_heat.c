/* SPDX-License-Identifier: MIT */
/* Heat lines: a character for each of the latest intervals, and when they are forgotten. */
#define _GNU_SOURCE
#include "sink.h"

#include "internal.h"
#include "live_report.h"
#include "log_histogram.h"

#define US UINT64_C(1000)
#define S (US * 1000 * 1000)

static const struct column columns[] = {
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	{ .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

static void open_report(struct sink *s, bool screen)
{
	sink_open(s, (struct report_options){
			     .layout = { .columns = columns, .ncolumns = COUNT(columns) },
			     .sort = 1,
			     .screen = screen });
}

/* An interval with a row for each letter of @comms. */
static void one_interval(struct sink *s, uint64_t number, const char *comms, uint64_t p99_ns)
{
	const struct histogram none = { 0 };

	for (const char *c = comms; *c; c++)
		ROW(s, cell_text(c, 1), cell_number(9), cell_number(p99_ns), cell_histogram(&none));
	interval(s, (struct report_interval){ .number = number, .span_ns = S });
}

/* The heat line of a row in the last frame, without the blanks in front. */
static const char *line_of(struct sink *s, char comm)
{
	static char line[128];
	char begin[] = { '\n', comm, ' ', '\0' };
	const char *at = NULL, *next = sink_text(s);

	while ((next = strstr(next, begin)))
		at = next++;
	assert_non_null(at);
	at += 3;
	at += strspn(at, " ");
	snprintf(line, sizeof(line), "%.*s", (int)(strstr(at, "  ") - at), at);
	return line;
}

static void test_levels(void **state)
{
	static const struct {
		uint64_t ns;
		const char *line;
	} steps[] = {
		{ 999, "." },         { US, ".:" },           { 99 * US, ".:-" },
		{ 100 * US, ".:-=" }, { 9999 * US, ".:-=+" }, { S / 10, ".:-=+#" },
		{ S - 1, ".:-=+##" }, { S, ".:-=+##@" },      { UINT64_MAX, ".:-=+##@@" },
	};
	struct sink s;

	(void)state;
	open_report(&s, true);
	for (size_t i = 0; i < COUNT(steps); i++) {
		one_interval(&s, i + 1, "a", steps[i].ns);
		assert_string_equal(line_of(&s, 'a'), steps[i].line);
	}
	assert_non_null(strstr(s.bytes, "P99 OVER TIME"));
	sink_close(&s);
}

/* Where a row was not there is a blank. */
static void test_gaps(void **state)
{
	struct sink s;

	(void)state;
	open_report(&s, true);
	one_interval(&s, 1, "ab", US);
	one_interval(&s, 2, "a", US);
	one_interval(&s, 3, "ab", US);
	assert_string_equal(line_of(&s, 'a'), ":::");
	assert_string_equal(line_of(&s, 'b'), ": :");
	sink_close(&s);
}

/* The oldest interval is forgotten, and so is a row that has not been there for long. */
static void test_memory(void **state)
{
	struct sink s;

	(void)state;
	open_report(&s, true);
	one_interval(&s, 1, "ab", 999);
	for (uint64_t n = 2; n <= 3 * HEAT_WIDTH; n++)
		one_interval(&s, n, "a", US);
	assert_int_equal(s.report->heat.index.count, 1);
	one_interval(&s, 3 * HEAT_WIDTH + 1, "ab", S);
	assert_string_equal(line_of(&s, 'a'), ":::::::::::::::::::::::@");
	assert_string_equal(line_of(&s, 'b'), "@");
	sink_close(&s);
}

/* Nor are there any in a report that is no screen, or when the screen is left. */
static void test_elsewhere(void **state)
{
	struct sink s;

	(void)state;
	open_report(&s, false);
	one_interval(&s, 1, "a", US);
	assert_null(strstr(sink_text(&s), "OVER TIME"));
	sink_close(&s);
	open_report(&s, true);
	report_leave_screen(s.report);
	one_interval(&s, 1, "a", US);
	assert_null(strstr(sink_text(&s), "OVER TIME"));
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_elsewhere),
	};

	setenv("LC_ALL", "C", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
