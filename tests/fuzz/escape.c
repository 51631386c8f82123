/* SPDX-License-Identifier: MIT */
/*
 * Escaping: the result is valid UTF-8 without control characters, is cut where the buffer ends,
 * and is the input again when read back as C or a shell reads it. The first byte is the size of a
 * small buffer.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "quote.h"

/*
 * Return: the length of what an escape at @p stands for, always one byte; @taken: the length of
 * the escape.
 */
static char unescape(const char *p, size_t *taken)
{
	static const char from[] = "ntre\\\"", to[] = "\n\t\r\033\\\"";
	const char *at = strchr(from, p[1]);
	char digits[3] = "";

	*taken = at ? 2 : 4;
	if (at)
		return to[at - from];
	HOLDS(p[1] == 'x');
	memcpy(digits, p + 2, 2);
	return (char)strtoul(digits, NULL, 16);
}

/* What was escaped reads back as the input. */
static void check_back(const char *out, size_t out_len, const char *in, size_t len)
{
	size_t used = 0;

	for (size_t at = 0, taken; at < out_len; at += taken) {
		char c = out[at];

		taken = 1;
		if (c == '\\')
			c = unescape(out + at, &taken);
		HOLDS(used < len && c == in[used]);
		used++;
	}
	HOLDS(used == len);
}

static void check_terminal(const char *in, size_t len, size_t room)
{
	char *out = malloc(ESCAPE_MAX(len)), *small = malloc(room ? room : 1);
	size_t n = escape_terminal(out, ESCAPE_MAX(len), in, len),
	       cut = escape_terminal(small, room, in, len);

	HOLDS(n < ESCAPE_MAX(len) && out[n] == '\0' && is_safe(out, n, false));
	check_back(out, n, in, len);
	/*
	 * A buffer that is too small holds the beginning of the same, never half an escape or half
	 * a character.
	 */
	HOLDS(!room ||
	      (cut < room && small[cut] == '\0' && cut <= n && memcmp(small, out, cut) == 0));
	HOLDS(!room || is_safe(small, cut, false));
	HOLDS(!room || cut == n || n >= room);
	free(small);
	free(out);
}

static void check_utf8(const char *in, size_t len)
{
	char *out = malloc(ESCAPE_MAX(len)), *twice;
	size_t n = escape_utf8(out, ESCAPE_MAX(len), in, len), m;

	HOLDS(n < ESCAPE_MAX(len) && is_utf8(out, n));
	HOLDS(!is_utf8(in, len) || (n == len && memcmp(out, in, len) == 0));
	twice = malloc(ESCAPE_MAX(n));
	m = escape_utf8(twice, ESCAPE_MAX(n), out, n);
	HOLDS(m == n && memcmp(twice, out, n) == 0);
	free(twice);
	free(out);
}

static void check_string(const char *in, size_t len)
{
	char *out = malloc(QUOTE_STRING_MAX(len));
	size_t n = quote_string(out, in, len);

	HOLDS(n < QUOTE_STRING_MAX(len) && n >= 2 && out[0] == '"' && out[n - 1] == '"' &&
	      out[n] == '\0');
	HOLDS(is_safe(out, n, false));
	check_back(out + 1, n - 2, in, len);
	free(out);
}

/* Reads text as bash does: parts that are plain, '...', "..." or $'...', one after the other. */
static void check_shell(const char *shell, size_t n, const char *in, size_t len)
{
	bool escapes = false;
	size_t used = 0;
	char quote = 0;

	for (size_t at = 0, taken; at < n; at += taken) {
		char c = shell[at];

		taken = 1;
		if (!quote && (c == '\'' || c == '"' || c == '$')) {
			escapes = c == '$';
			taken = escapes ? 2 : 1;
			quote = escapes ? shell[at + 1] : c;
			HOLDS(!escapes || quote == '\'');
		} else if (c == quote) {
			quote = 0;
		} else {
			if (escapes && quote == '\'' && c == '\\')
				c = unescape(shell + at, &taken);
			HOLDS(used < len && c == in[used]);
			used++;
		}
	}
	HOLDS(!quote && used == len);
}

static void check_argument(const char *in, size_t len)
{
	char *bytes, *out;
	size_t quoted, n;
	FILE *file = open_memstream(&bytes, &quoted);

	HOLDS(file);
	quote_argument(file, in, len);
	fclose(file);
	out = malloc(ESCAPE_MAX(quoted));
	n = escape_terminal(out, ESCAPE_MAX(quoted), bytes, quoted);
	HOLDS(n && is_safe(out, n, false));
	check_shell(out, n, in, len);
	free(out);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	size_t room = input_number(&input, 1), len;
	char *in = (char *)input_bytes(&input, size, &len);

	check_terminal(in, len, room);
	check_utf8(in, len);
	check_string(in, len);
	/* An argument ends at its NUL. */
	check_argument(in, strnlen(in, len));
	free(in);
	return 0;
}
