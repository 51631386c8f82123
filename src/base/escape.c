/* SPDX-License-Identifier: MIT */
/* Bytes from outside made safe for a terminal or a JSON string. See escape.h. */
#include "escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The longest unit: a four-byte character, each byte as \xNN. */
#define UNIT_MAX 16

/*
 * Decode the character at the start of @in, by the table of well-formed sequences of the Unicode
 * standard (no overlong forms, no surrogates, nothing above U+10FFFF).
 * Return: its length in bytes, 0 when there is no valid one.
 */
static size_t decode(const unsigned char *in, size_t len, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = in[0];
	size_t n;

	if (c < 0x80) {
		*out = c;
		return 1;
	}
	n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || n > len)
		return 0;
	c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (in[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

/*
 * Characters that control the terminal instead of being shown: controls, line and paragraph
 * separators, and the category Cf. Those of Cf are invisible: they can change the order of a text,
 * or make two names look alike.
 */
static bool is_control(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0, 0x1f },          { 0x7f, 0x9f },       { 0xad, 0xad },
		{ 0x600, 0x605 },     { 0x61c, 0x61c },     { 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },     { 0x890, 0x891 },     { 0x8e2, 0x8e2 },
		{ 0x180e, 0x180e },   { 0x200b, 0x200f },   { 0x2028, 0x202e },
		{ 0x2060, 0x206f },   { 0xfeff, 0xfeff },   { 0xfff9, 0xfffb },
		{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0001, 0xe007f },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

static char c_escape(uint32_t c)
{
	switch (c) {
	case '\n':
		return 'n';
	case '\t':
		return 't';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	case 0x1b:
		return 'e';
	default:
		return 0;
	}
}

static size_t hex_escape(char *unit, const unsigned char *in, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*unit++ = '\\';
		*unit++ = 'x';
		*unit++ = digits[in[i] >> 4];
		*unit++ = digits[in[i] & 15];
	}
	return 4 * n;
}

/* Turn the character at the start of @in into @unit. Return: bytes in @unit; *@taken from @in. */
static size_t make_unit(char *unit, const unsigned char *in, size_t len, bool terminal,
			size_t *taken)
{
	uint32_t c = 0;
	size_t n = decode(in, len, &c);

	*taken = n ? n : 1;
	if (!n)
		return hex_escape(unit, in, 1);
	if (terminal && c_escape(c)) {
		unit[0] = '\\';
		unit[1] = c_escape(c);
		return 2;
	}
	if (terminal && is_control(c))
		return hex_escape(unit, in, n);
	memcpy(unit, in, n);
	return n;
}

static size_t escape(char *out, size_t out_size, const char *in, size_t len, bool terminal)
{
	const unsigned char *p = (const unsigned char *)in;
	size_t used = 0;

	if (!out_size)
		return 0;
	while (len) {
		char unit[UNIT_MAX];
		size_t n = 1, taken = 1;

		/* Nearly every byte in practice, so it has the short way. */
		if (*p >= 0x20 && *p < 0x7f && *p != '\\')
			unit[0] = (char)*p;
		else
			n = make_unit(unit, p, len, terminal, &taken);
		if (n >= out_size - used)
			break;
		for (size_t i = 0; i < n; i++)
			out[used++] = unit[i];
		p += taken;
		len -= taken;
	}
	out[used] = '\0';
	return used;
}

size_t escape_terminal(char *out, size_t out_size, const char *in, size_t len)
{
	return escape(out, out_size, in, len, true);
}

size_t escape_utf8(char *out, size_t out_size, const char *in, size_t len)
{
	return escape(out, out_size, in, len, false);
}

bool escape_is_utf8(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	uint32_t c;

	for (size_t n; len; p += n, len -= n) {
		n = *p < 0x80 ? 1 : decode(p, len, &c);
		if (!n)
			return false;
	}
	return true;
}

/* Write \\uNNNN; a character beyond 16 bits takes two, a surrogate pair. */
static size_t json_escape(char *unit, uint32_t c)
{
	if (c < 0x10000)
		return (size_t)sprintf(unit, "\\u%04x", (unsigned)c);
	c -= 0x10000;
	return (size_t)sprintf(unit, "\\u%04x\\u%04x", 0xd800 + (unsigned)(c >> 10),
			       0xdc00 + (unsigned)(c & 0x3ff));
}

size_t escape_json(char *out, const char *in, size_t len)
{
	const unsigned char *p = (const unsigned char *)in;
	size_t used = 0;

	while (len) {
		uint32_t c = 0;
		size_t n = *p < 0x7f ? 1 : decode(p, len, &c);

		if (n && *p >= 0x7f && is_control(c)) {
			used += json_escape(out + used, c);
		} else {
			n = n ? n : 1;
			memcpy(out + used, p, n);
			used += n;
		}
		p += n;
		len -= n;
	}
	return used;
}

void escape_print(FILE *out, const char *text)
{
	for (size_t len = strlen(text); len;) {
		char piece[ESCAPE_MAX(64)];
		size_t n = len < 64 ? len : 64;

		/* Do not cut a character in two. */
		while (n < len && n > 61 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		text += n;
		len -= n;
		n = escape_terminal(piece, sizeof(piece), text - n, n);
		fwrite(piece, 1, n, out);
	}
}
