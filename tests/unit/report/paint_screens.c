/* SPDX-License-Identifier: MIT */
/* Paints a screen with known rows on standard output, for tests/unit/report/check-screens. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live_report.h"
#include "log_histogram.h"
#include "report.h"

#define MS UINT64_C(1000000)
#define S (1000 * MS)

static const struct column columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
	{ .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	{ .key = "calls_per_s", .head = "CALLS/s", .kind = COLUMN_RATE, .of = "calls" },
	{ .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	{ .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	{ .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	{ .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	{ .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	{ .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

enum {
	COLUMNS = sizeof(columns) / sizeof(columns[0]),
	ROWS = 100,
};

/* The same with what a row is about behind the numbers. */
static const struct column keys_last[COLUMNS] = {
	{ .key = "calls", .head = "OPENS", .kind = COLUMN_COUNT },
	{ .key = "calls_per_s", .head = "OPENS/s", .kind = COLUMN_RATE, .of = "calls" },
	{ .key = "errors", .head = "FAILED", .kind = COLUMN_COUNT },
	{ .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	{ .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	{ .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	{ .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID },
	{ .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	{ .key = "syscall", .head = "PATH", .kind = COLUMN_TEXT },
	{ .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

static int failed;
static bool are_keys_last;

static void check(int r)
{
	failed |= r < 0;
}

static bool has_ended(uint64_t id)
{
	return id % 10 == 7;
}

/* Names of all kinds: wide, with control characters, longer than a screen is wide. */
static void add_row(struct report *report, uint64_t i, uint64_t number)
{
	static const char *const comms[] = { "nginx", "postgres", "漢字", "a\033[31mred",
					     "kworker/0:1H" };
	static const char *const calls[] = { "epoll_wait", "read", "write", "openat", "futex" };
	static struct histogram times;
	uint64_t ns = (i + 1) * (i + 1) * 1000 * (1 + number % 3);

	memset(&times, 0, sizeof(times));
	times.timed = times.counts[40] = 9 + i;
	times.counts[60] = 3;
	times.max_ns = ns;
	if (are_keys_last) {
		check(report_row(report,
				 (const struct cell[COLUMNS]){
					 cell_number(100000 / (i + 1)), cell_null(),
					 cell_number(i % 4), cell_number(ns * 90),
					 cell_number(ns / 2), cell_number(ns), cell_number(ns * 2),
					 cell_number(1000 + i), cell_string(comms[i % 5]),
					 cell_string(calls[i % 3]), cell_histogram(&times) }));
		return;
	}
	check(report_row(report, (const struct cell[COLUMNS]){
					 cell_number(1000 + i),
					 cell_string(comms[i % 5]),
					 cell_string(calls[i % 3]),
					 cell_number(100000 / (i + 1)),
					 cell_null(),
					 cell_number(i % 4),
					 cell_number(ns * 90),
					 cell_number(ns / 2),
					 cell_number(ns),
					 cell_number(ns * 2),
					 cell_histogram(&times),
				 }));
}

static void one_interval(struct report *report, uint64_t rows, uint64_t number, uint64_t missed)
{
	const struct report_interval interval = {
		.number = number,
		.ts_ns = UINT64_C(1763816583) * S + number * S,
		.span_ns = S,
		.drops = { .missed = missed },
	};

	for (uint64_t i = 0; i < rows; i++)
		add_row(report, i, number);
	check(report_interval(report, &interval));
}

static void type(struct report *report, const char *keys)
{
	report_find(report);
	for (; *keys; keys++)
		report_type(report, *keys);
}

/* What a person has pressed. */
static void press(struct report *report, const char *scene)
{
	if (strcmp(scene, "find") == 0)
		type(report, "NGINX\n");
	else if (strcmp(scene, "typing") == 0)
		type(report, "ng");
	else if (strcmp(scene, "end") == 0)
		report_scroll(report, SCROLL_BOTTOM);
	else if (strcmp(scene, "help") == 0)
		report_show_help(report, true);
	else if (strcmp(scene, "message") == 0)
		report_say(report, "--pid: '1000': no such process");
	for (int i = 0; strcmp(scene, "aside") == 0 && i < 3; i++)
		report_scroll(report, SCROLL_RIGHT);
	if (strcmp(scene, "paused") == 0)
		report_pause(report, true);
	if (strcmp(scene, "folded") == 0)
		report_fold(report, true);
	if (strcmp(scene, "left") == 0)
		report_leave_screen(report);
	check(report_repaint(report));
}

static void paint(struct report *report, const char *scene)
{
	bool idle = strcmp(scene, "idle") == 0, drops = strcmp(scene, "dropped") == 0;

	report_show_keys(report, true);
	if (strcmp(scene, "waiting") != 0)
		for (uint64_t n = 1; n <= 7; n++)
			one_interval(report, idle && n == 7 ? 0 : ROWS / (1 + n % 2), n,
				     drops && n == 7 ? 12 : 0);
	press(report, scene);
	if (strcmp(scene, "left") == 0)
		one_interval(report, ROWS, 8, 0);
}

int main(int argc, char **argv)
{
	const char *scene = argc > 1 ? argv[1] : "";
	bool behind = are_keys_last = strcmp(scene, "behind") == 0;
	bool heat = strcmp(scene, "heat") == 0;
	struct report_options opts = {
		.layout = { .columns = behind ? keys_last : columns,
			    .ncolumns = heat ? COLUMNS : COLUMNS - 1,
			    .active = UINT64_MAX },
		.out = stdout,
		.sort = behind ? 0 : 3,
		.screen = true,
		.colour = true,
		.opens = true,
		.has_ended = has_ended,
		.title = "bcc-syscalls on server, Linux 6.12.1, every 1 s, --uid www-data",
	};
	struct error err = ERROR_INIT;
	struct report *report = NULL;

	setenv("TZ", "UTC", 1);
	if (report_new(&report, &opts, &err) < 0)
		return 1;
	paint(report, scene);
	fflush(stdout);
	report_free(report);
	return failed;
}
