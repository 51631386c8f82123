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
