/* SPDX-License-Identifier: MIT */
/*
 * A run as one picture, which any browser and any README shows: a bar for each process, coloured by
 * program. It has no script and loads nothing.
 */
#include "svg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "escape.h"

enum {
	WIDTH = 1000, /* a README is not much wider, and a narrower picture has larger letters */
	MARGIN = 10,
	TOP = 78, /* where the rows begin, below words and axis */
	LEGEND_LINE = 18,
	LEGEND_COLUMN = 360,
	TITLE_FONT = 14,
	TICK_LABEL = 60, /* so much room has the time at a tick */
	TICKS_MOST = 12,
};

static const char style[] =
	"text{font:12px monospace;fill:#222}"
	".b{fill:#fff}.t{font-size:14px;font-weight:bold}.w{font-weight:bold;fill:#c00}"
	".l{stroke:#fff;stroke-width:2;stroke-opacity:.8;paint-order:stroke}.s{font-size:9px}.e{"
	"text-anchor:end}"
	".r{fill:#d00}.g{stroke:#ddd}.f{stroke:#d00;stroke-width:1.5}.p{fill:#000}"
	".c0{fill:#9cc4f0}.d0{fill:#2f78c4}.c1{fill:#f6c68b}.d1{fill:#d9820f}"
	".c2{fill:#a6dcae}.d2{fill:#2f9a43}.c3{fill:#cfb4ec}.d3{fill:#8446c4}"
	".c4{fill:#9adfe0}.d4{fill:#178f92}.c5{fill:#eee08c}.d5{fill:#b59b08}"
	".c6{fill:#efb3da}.d6{fill:#c23c93}.c7{fill:#cbe08f}.d7{fill:#7ba11a}"
	".c8{fill:#b9bdf2}.d8{fill:#4d55c9}.c9{fill:#d3ab8e}.d9{fill:#9a6236}"
	".cx{fill:#d4d4d4}.dx{fill:#8a8a8a}"
	"@media(prefers-color-scheme:dark){.b{fill:#1b1b1b}text{fill:#ddd}.l{fill:#111}"
	".g{stroke:#444}.p{fill:#fff}.w{fill:#f66}.r{fill:#f33}.f{stroke:#f33}}";

/* Text from outside: printable, and nothing in it is markup. */
void svg_text(FILE *out, const char *text, size_t most)
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

double svg_x(const struct svg *s, uint64_t time_ns)
{
	return MARGIN + (double)(time_ns - s->layout.begin_ns) * s->scale;
}

double svg_y(const struct svg *s, unsigned row)
{
	return TOP + row * s->height;
}

void svg_rect(FILE *out, const char *class, double x, double y, double width, double height)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
		class, x, y, width, height);
}

/* Are so many nanoseconds better told in milliseconds? */
static bool is_short(uint64_t ns)
{
	return ns < 100000000;
}

void svg_time(FILE *out, uint64_t ns)
{
	if (is_short(ns))
		fprintf(out, "%.3f ms", (double)ns / 1e6);
	else
		fprintf(out, "%.3f s", (double)ns / 1e9);
}

const char *svg_label(const struct process *p)
{
	return p->latest && p->latest->label[0] ? p->latest->label : process_name(p);
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

/* A label has its tick on its left, unless it would be cut off there. */
static void print_tick(const struct svg *s, uint64_t time_ns, double bottom)
{
	double x = svg_x(s, s->layout.begin_ns + time_ns);
	bool is_last = x > WIDTH - TICK_LABEL;
	bool in_ms = is_short(s->layout.end_ns - s->layout.begin_ns);

	fprintf(s->out,
		"<path class=\"g\" d=\"M%.1f %dV%.1f\"/>"
		"<text%s x=\"%.1f\" y=\"%d\">%g %s</text>\n",
		x, TOP - 15, bottom, is_last ? " class=\"e\"" : "", is_last ? x - 2 : x + 2,
		TOP - 5, (double)time_ns / (in_ms ? 1e6 : 1e9), in_ms ? "ms" : "s");
}

static void print_axis(const struct svg *s, double bottom)
{
	uint64_t span_ns = s->layout.end_ns - s->layout.begin_ns, step_ns = tick_ns(span_ns);

	for (uint64_t i = 0; i <= span_ns / step_ns; i++)
		print_tick(s, i * step_ns, bottom);
}

static void print_facts(const struct svg *s)
{
	uint64_t span_ns = s->layout.end_ns - s->layout.begin_ns, cpu_ns = 0;
	size_t failed = 0;

	for (size_t i = 0; i < s->layout.count; i++) {
		cpu_ns += s->layout.bars[i].process->cpu_ns;
		failed += process_failed(s->layout.bars[i].process);
	}
	fprintf(s->out, "<text x=\"%d\" y=\"40\">", MARGIN);
	svg_time(s->out, span_ns);
	fputs(", CPU ", s->out);
	svg_time(s->out, cpu_ns);
	fprintf(s->out, " (%.1f processors), %zu process%s, %zu failed</text>\n",
		span_ns ? (double)cpu_ns / (double)span_ns : 0.0, s->layout.count,
		s->layout.count == 1 ? "" : "es", failed);
}

/* What the picture lacks. */
static void print_warning(const struct svg *s)
{
	const struct picture *picture = s->picture;
	const struct {
		uint64_t count;
		const char *words;
	} losses[] = {
		{ drops_total(picture->drops) + picture->drops->lineage, "events were lost" },
		{ picture->tree->unlisted, "processes were too many to be kept" },
		{ s->layout.unplaced, "processes have no row" },
	};
	const char *separator = "not all is here: ";

	if (picture_is_whole(picture) && !s->layout.unplaced)
		return;
	fprintf(s->out, "<text class=\"w\" x=\"%d\" y=\"56\">", MARGIN);
	for (size_t i = 0; i < array_size(losses); i++) {
		if (!losses[i].count)
			continue;
		fprintf(s->out, "%s%llu %s", separator, (unsigned long long)losses[i].count,
			losses[i].words);
		separator = ", ";
	}
	fputs("</text>\n", s->out);
}

static void print_head(const struct svg *s, double height)
{
	const struct process *root = s->picture->tree->root;

	fprintf(s->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
		"viewBox=\"0 0 %d %.0f\">\n<style>%s</style>\n",
		WIDTH, height, WIDTH, height, style);
	svg_rect(s->out, "b", 0, 0, WIDTH, height);
	fprintf(s->out, "\n<text class=\"t\" x=\"%d\" y=\"22\">", MARGIN);
	svg_text(s->out, process_was_seen(root) ? svg_label(root) : "What ran",
		 (size_t)((WIDTH - 2 * MARGIN) / (TITLE_FONT * SVG_CHARACTER)));
	fputs("</text>\n", s->out);
	print_facts(s);
	print_warning(s);
}

/* The costliest programs, and what the marks mean. */
static void print_legend(const struct svg *s, double y)
{
	for (size_t i = 0; i < s->ncosts && i < SVG_COLOURS; i++) {
		const struct program_cost *cost = &s->costs[i];
		double x = MARGIN + (double)(i / 5) * LEGEND_COLUMN;
		double line = y + (double)(i % 5) * LEGEND_LINE;
		char class[8];

		/* As in the bars: the lighter colour is what one sees most of. */
		snprintf(class, sizeof(class), "c%zu", i);
		svg_rect(s->out, class, x, line, 16, 12);
		snprintf(class, sizeof(class), "d%zu", i);
		svg_rect(s->out, class, x, line, 6, 12);
		fprintf(s->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 22, line + 10);
		svg_text(s->out, cost->name, 24);
		fprintf(s->out, ": %zu, CPU ", cost->count);
		svg_time(s->out, cost->cpu_ns);
		fputs("</text>\n", s->out);
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
		fprintf(s->out, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
			MARGIN + LEGEND_COLUMN * 2.0, y + 10 + (double)i * LEGEND_LINE, lines[i]);
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
	bottom = svg_y(s, s->layout.rows) + 4;
	print_head(s, bottom + 20 + 5 * LEGEND_LINE);
	print_axis(s, bottom);
	svg_bars(s);
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
