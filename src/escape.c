/* SPDX-License-Identifier: MIT */
/* Bytes from outside made safe for a terminal or a JSON string. See escape.h. */
#include "escape.h"

#include <stdbool.h>
#include <stdint.h>
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

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
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

		/* Nearly every byte in practice: not worth a unit. */
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
