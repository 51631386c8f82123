/* SPDX-License-Identifier: MIT */
/*
 * A run as one picture, which any browser and any README shows: a bar for each process, coloured by
 * program. It has no script and loads nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"
#include "picture.h"
#include "picture_layout.h"
#include "program_costs.h"

enum {
	WIDTH = 1200,
	MARGIN = 10,
	TOP = 70,     /* where the rows begin, below words and axis */
	COLOURS = 10, /* programs with a colour of their own */
	LEGEND_LINE = 18,
	LABEL_LEAST = 30, /* a narrower bar has no words */
	TICKS_MOST = 12,
};

/* Of a character of the font in the bars, in tenths of a pixel. */
#define CHAR_WIDTH 6.4

/**
 * struct svg - a picture being written
 * @scale:  pixels a nanosecond
 * @height: of a row in pixels
 */
struct svg {
	FILE *out;
	const struct picture *picture;
	struct picture_layout layout;
	struct program_cost *costs;
	size_t ncosts;
	double scale, height;
};

static const char style[] =
	"text{font:11px monospace;fill:#222}"
	".b{fill:#fff}.t{font-size:14px;font-weight:bold}.w{font-weight:bold;fill:#c00}"
	".l{stroke:#fff;stroke-width:2;stroke-opacity:.6;paint-order:stroke}"
	".r{fill:#d00}.g{stroke:#ddd}.f{stroke:#d00;stroke-width:1.5}.p{fill:#000}"
	".c0{fill:#9cc4f0}.d0{fill:#2f78c4}.c1{fill:#f6c68b}.d1{fill:#d9820f}"
	".c2{fill:#a6dcae}.d2{fill:#2f9a43}.c3{fill:#cfb4ec}.d3{fill:#8446c4}"
	".c4{fill:#9adfe0}.d4{fill:#178f92}.c5{fill:#eee08c}.d5{fill:#b59b08}"
	".c6{fill:#efb3da}.d6{fill:#c23c93}.c7{fill:#cbe08f}.d7{fill:#7ba11a}"
	".c8{fill:#b9bdf2}.d8{fill:#4d55c9}.c9{fill:#e2c4ad}.d9{fill:#9a6236}"
	".cx{fill:#d4d4d4}.dx{fill:#8a8a8a}"
	"@media(prefers-color-scheme:dark){.b{fill:#1b1b1b}text{fill:#ddd}.l{fill:#111}"
	".l{stroke:#fff;stroke-width:2;stroke-opacity:.6;paint-order:stroke}"
	".g{stroke:#444}.p{fill:#fff}.w{fill:#f66}}";

/* Text from outside: printable, and nothing in it is markup. */
static void print_safe(FILE *out, const char *text, size_t most)
{
	char safe[ESCAPE_MAX(PROCESS_LABEL_MAX) + 1];
	size_t len = strlen(text);

	if (len > PROCESS_LABEL_MAX)
		len = PROCESS_LABEL_MAX;
	if (most >= sizeof(safe))
		most = sizeof(safe) - 1;
	escape_terminal(safe, most + 1, text, len);
	for (const char *c = safe; *c; c++) {
		if (*c == '<')
			fputs("&lt;", out);
		else if (*c == '>')
			fputs("&gt;", out);
		else if (*c == '&')
			fputs("&amp;", out);
		else
			fputc(*c, out);
	}
}

static const char *label_of(const struct process *p)
{
	return p->latest && p->latest->label[0] ? p->latest->label : process_name(p);
}

/* In a bar, where room is short, the program goes without its directories. */
static const char *short_label_of(const struct process *p)
{
	const char *label = label_of(p), *blank = strchrnul(label, ' ');
	const char *slash = memrchr(label, '/', (size_t)(blank - label));

	return slash ? slash + 1 : label;
}

/* The class of a program's colour: its place in the legend. */
static char colour_of(const struct svg *s, const char *name)
{
	for (size_t i = 0; i < s->ncosts && i < COLOURS; i++)
		if (strcmp(s->costs[i].name, name) == 0)
			return (char)('0' + i);
	return 'x';
}

static double x_of(const struct svg *s, uint64_t time_ns)
{
	return MARGIN + (double)(time_ns - s->layout.begin_ns) * s->scale;
}

static double y_of(const struct svg *s, unsigned row)
{
	return TOP + row * s->height;
}

static void print_rect(FILE *out, const char *class, double x, double y, double width,
		       double height)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
		class, x, y, width, height);
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

/* What a pointer over the bar shows. */
static void print_hover(FILE *out, const struct bar *bar)
{
	const struct process *p = bar->process;
	char words[PROCESS_END_MAX];

	fputs("<title>", out);
	print_safe(out, label_of(p), SIZE_MAX);
	fprintf(out, "%s\nprocess %u: %.3f s, CPU %.3f s",
		p->latest && p->latest->is_cut ? " ..." : "", p->pid,
		seconds(bar->end_ns - bar->begin_ns), seconds(p->cpu_ns));
	if (process_how_ended(p, words)[0])
		fprintf(out, "\n%s", words);
	if (p->critical)
		fputs("\non the critical path", out);
	fputs("</title>", out);
}

/* The darker part: how much of its time it computed, on one processor or more. */
static double cpu_width(const struct bar *bar, double width)
{
	uint64_t wall_ns = bar->end_ns - bar->begin_ns;

	return bar->process->cpu_ns < wall_ns
		       ? width * ((double)bar->process->cpu_ns / (double)wall_ns)
		       : width;
}

/* Where there is room, a line of background separates rows. */
static double bar_height(const struct svg *s)
{
	return s->height - (s->height > 6 ? 1 : 0);
}

static void print_bar(const struct svg *s, const struct bar *bar)
{
	double x = x_of(s, bar->begin_ns), y = y_of(s, bar->row);
	double width = x_of(s, bar->end_ns) - x, height = bar_height(s);
	char colour = colour_of(s, process_name(bar->process)), class[8];

	fputs("<g>", s->out);
	print_hover(s->out, bar);
	snprintf(class, sizeof(class), "c%c%s", colour, process_failed(bar->process) ? " f" : "");
	print_rect(s->out, class, x, y, width, height);
	snprintf(class, sizeof(class), "d%c", colour);
	if (cpu_width(bar, width) >= 0.1)
		print_rect(s->out, class, x, y, cpu_width(bar, width), height);
	if (bar->process->critical)
		print_rect(s->out, "p", x, y + height - 2, width, 2);
	if (width >= LABEL_LEAST && s->height >= 12) {
		fprintf(s->out, "<text class=\"l\" x=\"%.1f\" y=\"%.1f\">", x + 2,
			y + s->height - 5);
		print_safe(s->out, short_label_of(bar->process),
			   (size_t)((width - 4) / CHAR_WIDTH));
		fputs("</text>", s->out);
	}
	fputs("</g>\n", s->out);
}

/* Bars next to each other that are too thin to be seen. Return: one behind the last of them. */
static size_t thin_until(const struct svg *s, size_t first)
{
	const struct bar *bars = s->layout.bars;
	size_t at = first;

	while (at < s->layout.count && bars[at].row == bars[first].row &&
	       x_of(s, bars[at].end_ns) - x_of(s, bars[at].begin_ns) < 1 &&
	       (at == first || x_of(s, bars[at].begin_ns) - x_of(s, bars[at - 1].end_ns) < 1))
		at++;
	return at;
}

/* Drawn together, in the colour of the one that costs most. */
static void print_thin(const struct svg *s, size_t first, size_t end)
{
	const struct bar *bars = s->layout.bars, *most = &bars[first];
	double x = x_of(s, bars[first].begin_ns), width = x_of(s, bars[end - 1].end_ns) - x;
	double y = y_of(s, bars[first].row), height = bar_height(s);
	char class[8];
	bool failed = false, critical = false;
	uint64_t cpu_ns = 0;

	width = width > 1 ? width : 1;
	for (size_t i = first; i < end; i++) {
		cpu_ns += bars[i].process->cpu_ns;
		failed |= process_failed(bars[i].process);
		critical |= bars[i].process->critical;
		if (bars[i].process->cpu_ns > most->process->cpu_ns)
			most = &bars[i];
	}
	fprintf(s->out, "<g><title>%zu processes, CPU %.3f s; most of it: ", end - first,
		seconds(cpu_ns));
	print_safe(s->out, label_of(most->process), SIZE_MAX);
	fprintf(s->out, "%s</title>", failed ? "\nsome failed" : "");
	snprintf(class, sizeof(class), "d%c", colour_of(s, process_name(most->process)));
	print_rect(s->out, class, x, y, width, height);
	if (failed)
		print_rect(s->out, "r", x, y, width, 2);
	if (critical)
		print_rect(s->out, "p", x, y + height - 2, width, 2);
	fputs("</g>\n", s->out);
}

static void print_bars(const struct svg *s)
{
	for (size_t at = 0; at < s->layout.count;) {
		size_t end = thin_until(s, at);

		if (end > at + 1) {
			print_thin(s, at, end);
			at = end;
		} else {
			print_bar(s, &s->layout.bars[at++]);
		}
	}
}

/* A round number of nanoseconds between two ticks. */
static uint64_t tick_ns(uint64_t span_ns)
{
	static const unsigned steps[] = { 1, 2, 5 };
	uint64_t unit = 1000;

	for (int i = 0;; i = (i + 1) % 3) {
		if (span_ns / (unit * steps[i]) < TICKS_MOST)
			return unit * steps[i];
		if (i == 2)
			unit *= 10;
	}
}

static void print_axis(const struct svg *s, double bottom)
{
	uint64_t span_ns = s->layout.end_ns - s->layout.begin_ns, step_ns = tick_ns(span_ns);

	for (uint64_t i = 0; i <= span_ns / step_ns; i++) {
		double x = x_of(s, s->layout.begin_ns + i * step_ns);

		fprintf(s->out,
			"<path class=\"g\" d=\"M%.1f %dV%.1f\"/>"
			"<text x=\"%.1f\" y=\"%d\">%g s</text>\n",
			x, TOP - 14, bottom, x + 2, TOP - 5, seconds(i * step_ns));
	}
}

static void print_facts(const struct svg *s)
{
	uint64_t span_ns = s->layout.end_ns - s->layout.begin_ns, cpu_ns = 0;
	size_t failed = 0;

	for (size_t i = 0; i < s->layout.count; i++) {
		cpu_ns += s->layout.bars[i].process->cpu_ns;
		failed += process_failed(s->layout.bars[i].process);
	}
	fprintf(s->out,
		"<text x=\"%d\" y=\"40\">%.3f s, CPU %.3f s (%.1f processors), %zu processes, "
		"%zu failed</text>\n",
		MARGIN, seconds(span_ns), seconds(cpu_ns),
		span_ns ? (double)cpu_ns / (double)span_ns : 0.0, s->layout.count, failed);
}

/* What the picture lacks. */
static void print_warning(const struct svg *s)
{
	const struct picture *picture = s->picture;

	if (picture_is_whole(picture) && !s->layout.unplaced)
		return;
	fprintf(s->out,
		"<text class=\"w\" x=\"%d\" y=\"54\">not all is here: %llu events were lost, "
		"%llu processes were too many to be kept, %zu have no row</text>\n",
		WIDTH / 2,
		(unsigned long long)(drops_total(picture->drops) + picture->drops->lineage),
		(unsigned long long)picture->tree->unlisted, s->layout.unplaced);
}

static void print_head(const struct svg *s, double height)
{
	const struct process *root = s->picture->tree->root;

	fprintf(s->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
		"viewBox=\"0 0 %d %.0f\">\n<style>%s</style>\n",
		WIDTH, height, WIDTH, height, style);
	print_rect(s->out, "b", 0, 0, WIDTH, height);
	fprintf(s->out, "\n<text class=\"t\" x=\"%d\" y=\"22\">", MARGIN);
	print_safe(s->out, process_was_seen(root) ? label_of(root) : "What ran", 120);
	fputs("</text>\n", s->out);
	print_facts(s);
	print_warning(s);
}

/* The costliest programs, and what the marks mean. */
static void print_legend(const struct svg *s, double y)
{
	for (size_t i = 0; i < s->ncosts && i < COLOURS; i++) {
		const struct program_cost *cost = &s->costs[i];
		double x = MARGIN + (double)(i / 5) * WIDTH / 3;
		double line = y + (double)(i % 5) * LEGEND_LINE;
		char class[8];

		snprintf(class, sizeof(class), "d%zu", i);
		print_rect(s->out, class, x, line, 12, 12);
		fprintf(s->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 18, line + 10);
		print_safe(s->out, cost->name, 24);
		fprintf(s->out, ": %zu, CPU %.3f s</text>\n", cost->count, seconds(cost->cpu_ns));
	}
}

static void print_key(const struct svg *s, double y)
{
	static const char *const lines[] = {
		"width: time; darker: of it, CPU time",
		"line below: critical path",
		"red: failed",
		"grey: other programs",
	};

	for (size_t i = 0; i < array_size(lines); i++)
		fprintf(s->out, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", MARGIN + WIDTH * 2 / 3.0,
			y + 10 + (double)i * LEGEND_LINE, lines[i]);
}

/* The more rows, the thinner. */
static double row_height(unsigned rows)
{
	if (rows <= 80)
		return 18;
	if (rows <= 200)
		return 12;
	return rows <= 400 ? 6 : 3;
}

static void print_picture(struct svg *s)
{
	uint64_t span_ns = s->layout.end_ns - s->layout.begin_ns;
	double bottom;

	s->height = row_height(s->layout.rows);
	s->scale = span_ns ? (double)(WIDTH - 2 * MARGIN) / (double)span_ns : 0;
	bottom = y_of(s, s->layout.rows) + 4;
	print_head(s, bottom + 20 + 5 * LEGEND_LINE);
	print_axis(s, bottom);
	print_bars(s);
	print_legend(s, bottom + 14);
	print_key(s, bottom + 14);
	fputs("</svg>\n", s->out);
}

int picture_svg(const struct picture *picture, FILE *out)
{
	struct svg s = { .out = out, .picture = picture };
	int r = picture_lay_out(picture->tree, &s.layout);

	if (r == 0)
		r = program_costs(&s.layout, &s.costs, &s.ncosts);
	if (r == 0)
		print_picture(&s);
	free(s.costs);
	free(s.layout.bars);
	return r;
}
