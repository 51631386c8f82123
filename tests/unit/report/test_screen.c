/* SPDX-License-Identifier: MIT */
/* Frames on a terminal: where they begin, and how they are cut to its size. */
#define _GNU_SOURCE
#include "sink.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* A frame starts at the top-left corner and clears what is behind its lines. */
static void test_frames_overwrite(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);
	struct sink s;

	(void)state;
	opts.screen = true;
	opts.timestamp = true;
	sink_open(&s, opts);
	openat_rows(&s);
	interval(&s, (struct report_interval){ .drops = { .missed = 1 } });
	assert_string_equal(
		sink_text(&s),
		"\033[H13:03:03\033[K\n" HEADING(
			"  OPENS/s  FAILED    PID  COMM") "\033[K\n"
							  " 1234     1234       7  31337  "
							  "cc1\033[K\n"
							  "   80     80.0      80     42  a rather "
							  "long name\033[K\n"
							  "    5      5.0       0      1  "
							  "systemd\033[K\n"
							  " 1319     1319      87         "
							  "TOTAL\033[K\n"
							  "\033[1mdropped 1: skipped by the kernel "
							  "1 (see missed in the manual page)"
							  "\033[m\033[K\n"
							  "\033[J");
	sink_close(&s);
}

/* Without a terminal a screen has 24 lines of 80 columns, one of which is for the cursor. */
static void test_rows_are_cut_to_the_height(void **state)
{
	struct report_options opts = opens(REPORT_TABLE);

	(void)state;
	opts.screen = true;
	for (size_t rows = 20; rows <= 23; rows++) {
		struct sink s;
		bool hides = rows > 21;

		sink_open(&s, opts);
		for (size_t i = 0; i < rows; i++)
			ROW(&s, cell_number(1), cell_null(), cell_number(0), cell_number(i),
			    cell_string("x"));
		interval(&s, (struct report_interval){ 0 });
		assert_int_equal(count_lines(sink_text(&s)), rows < 21 ? rows + 2 : 23);
		assert_int_equal(hides, strstr(s.bytes, "rows shown)\033[K\n\033[J") != NULL);
		if (rows == 22)
			assert_non_null(strstr(s.bytes, "\n(20 of 22 rows shown)\033"));
		if (rows == 23)
			assert_non_null(
				strstr(s.bytes, "\n   23     23.0       0       TOTAL\033"));
		sink_close(&s);
	}
}

/* A report on a pseudo-terminal of the given size. Return: what arrives there. */
static const char *paint(unsigned short height, unsigned short width, const char *name, char *got,
			 size_t size)
{
	const struct winsize ws = { .ws_row = height, .ws_col = width };
	struct report_options opts = opens(REPORT_TABLE);
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	struct termios raw;
	int pty = posix_openpt(O_RDWR | O_NOCTTY), tty;
	ssize_t n;

	assert_true(pty >= 0 && grantpt(pty) == 0 && unlockpt(pty) == 0);
	tty = open(ptsname(pty), O_RDWR | O_NOCTTY);
	assert_true(tty >= 0 && tcgetattr(tty, &raw) == 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(tty, TCSANOW, &raw), 0);
	assert_int_equal(ioctl(tty, TIOCSWINSZ, &ws), 0);
	opts.out = fdopen(tty, "w");
	opts.screen = true;
	assert_int_equal(report_new(&report, &opts, &err), 0);
	for (uint64_t i = 0; i < 4; i++)
		row(&(struct sink){ .report = report },
		    (const struct cell[]){ cell_number(9 - i), cell_null(), cell_number(0),
					   cell_number(i), cell_string(name) });
	interval(&(struct sink){ .report = report }, (struct report_interval){ 0 });
	n = read(pty, got, size - 1);
	assert_true(n > 0);
	got[n] = '\0';
	report_free(report);
	fclose(opts.out);
	close(pty);
	return got;
}

/* Height and width are those of the terminal. */
static void test_lines_are_cut_to_the_width(void **state)
{
	char got[4096];

	(void)state;
	/* 5 lines above the cursor's: heading, one row, total, and what is hidden */
	assert_string_equal(
		paint(6, 40, "abcdefg", got, sizeof(got)),
		"\033[H" HEADING(
			"  OPENS/s  FAILED  PID  COMM") "\033[K\n"
							"    9      9.0       0    0  "
							"abcdefg\033[K\n"
							"    8      8.0       0    1  "
							"abcdefg\033[K\n"
							"   30     30.0       0       TOTAL\033[K\n"
							"(2 of 4 rows shown)\033[K\n\033[J");
	/* A line as wide as the terminal is not erased behind: that would take its last character.
	 */
	assert_string_equal(
		paint(5, 32, "abcdefg", got, sizeof(got)),
		"\033[H" HEADING(
			"  OPENS/s  FAILED  PID  COM") "\n"
						       "    9      9.0       0    0  abc\n"
						       "   30     30.0       0       TOT\n"
						       "(1 of 4 rows shown)\033[K\n\033[J");
	/* A wide character does not straddle the edge. */
	assert_string_equal(
		paint(5, 32, "\xe6\xbc\xa2\xe5\xad\x97\xe5\xad\x97", got, sizeof(got)),
		"\033[H" HEADING(
			"  OPENS/s  FAILED  PID  COM") "\n"
						       "    9      9.0       0    0  "
						       "\xe6\xbc\xa2\033[K\n"
						       "   30     30.0       0       TOT\n"
						       "(1 of 4 rows shown)\033[K\n\033[J");
	/* Too low for anything but the heading. */
	assert_string_equal(paint(1, 9, "x", got, sizeof(got)),
			    "\033[H" HEADING("  OP") "\n\033[J");
	assert_string_equal(paint(2, 9, "x", got, sizeof(got)),
			    "\033[H" HEADING("  OP") "\n\033[J");
}

/* A frame reaches the terminal in one write(), so nothing can tear it. */
static void test_a_frame_is_one_write(void **state)
{
	int packets[2];
	char got[16384];
	struct report_options opts = opens(REPORT_TABLE);
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	ssize_t n;

	(void)state;
	/* Each read from a packet pipe returns what one write has put there. */
	assert_int_equal(pipe2(packets, O_DIRECT), 0);
	opts.out = fdopen(packets[1], "w");
	setvbuf(opts.out, NULL, _IOLBF, 64);
	opts.screen = true;
	assert_int_equal(report_new(&report, &opts, &err), 0);
	for (uint64_t i = 0; i < 20; i++)
		row(&(struct sink){ .report = report },
		    (const struct cell[]){ cell_number(9), cell_null(), cell_number(0),
					   cell_number(i), cell_string("some name") });
	interval(&(struct sink){ .report = report }, (struct report_interval){ 0 });
	n = read(packets[0], got, sizeof(got));
	assert_true(n > 600);
	assert_memory_equal(got, "\033[H", 3);
	assert_memory_equal(got + n - 3, "\033[J", 3);
	report_free(report);
	fclose(opts.out);
	close(packets[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames_overwrite),
		cmocka_unit_test(test_rows_are_cut_to_the_height),
		cmocka_unit_test(test_lines_are_cut_to_the_width),
		cmocka_unit_test(test_a_frame_is_one_write),
	};

	return cmocka_run_group_tests(tests, use_utc, NULL);
}
