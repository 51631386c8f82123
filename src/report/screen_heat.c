/* SPDX-License-Identifier: MIT */
/* Heat lines. See screen_heat.h. */
#define _GNU_SOURCE
#include "screen_heat.h"

#include <string.h>

#include "internal.h"
#include "screen_style.h"
#include "table.h"
#include "text.h"

/* Each level is ten times as long as the one before: below 1 us, 10 us, ... 1 s, and above. */
static const char *const simple[STYLE_BLOCKS] = { " ", ".", ":", "-", "=", "+", "*", "#", "@" };
enum {
	BLOCK_BYTES = 3,
	LEAST_NS = 1000,
};

void heat_free(struct heat *heat)
{
	hash_index_free(&heat->index);
	free(heat->lines);
	heat->lines = NULL;
}

bool heat_is_shown(const struct report *report)
{
	return report->opts.screen && !report->view.left &&
	       report_column(&report->opts.layout, "histogram") < report->opts.layout.ncolumns;
}

/* Beside the keys: behind them if they come first, otherwise in front of them. */
size_t heat_place(const struct report *report)
{
	const struct report_layout *layout = &report->opts.layout;
	bool keys_first = layout->ncolumns && table_is_key(layout->columns[0].kind);
	size_t i = 0;

	while (i < layout->ncolumns &&
	       (!text_is_shown(layout, i) || table_is_key(layout->columns[i].kind) == keys_first))
		i++;
	return i;
}

static uint64_t id_of(struct report *report, const struct cell *row)
{
	struct buffer *title = &report->line;

	buffer_reset(title);
	table_title(title, report, row);
	return hash_bytes(title->data, title->len);
}

static uint64_t hash_of(const void *owner, uint32_t item)
{
	const struct heat *heat = owner;

	return heat->lines[item].id;
}

static bool has_id(const void *owner, uint32_t item, const void *key)
{
	const struct heat *heat = owner;

	return heat->lines[item].id == *(const uint64_t *)key;
}

static struct heat_line *find(const struct heat *heat, uint64_t id)
{
	uint32_t item = hash_index_find(&heat->index, id, has_id, heat, &id);

	return item == HASH_NONE ? NULL : &heat->lines[item];
}

static struct heat_line *find_or_add(struct heat *heat, uint64_t id)
{
	struct heat_line *line = find(heat, id);

	if (line)
		return line;
	if (hash_index_reserve(&heat->index, &heat->lines, sizeof(*line), hash_of, heat) < 0)
		return NULL;
	line = &heat->lines[heat->index.count];
	*line = (struct heat_line){ .id = id };
	hash_index_add(&heat->index, id);
	return line;
}

static uint8_t level_of(uint64_t ns)
{
	uint64_t bound = LEAST_NS;
	uint8_t level = 1;

	for (; level < HEAT_LEVELS && ns >= bound; level++)
		bound *= 10;
	return level;
}

/* Intervals between the last one and this one had no such row. */
static void set_level(struct heat_line *line, uint64_t number, uint8_t level)
{
	for (uint64_t n = line->last + 1; n < number && n < line->last + 1 + HEAT_WIDTH; n++)
		line->levels[n % HEAT_WIDTH] = 0;
	line->levels[number % HEAT_WIDTH] = level;
	line->last = number;
}

/* Rows of which nothing is drawn any more. */
static void forget_old(struct heat *heat)
{
	size_t count = 0;

	for (size_t i = 0; i < heat->index.count; i++)
		if (heat->lines[i].last + HEAT_WIDTH > heat->now)
			heat->lines[count++] = heat->lines[i];
	if (count == heat->index.count)
		return;
	hash_index_refill(&heat->index, count, hash_of, heat);
	hash_index_shrink(&heat->index, &heat->lines, sizeof(*heat->lines), hash_of, heat);
}

int heat_note(struct report *report, const struct rows *rows, uint64_t number)
{
	size_t p99 = report_column(&report->opts.layout, "p99_ns");
	struct heat *heat = &report->heat;

	if (!heat_is_shown(report) || p99 == report->opts.layout.ncolumns)
		return 0;
	heat->now = number;
	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *row = rows->list[i];
		struct heat_line *line;

		if (row[p99].null)
			continue;
		line = find_or_add(heat, id_of(report, row));
		if (!line)
			return -ENOMEM;
		set_level(line, number, level_of(row[p99].number));
	}
	if (number % HEAT_WIDTH == 0)
		forget_old(heat);
	return 0;
}

void heat_add(struct report *report, struct buffer *b, const struct cell *row)
{
	const char *const *shapes = style_utf8() ? style_blocks : simple;
	const struct heat_line *line = find(&report->heat, id_of(report, row));
	uint64_t now = report->shown.interval.number;

	for (uint64_t age = HEAT_WIDTH; age-- > 0;) {
		bool known = line && now >= age + 1 && now - age <= line->last &&
			     now - age + HEAT_WIDTH > line->last;

		buffer_string(b, shapes[known ? line->levels[(now - age) % HEAT_WIDTH] : 0]);
	}
}

/* Of 256 colours: from blue to red, none so dark or light that a background hides it. */
void heat_add_coloured(const struct report *report, struct buffer *out, const char *text,
		       size_t len)
{
	static const char *const colours[] = {
		NULL, "33", "37", "35", "71", "142", "172", "166", "160",
	};

	for (size_t at = 0, size; at < len; at += size) {
		size_t level = 0;

		size = 1;
		if (len - at >= BLOCK_BYTES && report->opts.colour)
			for (level = HEAT_LEVELS; level; level--)
				if (memcmp(text + at, style_blocks[level], BLOCK_BYTES) == 0)
					break;
		if (!level) {
			buffer_char(out, text[at]);
			continue;
		}
		size = BLOCK_BYTES;
		buffer_string(out, "\033[38;5;");
		buffer_string(out, colours[level]);
		buffer_char(out, 'm');
		buffer_add(out, text + at, size);
		style_end(out);
	}
}
