/* SPDX-License-Identifier: MIT */
/* Histograms of rows: drawn, in JSON, in CSV, on a screen. */
#define _GNU_SOURCE
#include "sink.h"

#include "log_histogram.h"

/* In octaves: one full, one half as much, a gap, one too small for a character; and both ends. */
static void latency_rows(struct sink *s)
{
	struct histogram h = { .timed = 3011, .min_ns = 300, .max_ns = 5000 };
	struct histogram ends = { .timed = 3, .min_ns = 1, .max_ns = UINT64_C(4400000000000) };
	struct histogram none = { 0 };

	h.counts[17] = 500; /* 256 to 288 */
	h.counts[18] = 500;
	h.counts[25] = 2000; /* 512 to 576 */
	h.counts[49] = 11;   /* 4096 to 4608 */
	ends.counts[0] = 1;
	ends.counts[HISTOGRAM_LAST] = 2;
	ROW(s, cell_number(1234), cell_string("ba\nsh"), cell_number(9), cell_histogram(&h),
	    cell_string("read"));
	ROW(s, cell_number(5), cell_null(), cell_number(8), cell_histogram(&ends),
	    cell_string("openat"));
	ROW(s, cell_number(6), cell_string("c"), cell_number(7), cell_histogram(&none),
	    cell_string("close"));
	ROW(s, cell_number(7), cell_string("d"), cell_number(6), cell_null(), cell_string("dup"));
	memset(&h, 0xff, sizeof(h));
	memset(&ends, 0xff, sizeof(ends));
}

#define BAR10 "@@@@@@@@@@"
#define GAP10 "          "
/* Each row shown with durations gets its bars below the table. */
static void test_histograms_are_drawn_below(void **state)
{
	struct report_options opts = latencies(REPORT_TABLE);
	struct sink s;
	char *drawing;

	(void)state;
	opts.top = 3;
	sink_open(&s, opts);
	latency_rows(&s);
	interval(&s, (struct report_interval){ .drops = { .map_full = 1 } });
	sink_text(&s);
	drawing = strstr(s.bytes, "1234 ba\\nsh read\n");
	assert_non_null(drawing);
	assert_memory_equal(drawing,
			    "1234 ba\\nsh read\n"
			    "  [256ns, 512ns)  1000 |" BAR10 BAR10 GAP10 GAP10 "|\n"
			    "  [512ns, 1.0us)  2000 |" BAR10 BAR10 BAR10 BAR10 "|\n"
			    "  [1.0us, 2.0us)     0 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "  [2.0us, 4.1us)     0 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "  [4.1us, 8.2us)    11 |" GAP10 GAP10 GAP10 GAP10 "|\n"
			    "5 - openat\n"
			    "  [0ns, 64ns)         1 |" BAR10 BAR10 GAP10 GAP10 "|\n"
			    "  [64ns, 128ns)       0 |" GAP10 GAP10 GAP10 GAP10 "|\n",
			    strlen("1234 ba\\nsh read\n") + 5 * 66 + strlen("5 - openat\n") +
				    2 * 67);
	assert_non_null(strstr(drawing, "  [549.8s, 1099.5s)   0 |"));
	assert_non_null(strstr(drawing, "  [2199.0s, 4398.0s)  0 |"));
	assert_non_null(
		strstr(drawing, "  [4398.0s, ...)      2 |" BAR10 BAR10 BAR10 BAR10 "|\n\n"));
	*drawing = '\0';
	assert_string_equal(s.bytes,
			    " PID  COMM    CALLS  SYSCALL\n"
			    "1234  ba\\nsh      9  read\n"
			    "   5  -           8  openat\n"
			    "   6  c           7  close\n"
			    "                 30  TOTAL\n"
			    "(3 of 4 rows shown)\n"
			    "dropped 1: table full 1 (filter more, or count by fewer keys)\n");
	sink_close(&s);
}

/* Buckets in use as [from, to, count]; the last one ends behind the largest duration. */
static void test_histograms_in_json(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, latencies(REPORT_JSON));
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	check_json_lines(sink_text(&s));
	assert_non_null(strstr(s.bytes, "\"histogram\":[[256,288,500],[288,320,500],"
					"[512,576,2000],[4096,4608,11]],\"syscall\":\"read\"}\n"));
	assert_non_null(strstr(s.bytes,
			       "\"histogram\":[[0,64,1],"
			       "[4398046511104,4400000000001,2]],\"syscall\":\"openat\"}\n"));
	assert_non_null(strstr(s.bytes, "\"histogram\":[],\"syscall\":\"close\"}\n"));
	assert_non_null(strstr(s.bytes, "\"histogram\":null,\"syscall\":\"dup\"}\n"));
	sink_close(&s);
}

/* Buckets in use as from-to:count. */
static void test_histograms_in_csv(void **state)
{
	struct sink s;

	(void)state;
	sink_open(&s, latencies(REPORT_CSV));
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	assert_string_equal(
		sink_text(&s),
		"1,1234,ba\\nsh,9,256-288:500 288-320:500 512-576:2000 4096-4608:11,read\n"
		"1,5,,8,0-64:1 4398046511104-4400000000001:2,openat\n"
		"1,6,c,7,,close\n"
		"1,7,d,6,,dup\n");
	sink_close(&s);
}

/* An inactive histogram is not looked at, and an event has none. */
static void test_no_histogram(void **state)
{
	struct report_options opts = latencies(REPORT_JSON);
	const struct cell cells[] = { cell_number(1),
				      cell_string("c"),
				      cell_number(2),
				      { .histogram = (const struct histogram *)1 },
				      cell_string("read") };
	struct sink s;

	(void)state;
	opts.layout.active = 1 | 1 << 2;
	sink_open(&s, opts);
	row(&s, cells);
	interval(&s, (struct report_interval){ 0 });
	assert_null(strstr(sink_text(&s), "histogram"));
	sink_close(&s);

	opts = latencies(REPORT_JSON);
	opts.layout.streaming = true;
	for (enum report_format f = REPORT_TABLE; f <= REPORT_CSV; f++) {
		opts.format = f;
		sink_open(&s, opts);
		event(&s, "e", ALL, NULL, cells);
		assert_string_equal(
			sink_text(&s),
			f == REPORT_TABLE ? "e       1  c  2  read\n"
			: f == REPORT_JSON
				? "{\"type\":\"e\",\"ts\":1763816583.123456789,\"pid\":1,"
				  "\"comm\":\"c\",\"calls\":2,\"syscall\":\"read\"}\n"
				: "e,1763816583.123456789,1,c,2,,read\n");
		sink_close(&s);
	}
}

/* Bars take the height that the table leaves, and are cut there. */
static void test_histograms_on_a_screen(void **state)
{
	struct report_options opts = latencies(REPORT_TABLE);
	struct sink s;
	size_t lines = 0;

	(void)state;
	opts.screen = true;
	sink_open(&s, opts);
	latency_rows(&s);
	interval(&s, (struct report_interval){ 0 });
	for (const char *p = sink_text(&s); (p = strchr(p, '\n')); p++)
		lines++;
	assert_int_equal(lines, 23);
	assert_non_null(strstr(s.bytes, "TOTAL\033[K\n1234 ba\\nsh read\033[K\n  [256ns, 512ns) "));
	assert_null(strstr(s.bytes, "..."));
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_histograms_are_drawn_below),
		cmocka_unit_test(test_histograms_in_json),
		cmocka_unit_test(test_histograms_in_csv),
		cmocka_unit_test(test_no_histogram),
		cmocka_unit_test(test_histograms_on_a_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
