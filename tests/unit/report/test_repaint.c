/* SPDX-License-Identifier: MIT */
/* Frames that are painted again: sorted by keys, paused, after the terminal changed its size. */
#define _GNU_SOURCE
#include "live_report.h"
#include "sink.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* A report on a pseudo-terminal, whose size may change. */
struct screen {
	struct sink sink;
	int pty;
	char got[8192];
};

static void resize(struct screen *s, unsigned short height, unsigned short width)
{
	const struct winsize ws = { .ws_row = height, .ws_col = width };

	assert_int_equal(ioctl(s->pty, TIOCSWINSZ, &ws), 0);
}

static void screen_open(struct screen *s, struct report_options opts)
{
	struct error err = ERROR_INIT;
	struct termios raw;
	int tty;

	s->pty = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(s->pty >= 0 && grantpt(s->pty) == 0 && unlockpt(s->pty) == 0);
	tty = open(ptsname(s->pty), O_RDWR | O_NOCTTY);
	assert_true(tty >= 0 && tcgetattr(tty, &raw) == 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(tty, TCSANOW, &raw), 0);
	assert_int_equal(fcntl(s->pty, F_SETFL, O_NONBLOCK), 0);
	opts.out = s->sink.file = fdopen(tty, "w");
	opts.screen = true;
	assert_int_equal(report_new(&s->sink.report, &opts, &err), 0);
	resize(s, 24, 80);
}

static void screen_close(struct screen *s)
{
	report_free(s->sink.report);
	fclose(s->sink.file);
	close(s->pty);
}

/* What has been painted since the last time, "" for nothing; one frame at most. */
static const char *painted(struct screen *s)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(s->pty, s->got + len, sizeof(s->got) - 1 - len)) > 0)
		len += (size_t)n;
	s->got[len] = '\0';
	if (len)
		assert_null(strstr(s->got + 1, "\033[H"));
	return s->got;
}

/* In front of the row under the cursor. */
#define CURSOR "\033[7m"

/* The ids of the rows on the screen, one letter each: 1 is a. */
static const char *painted_rows(struct screen *s)
{
	static char letters[64];
	char *line, *rest = NULL, *to = letters;
	unsigned id;

	painted(s);
	for (line = strtok_r(s->got, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, CURSOR, strlen(CURSOR)) == 0)
			line += strlen(CURSOR);
		if (sscanf(line, "%*u %*s %*u %u", &id) == 1)
			*to++ = (char)('a' + id - 1);
	}
	*to = '\0';
	return letters;
}

/* Sorted by opens acb, by failed bac, by pid cba, by comm abc. */
static void some_rows(struct screen *s, uint64_t more)
{
	ROW(&s->sink, cell_number(30 + more), cell_null(), cell_number(2), cell_number(1),
	    cell_string("x"));
	ROW(&s->sink, cell_number(10 + more), cell_null(), cell_number(3), cell_number(2),
	    cell_string("y"));
	ROW(&s->sink, cell_number(20 + more), cell_null(), cell_number(1), cell_number(3),
	    cell_string("z"));
	interval(&s->sink, (struct report_interval){ 0 });
}

/* Repainting shows the same frame; rows of two intervals never mix. */
static void test_a_frame_can_be_painted_again(void **state)
{
	struct screen s;
	char first[sizeof(s.got)];

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	/* Nothing to paint yet. */
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted(&s), "");
	some_rows(&s, 0);
	strcpy(first, painted(&s));
	assert_non_null(strstr(first, "TOTAL"));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(report_repaint(s.sink.report), 0);
		assert_string_equal(painted(&s), first);
	}
	/* The next interval has no rows, and those before are not mixed into it. */
	interval(&s.sink, (struct report_interval){ 0 });
	assert_string_equal(painted_rows(&s), "");
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "");
	some_rows(&s, 0);
	assert_string_equal(painted(&s), first);
	screen_close(&s);
}

/* Sorting changes what is painted next, and lasts for the intervals that follow. */
static void test_keys_sort_what_is_shown(void **state)
{
	static const char *const next[] = { "bac", "cba", "abc", "acb", "bac" };
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	some_rows(&s, 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* By each column but the rate, and around. */
	for (size_t i = 0; i < COUNT(next); i++) {
		report_sort_next(s.sink.report, false);
		assert_string_equal(painted(&s), "");
		assert_int_equal(report_repaint(s.sink.report), 0);
		assert_string_equal(painted_rows(&s), next[i]);
	}
	report_reverse(s.sink.report);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "cab");
	/* It lasts. */
	some_rows(&s, 1);
	assert_string_equal(painted_rows(&s), "cab");
	report_sort_next(s.sink.report, false);
	report_sort_next(s.sink.report, false);
	some_rows(&s, 2);
	assert_string_equal(painted_rows(&s), "cba"); /* by comm, Z to A */
	screen_close(&s);
}

/* Columns that are not shown are skipped. */
static void test_keys_sort_by_shown_columns(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct screen s;

	(void)state;
	opts.layout.active = 1 << 0 | 1 << 1 | 1 << 3; /* opens, rate, pid */
	screen_open(&s, opts);
	some_rows(&s, 0);
	painted(&s);
	for (int i = 0; i < 2; i++)
		report_sort_next(s.sink.report, false);
	report_show_keys(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "sorted by OPENS "));
	screen_close(&s);
}

/* A frame is cut anew to the size that the terminal has by now. */
static void test_frames_follow_the_size(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	some_rows(&s, 0);
	painted(&s);
	resize(&s, 5, 20);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(
		painted(&s),
		"\033[H" HEADING("  OPENS/s  FAIL") "\n"
						    "   30     30.0      \n"
						    "   60     60.0      \n"
						    "(1 of 3 rows shown)\033[K\n\033[J");
	/* Larger again: what had no room is there. */
	resize(&s, 6, 80);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* The line about keys takes one of them. */
	report_show_keys(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(
		strstr(painted(&s), "(1 of 3 rows shown)\033[K\n\033[2msorted by OPENS  [q]"));
	assert_int_equal(count_lines(s.got), 5);
	resize(&s, 7, 80);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	/* And is there when nearly nothing else is. */
	resize(&s, 3, 12);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(
		painted(&s),
		"\033[H" HEADING(
			"  PID ") "\033[1;7m>\033[m\n\033[2msorted by O\033[m\033[K\n\033[J");
	screen_close(&s);
}

/* Intervals that end in a pause are not painted; the newest one is when it is over. */
static void test_a_pause_keeps_the_frame(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	report_show_keys(s.sink.report, true);
	some_rows(&s, 0);
	assert_non_null(strstr(painted(&s), "\n   60 "));
	report_pause(s.sink.report, true);
	assert_true(report_is_paused(s.sink.report));
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(
		strstr(painted(&s), "\n\033[2mpaused, sorted by OPENS  [q] quit [space] resume"));
	/* Intervals pass; the frame can be sorted, and still has the same rows. */
	some_rows(&s, 100);
	some_rows(&s, 200);
	assert_string_equal(painted(&s), "");
	report_sort_next(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n   60 "));
	assert_string_equal(painted_rows(&s), "");
	/* Then the newest of them, without waiting for another one. */
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n  660 "));
	assert_null(strstr(s.got, "paused"));
	/* A pause in which no interval ends changes nothing. */
	report_pause(s.sink.report, true);
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_non_null(strstr(painted(&s), "\n  660 "));
	/* Ended with rows kept on both sides. */
	report_pause(s.sink.report, true);
	some_rows(&s, 300);
	screen_close(&s);
}

/* Paused before any interval has ended. */
static void test_a_pause_before_the_first_frame(void **state)
{
	struct screen s;

	(void)state;
	screen_open(&s, opens(REPORT_TABLE));
	report_show_keys(s.sink.report, true);
	report_pause(s.sink.report, true);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(
		painted(&s),
		"\033[HWaiting for the first report.\033[K\n"
		"\033[2mpaused, sorted by OPENS  [q] quit [space] resume [s] sort [/] find [?] "
		"keys\033[m\033[K\n\033[J");
	some_rows(&s, 0);
	assert_string_equal(painted(&s), "");
	report_pause(s.sink.report, false);
	assert_int_equal(report_repaint(s.sink.report), 0);
	assert_string_equal(painted_rows(&s), "acb");
	screen_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_frame_can_be_painted_again),
		cmocka_unit_test(test_keys_sort_what_is_shown),
		cmocka_unit_test(test_keys_sort_by_shown_columns),
		cmocka_unit_test(test_frames_follow_the_size),
		cmocka_unit_test(test_a_pause_keeps_the_frame),
		cmocka_unit_test(test_a_pause_before_the_first_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
