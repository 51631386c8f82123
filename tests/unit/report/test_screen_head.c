/* SPDX-License-Identifier: MIT */
/* What surrounds the rows on a screen: the lines above, scrolling, the keys, colours. */
#define _GNU_SOURCE
#include "live_report.h"
#include "sink.h"

static size_t seen; /* bytes of what was painted */

static void open_screen(struct sink *s, bool colour)
{
	struct report_options opts = opens(REPORT_TABLE);

	opts.screen = true;
	opts.title = "bcc-openat on host, Linux 6.1, every 1 s";
	opts.colour = colour;
	sink_open(s, opts);
	seen = 0;
}

/* What was painted since the last time. */
static const char *painted(struct sink *s)
{
	const char *text = sink_text(s) + seen;

	seen = s->len;
	return text;
}

static void some_rows(struct sink *s, uint64_t count, struct report_interval about)
{
	for (uint64_t i = 0; i < count; i++)
		ROW(s, cell_number(1000 - i), cell_null(), cell_number(0), cell_number(i),
		    cell_string("x"));
	interval(s, about);
}

static void check_has(struct sink *s, const char *part, bool wanted)
{
	const char *text = painted(s);

	if (!strstr(text, part) != !wanted)
		fail_msg("\"%s\" %s in\n%s", part, wanted ? "is not" : "is", text);
}

/* What is watched at the left, the time of day at the right; below it the rate, and its past. */
static void test_head(void **state)
{
	static const char want[] = "\033[H\033[1mbcc-openat on host, Linux 6.1, every 1 s\033[m"
				   "                               13:03:03\033[K\n"
				   "opens/s 1000  #  most 1000\033[K\n";
	struct sink s;

	(void)state;
	setenv("LC_ALL", "C", 1);
	open_screen(&s, true);
	some_rows(&s, 1, (struct report_interval){ 0 });
	assert_memory_equal(painted(&s), want, strlen(want));
	some_rows(&s, 0, (struct report_interval){ 0 });
	check_has(&s, "\nopens/s 0.0  #_  most 1000\033[K\n", true);
	sink_close(&s);
	setenv("LC_ALL", "C.UTF-8", 1);
	open_screen(&s, true);
	some_rows(&s, 1, (struct report_interval){ 0 });
	some_rows(&s, 0, (struct report_interval){ 0 });
	check_has(&s, "\nopens/s 0.0  █▁  most 1000\033[K\n", true);
	sink_close(&s);
	unsetenv("LC_ALL");
}

/* Nothing to count is one line and no table of zeros. */
static void test_idle(void **state)
{
	struct sink s;

	(void)state;
	open_screen(&s, true);
	some_rows(&s, 0, (struct report_interval){ 0 });
	check_has(&s, "\nNothing happened in this interval.\033[K\n\033[J", true);
	sink_close(&s);
}

/* Losses are red, or bold where no colours are wanted. */
static void test_losses(void **state)
{
	struct sink s;

	(void)state;
	open_screen(&s, true);
	some_rows(&s, 1, (struct report_interval){ .drops = { .missed = 3 } });
	check_has(&s, "  \033[1;31mdropped 3\033[m\033[K\n", true);
	some_rows(&s, 1, (struct report_interval){ .drops = { .missed = 3 } });
	check_has(&s,
		  "\n\033[1;31mdropped 3: skipped by the kernel 3 (see missed in the manual page)"
		  "\033[m\033[K\n",
		  true);
	sink_close(&s);
	open_screen(&s, false);
	some_rows(&s, 1, (struct report_interval){ .drops = { .missed = 3 } });
	check_has(&s, "\033[1;31m", false);
	sink_close(&s);
}

/* 24 lines: one for the cursor, two above, heading, total, and how many are hidden: 18 rows. */
static void test_scroll(void **state)
{
	static const struct {
		enum report_scroll how;
		const char *cursor;
		const char *shown;
	} steps[] = {
		{ SCROLL_DOWN, "\n\033[7m  999 ", "\n(17 of 50 rows shown)\033" },
		{ PAGE_DOWN, "\n\033[7m  982 ", "\n(rows 3 to 19 of 50)\033" },
		{ PAGE_UP, "\n\033[7m  999 ", "\n(rows 2 to 18 of 50)\033" },
		{ SCROLL_BOTTOM, "\n\033[7m  951 ", "\n(rows 34 to 50 of 50)\033" },
		{ SCROLL_DOWN, "\n\033[7m  951 ", "\n(rows 34 to 50 of 50)\033" },
		{ SCROLL_UP, "\n\033[7m  952 ", "\n(rows 34 to 50 of 50)\033" },
		{ SCROLL_TOP, "\n\033[7m 1000 ", "\n(17 of 50 rows shown)\033" },
		{ PAGE_UP, "\n\033[7m 1000 ", "\n(17 of 50 rows shown)\033" },
	};
	struct sink s;

	(void)state;
	open_screen(&s, true);
	some_rows(&s, 50, (struct report_interval){ 0 });
	check_has(&s, "\n(18 of 50 rows shown)\033", true);
	report_show_keys(s.report, true);
	for (size_t i = 0; i < COUNT(steps); i++) {
		report_scroll(s.report, steps[i].how);
		assert_int_equal(report_repaint(s.report), 0);
		check_has(&s, steps[i].cursor, true);
		assert_int_equal(report_repaint(s.report), 0);
		check_has(&s, steps[i].shown, true);
	}
	sink_close(&s);
}

/* The sum is of all rows, and the last report begins at the first one. */
static void test_scrolled_to_the_end(void **state)
{
	struct sink s;

	(void)state;
	open_screen(&s, true);
	some_rows(&s, 50, (struct report_interval){ 0 });
	report_scroll(s.report, SCROLL_BOTTOM);
	assert_int_equal(report_repaint(s.report), 0);
	check_has(&s, "\n48775 ", true);
	report_leave_screen(s.report);
	some_rows(&s, 50, (struct report_interval){ 0 });
	painted(&s);
	some_rows(&s, 50, (struct report_interval){ 0 });
	check_has(&s, "\n 1000 ", true);
	assert_null(strchr(s.bytes + s.len - 40, '\033'));
	sink_close(&s);
}

static void test_help(void **state)
{
	struct sink s;

	(void)state;
	open_screen(&s, true);
	report_show_keys(s.report, true);
	some_rows(&s, 3, (struct report_interval){ 0 });
	check_has(&s, "[?] keys", true);
	assert_false(report_shows_help(s.report));
	report_show_help(s.report, true);
	assert_int_equal(report_repaint(s.report), 0);
	check_has(&s, "\nr            reverse the order\033[K\n", true);
	report_show_help(s.report, false);
	assert_int_equal(report_repaint(s.report), 0);
	check_has(&s, " TOTAL", true);
	sink_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),   cmocka_unit_test(test_idle),
		cmocka_unit_test(test_losses), cmocka_unit_test(test_scroll),
		cmocka_unit_test(test_help),   cmocka_unit_test(test_scrolled_to_the_end),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
