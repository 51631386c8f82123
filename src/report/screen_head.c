/* SPDX-License-Identifier: MIT */
/* The lines above a live report. See screen_head.h. */
#define _GNU_SOURCE
#include "screen_head.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "internal.h"
#include "screen_style.h"
#include "text.h"

/* The first column that is summed up: what the tool counts. Return: its index, or ncolumns. */
static size_t counted_column(const struct report_layout *layout)
{
	size_t i = 0;

	while (i < layout->ncolumns && layout->columns[i].kind != COLUMN_COUNT)
		i++;
	return i;
}

static void note_rate(struct head_history *history, uint64_t count, uint64_t span_ns)
{
	if (!span_ns)
		return;
	history->rates[history->next] = (double)count * 1e9 / (double)span_ns;
	history->next = (history->next + 1) % HEAD_HISTORY;
	if (history->count < HEAD_HISTORY)
		history->count++;
}

/* What passes in a pause is not shown before its end. */
static void note_pause(struct report *report)
{
	struct head_history *history = &report->history;

	history->unseen = report->view.paused ? history->unseen + 1 : 0;
}

void head_note(struct report *report, const struct rows *rows,
	       const struct report_interval *interval)
{
	size_t column = counted_column(&report->opts.layout);

	if (column != report->opts.layout.ncolumns)
		note_rate(&report->history, rows->sums[column], interval->span_ns);
	note_pause(report);
}

void head_note_rate(struct report *report, const char *what, uint64_t count, uint64_t span_ns)
{
	report->history.what = what;
	note_rate(&report->history, count, span_ns);
	note_pause(report);
}

/* @age: 0 is the latest that is shown */
static double rate_of(const struct head_history *history, size_t age)
{
	age += history->unseen;
	return history->rates[(history->next + HEAD_HISTORY - 1 - age) % HEAD_HISTORY];
}

static size_t shown_count(const struct head_history *history)
{
	return history->count > history->unseen ? history->count - history->unseen : 0;
}

static double highest(const struct head_history *history)
{
	double most = 0;

	for (size_t age = 0; age < shown_count(history); age++)
		most = rate_of(history, age) > most ? rate_of(history, age) : most;
	return most;
}

const char *const style_blocks[STYLE_BLOCKS] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

bool style_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < array_size(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
	}
	return false;
}

/* The rates as bars, the latest on the right. */
static void add_bars(struct buffer *b, const struct head_history *history, size_t width)
{
	static const char *const simple[] = { "_", "_", ".", ".", "-", "-", "=", "#" };
	const char *const *bars = style_utf8() ? style_blocks + 1 : simple;
	size_t count = shown_count(history) < width ? shown_count(history) : width;
	double most = highest(history);

	for (size_t age = count; age-- > 0;) {
		double share = most > 0 ? rate_of(history, age) / most : 0;

		buffer_string(b, bars[(size_t)(share * 7.999)]);
	}
}

static void add_rate(struct buffer *b, double rate)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*f", rate < 10 ? 1 : 0, rate);
	buffer_string(b, text);
}

/* Add what fits into the rest of the line. */
static void add_fitting(struct report *report, struct buffer *b, const char *text, size_t *left)
{
	size_t len = 0;

	*left -= text_width(report, text, strlen(text), *left, &len);
	buffer_add(b, text, len);
}

/* Who is watching what, and the time of day at the right. */
static void add_title(struct report *report, struct buffer *b,
		      const struct report_interval *interval, size_t width)
{
	enum { CLOCK = 9 }; /* a blank and HH:MM:SS */
	static const char cut[] = "...";
	const char *title = report->opts.title;
	size_t left = width > CLOCK ? width - CLOCK : 0;

	style_begin(report, b, STYLE_BOLD);
	if (left > strlen(cut) && text_width(report, title, strlen(title), SIZE_MAX, NULL) > left) {
		left -= strlen(cut);
		add_fitting(report, b, title, &left);
		buffer_string(b, cut);
	} else {
		add_fitting(report, b, title, &left);
	}
	style_end(b);
	buffer_fill(b, ' ', left);
	if (width > CLOCK) {
		buffer_char(b, ' ');
		text_clock(report, b, interval->ts_ns);
	}
}

static void add_now(struct report *report, struct buffer *b, const struct report_interval *interval,
		    size_t width)
{
	enum { WORDS = 44 }; /* besides the bars */
	const struct head_history *history = &report->history;
	const struct report_layout *layout = &report->opts.layout;
	size_t column = counted_column(layout);
	uint64_t dropped = drops_total(&interval->drops);

	if ((column == layout->ncolumns && !history->what) || width < WORDS + 10)
		return;
	buffer_string(b, history->what ? history->what : layout->columns[column].key);
	buffer_string(b, "/s ");
	add_rate(b, shown_count(history) ? rate_of(history, 0) : 0);
	buffer_string(b, "  ");
	add_bars(b, history, width - WORDS);
	buffer_string(b, "  most ");
	add_rate(b, highest(history));
	if (!dropped)
		return;
	buffer_string(b, "  ");
	style_begin(report, b, STYLE_ALARM);
	buffer_string(b, "dropped ");
	buffer_number(b, dropped);
	style_end(b);
}

void head_add(struct report *report, struct buffer *b, const struct report_interval *interval,
	      size_t width)
{
	add_title(report, b, interval, width - 1);
	buffer_string(b, STYLE_LINE_END);
	add_now(report, b, interval, width - 1);
	buffer_string(b, STYLE_LINE_END);
}
