/* SPDX-License-Identifier: MIT */
/* Arguments as a shell would read them back, and texts as C would. See quote.h. */
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

/* Would escaping for a terminal change it? Non-ASCII text may pass as it is; inside $'...' it does
 * no harm. */
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

		/* No character of several bytes has a quote in it, so none is torn apart here. */
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
