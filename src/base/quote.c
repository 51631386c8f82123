/* SPDX-License-Identifier: MIT */
/* Bytes quoted for a shell and as C strings. See quote.h. */
#include "quote.h"

#include <stdbool.h>
#include <string.h>

static bool is_plain(const char *bytes, size_t len)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

	for (size_t i = 0; i < len; i++)
		if (!bytes[i] || !strchr(plain, bytes[i]))
			return false;
	return len > 0;
}

/* Could escape_terminal() change it? Non-ASCII text counts too: $'...' does no harm to it. */
static bool needs_escapes(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < 0x20 || bytes[i] == '\\' ||
		    (unsigned char)bytes[i] >= 0x7f)
			return true;
	return false;
}

void quote_argument(FILE *out, const char *bytes, size_t len)
{
	bool escapes = needs_escapes(bytes, len);

	if (is_plain(bytes, len)) {
		fwrite(bytes, 1, len, out);
		return;
	}
	fputs(escapes ? "$'" : "'", out);
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\'')
			fputc(bytes[i], out);
		else
			fputs(escapes ? "'\"'\"$'" : "'\"'\"'", out);
	}
	fputc('\'', out);
}

size_t quote_string(char *out, const char *bytes, size_t len)
{
	size_t used = 0;

	out[used++] = '"';
	while (len) {
		const char *quote = memchr(bytes, '"', len);
		size_t n = quote ? (size_t)(quote - bytes) : len;

		/* In UTF-8 no byte of a longer character is a quote, so none is cut in two here. */
		used += escape_terminal(out + used, ESCAPE_MAX(n), bytes, n);
		if (quote) {
			out[used++] = '\\';
			out[used++] = '"';
			n++;
		}
		bytes += n;
		len -= n;
	}
	out[used++] = '"';
	out[used] = '\0';
	return used;
}

/* The letter of a C escape, or 0. */
static char escape_letter(char c)
{
	static const char bytes[] = "\t\n\v\f\r\"\\", letters[] = "tnvfr\"\\";
	const char *at = c ? strchr(bytes, c) : NULL;

	return at ? letters[at - bytes] : '\0';
}

/* As few digits as the next byte allows. Return: bytes written. */
static size_t add_octal(char *out, unsigned char byte, bool is_digit_next)
{
	size_t used = 0;

	out[used++] = '\\';
	if (is_digit_next || byte >= 0100)
		out[used++] = (char)('0' + (byte >> 6));
	if (is_digit_next || byte >= 010)
		out[used++] = (char)('0' + (byte >> 3 & 7));
	out[used++] = (char)('0' + (byte & 7));
	return used;
}

size_t quote_bytes(char *out, const char *bytes, size_t len)
{
	size_t used = 0;

	out[used++] = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char letter = escape_letter(bytes[i]);

		if (letter) {
			out[used++] = '\\';
			out[used++] = letter;
		} else if (byte >= 0x20 && byte < 0x7f) {
			out[used++] = bytes[i];
		} else {
			bool digit = i + 1 < len && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';

			used += add_octal(out + used, byte, digit);
		}
	}
	out[used++] = '"';
	out[used] = '\0';
	return used;
}
