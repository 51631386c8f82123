/* SPDX-License-Identifier: MIT */
/* Cells, times and outside bytes as text for people. See text.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "escape.h"
#include "internal.h"
#include "text.h"

#define NS_PER_S 1000000000u

void text_escaped(struct buffer *b, const char *bytes, size_t len)
{
	char *to = len ? buffer_reserve(b, ESCAPE_MAX(len)) : NULL;

	if (to)
		b->len += escape_terminal(to, ESCAPE_MAX(len), bytes, len);
}

static void add_list(struct buffer *b, const struct cell *cell)
{
	for (size_t i = 0; i < cell->list.count; i++) {
		const struct cell *item = &cell->list.cells[i];

		if (i)
			buffer_char(b, ' ');
		if (!item->null)
			text_escaped(b, item->text.bytes, item->text.len);
	}
}

static void add_pairs(struct buffer *b, const struct cell *cell)
{
	for (size_t i = 0; i < cell->pairs.count; i++) {
		const struct pair *pair = &cell->pairs.pairs[i];

		if (i)
			buffer_char(b, ' ');
		text_escaped(b, pair->name, strlen(pair->name));
		buffer_char(b, '=');
		if (pair->value.null)
			continue;
		if (pair->text)
			text_escaped(b, pair->value.text.bytes, pair->value.text.len);
		else if (pair->is_unsigned)
			buffer_number(b, pair->value.number);
		else
			buffer_integer(b, pair->value.integer);
	}
}

void text_cell_bytes(struct buffer *b, enum column_kind kind, const struct cell *cell)
{
	if (kind == COLUMN_LIST)
		add_list(b, cell);
	else if (kind == COLUMN_PAIRS)
		add_pairs(b, cell);
	else
		text_escaped(b, cell->text.bytes, cell->text.len);
}

/* Not printf("%.1f"), whose decimal point depends on the locale. */
static void add_tenths(struct buffer *b, uint64_t tenths)
{
	buffer_number(b, tenths / 10);
	buffer_char(b, '.');
	buffer_char(b, (char)('0' + tenths % 10));
}

size_t report_duration(char *buf, uint64_t ns)
{
	static const struct {
		uint64_t tenth; /* of the unit, in ns */
		const char *name;
	} units[] = { { 100, "us" }, { 100000, "ms" }, { 100000000, "s" } };

	for (size_t i = 0; ns >= 1000 && i < 3; i++) {
		uint64_t tenth = units[i].tenth;
		uint64_t tenths = ns / tenth + (ns % tenth >= tenth / 2);

		/* After rounding, so that 999.97us becomes 1.0ms and not 1000.0us. */
		if (tenths < 10000 || i == 2)
			return (size_t)snprintf(buf, REPORT_DURATION_MAX,
						"%" PRIu64 ".%" PRIu64 "%s", tenths / 10,
						tenths % 10, units[i].name);
	}
	return (size_t)snprintf(buf, REPORT_DURATION_MAX, "%" PRIu64 "ns", ns);
}

void text_duration(struct buffer *b, uint64_t ns)
{
	char text[REPORT_DURATION_MAX];

	buffer_add(b, text, report_duration(text, ns));
}

void text_rate(struct buffer *b, uint64_t count, uint64_t span_ns)
{
	double rate = span_ns ? (double)count * NS_PER_S / (double)span_ns : 0;
	char text[64];

	if (!span_ns) {
		buffer_char(b, '-');
	} else if (rate < 99.95) {
		add_tenths(b, (uint64_t)(rate * 10 + 0.5));
	} else {
		snprintf(text, sizeof(text), "%.0f", rate);
		buffer_string(b, text);
	}
}

void text_clock(struct report *report, struct buffer *b, uint64_t ts_ns)
{
	time_t second = (time_t)(ts_ns / NS_PER_S);
	struct tm tm;

	if (!report->clock_known || second != report->clock_second) {
		memset(&tm, 0, sizeof(tm));
		localtime_r(&second, &tm);
		strftime(report->clock, sizeof(report->clock), "%H:%M:%S", &tm);
		report->clock_second = second;
		report->clock_known = true;
	}
	buffer_string(b, report->clock);
}

void text_cell(struct buffer *b, enum column_kind kind, const struct cell *cell)
{
	if (cell->null) {
		buffer_char(b, '-');
		return;
	}
	switch (kind) {
	case COLUMN_TEXT:
	case COLUMN_LIST:
	case COLUMN_PAIRS:
		text_cell_bytes(b, kind, cell);
		break;
	case COLUMN_TIME:
		buffer_seconds(b, cell->number);
		break;
	case COLUMN_PERCENT:
		add_tenths(b, cell->number / 1000 + (cell->number % 1000 >= 500));
		buffer_char(b, '%');
		break;
	case COLUMN_NS:
		text_duration(b, cell->number);
		break;
	case COLUMN_SIGNED:
		buffer_integer(b, cell->integer);
		break;
	case COLUMN_BOOL:
		buffer_string(b, cell->number ? "yes" : "no");
		break;
	default:
		buffer_number(b, cell->number);
	}
}

size_t text_trimmed(const char *line, size_t len)
{
	while (len && line[len - 1] == ' ')
		len--;
	return len;
}

void text_trim_lines(struct buffer *b)
{
	size_t from = 0, to = 0;

	while (from < b->len) {
		const char *line = b->data + from, *end = memchr(line, '\n', b->len - from);
		size_t len = end ? (size_t)(end - line) : b->len - from;
		size_t kept = text_trimmed(line, len);

		memmove(b->data + to, line, kept);
		to += kept;
		if (end)
			b->data[to++] = '\n';
		from += len + 1;
	}
	b->len = to;
}

/* Decode the character at @s, which is valid UTF-8. Return: its length in bytes. */
static size_t next_character(const char *s, size_t len, wchar_t *out)
{
	unsigned char lead = (unsigned char)s[0];
	size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	wchar_t c = n == 1 ? lead : lead & (0x7f >> n);

	if (n > len)
		n = len;
	for (size_t i = 1; i < n; i++)
		c = (wchar_t)(c << 6 | ((unsigned char)s[i] & 0x3f));
	*out = c;
	return n;
}

size_t text_width(const struct report *report, const char *s, size_t len, size_t max, size_t *fits)
{
	locale_t before = (locale_t)0;
	size_t width = 0, at = 0;

	while (at < len) {
		size_t n = 1, wide = 1;
		wchar_t c = 0;

		if ((unsigned char)s[at] >= 0x80) {
			int w;

			n = next_character(s + at, len - at, &c);
			if (!before && report->utf8)
				before = uselocale(report->utf8);
			w = wcwidth(c);
			/* -1: the C library does not know the character; terminals give it one
			 * cell. */
			wide = w < 0 ? 1 : (size_t)w;
		}
		if (wide > max - width)
			break;
		width += wide;
		at += n;
	}
	if (before)
		uselocale(before);
	if (fits)
		*fits = at;
	return width;
}

void text_spell_unknown(const struct report *report, struct buffer *out, const char *s, size_t len)
{
	locale_t before = report->utf8 ? uselocale(report->utf8) : (locale_t)0;

	while (len) {
		wchar_t c = 0;
		size_t n = next_character(s, len, &c);

		if (n == 1 || wcwidth(c) >= 0)
			buffer_add(out, s, n);
		for (size_t i = 0; n > 1 && wcwidth(c) < 0 && i < n; i++) {
			char unit[5];

			snprintf(unit, sizeof(unit), "\\x%02x", (unsigned char)s[i]);
			buffer_string(out, unit);
		}
		s += n;
		len -= n;
	}
	if (before)
		uselocale(before);
}
