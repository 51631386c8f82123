/* SPDX-License-Identifier: MIT */
/* The bars of a picture: one for each process, or for many that are too thin. See svg.h. */
#define _GNU_SOURCE
#include "svg.h"

#include <string.h>

enum {
	LABEL_LEAST = 30,  /* a narrower bar has no words */
	LABELLED_ROW = 12, /* a lower row has no words */
	SMALL_FONT = 9,    /* in rows that are lower than ROW_OF_FONT */
	ROW_OF_FONT = 18,
	TOGETHER_MOST = 8, /* so wide are processes that are drawn together */
};

/*
 * In a bar, where room is short, the program goes without its directories. A quote that begins
 * before them, '...' or $'...', stays.
 */
static void print_short_label(FILE *out, const char *label, size_t most)
{
	size_t quote = label[0] == '\'' ? 1 : strncmp(label, "$'", 2) == 0 ? 2 : 0;
	const char *end = strchrnul(label + quote, quote ? '\'' : ' ');
	const char *slash = memrchr(label, '/', (size_t)(end - label));

	if (slash && most > quote) {
		svg_text(out, label, quote);
		most -= quote;
	}
	svg_text(out, slash ? slash + 1 : label, most);
}

/* The class of a program's colour: its place in the legend. */
static char colour_of(const struct svg *s, const char *name)
{
	for (size_t i = 0; i < s->ncosts && i < SVG_COLOURS; i++)
		if (strcmp(s->costs[i].name, name) == 0)
			return (char)('0' + i);
	return 'x';
}

/* What a pointer over the bar shows. */
static void print_hover(FILE *out, const struct bar *bar)
{
	const struct process *p = bar->process;
	char words[PROCESS_END_MAX];

	fputs("<title>", out);
	svg_text(out, svg_label(p), SIZE_MAX);
	fprintf(out, "%s\nprocess %u: ", p->latest && p->latest->is_cut ? " ..." : "", p->pid);
	svg_time(out, bar->end_ns - bar->begin_ns);
	fputs(", CPU ", out);
	svg_time(out, p->cpu_ns);
	if (process_how_ended(p, words)[0])
		fprintf(out, "\n%s", words);
	if (p->critical)
		fputs("\non the critical path", out);
	fputs("</title>", out);
}

/* Where there is room, a line of background separates rows. */
static double bar_height(const struct svg *s)
{
	return s->height - (s->height > 6 ? 1 : 0);
}

/* The darker part: how much of the time was computed, on one processor or more. */
static void print_parts(const struct svg *s, char colour, bool failed, double x, double y,
			double width, uint64_t cpu_ns)
{
	double dark = (double)cpu_ns * s->scale;
	char class[8];

	snprintf(class, sizeof(class), "c%c%s", colour, failed ? " f" : "");
	svg_rect(s->out, class, x, y, width, bar_height(s));
	snprintf(class, sizeof(class), "d%c", colour);
	if (dark >= 0.1)
		svg_rect(s->out, class, x, y, dark < width ? dark : width, bar_height(s));
}

static void print_words(const struct svg *s, const struct process *p, double x, double y,
			double width)
{
	bool is_small = s->height < ROW_OF_FONT;
	double character = SVG_CHARACTER * (is_small ? SMALL_FONT : SVG_FONT);

	if (width < LABEL_LEAST || s->height < LABELLED_ROW)
		return;
	/* An underscore must not touch the line of the critical path. */
	fprintf(s->out, "<text class=\"l%s\" x=\"%.1f\" y=\"%.1f\">", is_small ? " s" : "", x + 2,
		y + s->height - (is_small ? 4 : 6));
	print_short_label(s->out, svg_label(p), (size_t)((width - 4) / character));
	fputs("</text>", s->out);
}

/* However short a process was, it can be seen. */
static double visible(double width)
{
	return width > 1 ? width : 1;
}

static void print_bar(const struct svg *s, const struct bar *bar)
{
	const struct process *p = bar->process;
	double x = svg_x(s, bar->begin_ns), y = svg_y(s, bar->row);
	double width = visible(svg_x(s, bar->end_ns) - x);

	fputs("<g>", s->out);
	print_hover(s->out, bar);
	print_parts(s, colour_of(s, process_name(p)), process_failed(p), x, y, width, p->cpu_ns);
	if (p->critical)
		svg_rect(s->out, "p", x, y + bar_height(s) - 2, width, 2);
	print_words(s, p, x, y, width);
	fputs("</g>\n", s->out);
}

/*
 * Bars next to each other that are too thin to be seen, but not so many that it is lost when each
 * of them was. Return: one behind the last of them.
 */
static size_t thin_until(const struct svg *s, size_t first)
{
	const struct bar *bars = s->layout.bars;
	double begin = svg_x(s, bars[first].begin_ns), last = begin;
	size_t at;

	for (at = first; at < s->layout.count && bars[at].row == bars[first].row; at++) {
		double x = svg_x(s, bars[at].begin_ns), end = svg_x(s, bars[at].end_ns);

		if (end - x >= 1 || x - last >= 1 || end - begin > TOGETHER_MOST)
			break;
		last = end;
	}
	return at;
}

/**
 * struct together - processes that are drawn together
 * @most: the one that used most processor time
 */
struct together {
	const struct process *most;
	size_t count, failed;
	bool critical;
	uint64_t cpu_ns;
};

static struct together put_together(const struct bar *bars, size_t count)
{
	struct together t = { .most = bars[0].process, .count = count };

	for (size_t i = 0; i < count; i++) {
		const struct process *p = bars[i].process;

		t.cpu_ns += p->cpu_ns;
		t.failed += process_failed(p);
		t.critical |= p->critical;
		if (p->cpu_ns > t.most->cpu_ns)
			t.most = p;
	}
	return t;
}

static void print_hover_together(FILE *out, const struct together *t)
{
	fprintf(out, "<title>%zu processes, CPU ", t->count);
	svg_time(out, t->cpu_ns);
	fputs("; most of it: ", out);
	svg_text(out, svg_label(t->most), SIZE_MAX);
	if (t->failed)
		fprintf(out, "\n%zu failed", t->failed);
	fputs("</title>", out);
}

/* Drawn together, in the colour of the one that costs most. */
static void print_together(const struct svg *s, const struct bar *bars, size_t count)
{
	const struct together t = put_together(bars, count);
	double x = svg_x(s, bars[0].begin_ns), y = svg_y(s, bars[0].row);
	double width = visible(svg_x(s, bars[count - 1].end_ns) - x);

	fputs("<g>", s->out);
	print_hover_together(s->out, &t);
	print_parts(s, colour_of(s, process_name(t.most)), false, x, y, width, t.cpu_ns);
	if (t.failed)
		svg_rect(s->out, "r", x, y, width, 2);
	if (t.critical)
		svg_rect(s->out, "p", x, y + bar_height(s) - 2, width, 2);
	fputs("</g>\n", s->out);
}

void svg_bars(const struct svg *s)
{
	for (size_t at = 0; at < s->layout.count;) {
		size_t end = thin_until(s, at);

		if (end > at + 1) {
			print_together(s, &s->layout.bars[at], end - at);
			at = end;
		} else {
			print_bar(s, &s->layout.bars[at++]);
		}
	}
}
