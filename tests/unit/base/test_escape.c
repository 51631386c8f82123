/* SPDX-License-Identifier: MIT */
/* Escapes: which characters pass, which become which escape, and where a long result is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "escape.h"

typedef size_t escape_fn(char *out, size_t out_size, const char *in, size_t len);

struct pair {
	const char *in;
	size_t len;
	const char *out;
};

#define PAIR(in, out)                                                                              \
	{                                                                                          \
		in, sizeof(in) - 1, out                                                            \
	}

static void check_pairs(escape_fn *fn, const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char out[256];
		size_t n = fn(out, sizeof(out), pairs[i].in, pairs[i].len);

		assert_string_equal(out, pairs[i].out);
		assert_int_equal(n, strlen(pairs[i].out));
		assert_true(n < ESCAPE_MAX(pairs[i].len));
	}
}

static void test_terminal(void **state)
{
	static const struct pair pairs[] = {
		PAIR("", ""),
		PAIR("bash ~!\"'", "bash ~!\"'"),
		PAIR("a\nb\tc\rd\\e\033[31m", "a\\nb\\tc\\rd\\\\e\\e[31m"),
		PAIR("\0\a\b\x1f\x7f", "\\x00\\x07\\x08\\x1f\\x7f"),
		PAIR("caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\x9d",
		     "caf\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x90\x9d"),
		/* C1: CSI and its neighbours; U+00A0 is the first that passes */
		PAIR("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f\xc2\xa0"),
		PAIR("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf",
		     "\xe2\x80\xa7\\xe2\\x80\\xa8\\xe2\\x80\\xae\xe2\x80\xaf"),
		PAIR("\xe2\x81\x9f\xe2\x81\xa0\xe2\x81\xaf\xe2\x81\xb0",
		     "\xe2\x81\x9f\\xe2\\x81\\xa0\\xe2\\x81\\xaf\xe2\x81\xb0"),
		/*
		 * No width: U+200A and U+2010 are the neighbours of those that have none. A tag,
		 * beyond 16 bits.
		 */
		PAIR("\xe2\x80\x8a\xe2\x80\x8b\xe2\x80\x8f\xe2\x80\x90",
		     "\xe2\x80\x8a\\xe2\\x80\\x8b\\xe2\\x80\\x8f\xe2\x80\x90"),
		PAIR("\xef\xbb\xbf\xf3\xa0\x80\x81", "\\xef\\xbb\\xbf\\xf3\\xa0\\x80\\x81"),
	};

	(void)state;
	check_pairs(escape_terminal, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void test_utf8(void **state)
{
	static const struct pair pairs[] = {
		PAIR("", ""),
		PAIR("a\nb\\c\033\x7f", "a\nb\\c\033\x7f"),
		PAIR("\xc2\x9b\xe2\x80\xa8", "\xc2\x9b\xe2\x80\xa8"),
		PAIR("x\xffy", "x\\xffy"),
	};

	(void)state;
	check_pairs(escape_utf8, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void test_invalid(void **state)
{
	static const struct pair pairs[] = {
		PAIR("\x80", "\\x80"), /* continuation alone */
		PAIR("\xc3", "\\xc3"), /* end of input inside */
		PAIR("\xe2\x82", "\\xe2\\x82"),
		PAIR("\xf0\x9f\x90", "\\xf0\\x9f\\x90"),
		PAIR("\xc3(", "\\xc3("), /* the byte after stays itself */
		PAIR("\xe2\x82\xc3\xa9", "\\xe2\\x82\xc3\xa9"),
		PAIR("\xc0\xaf\xc1\xbf", "\\xc0\\xaf\\xc1\\xbf"), /* overlong */
		PAIR("\xe0\x80\xaf", "\\xe0\\x80\\xaf"),
		PAIR("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"),
		PAIR("\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf"),
		PAIR("\xed\xa0\x80", "\\xed\\xa0\\x80"), /* surrogates */
		PAIR("\xed\xbf\xbf", "\\xed\\xbf\\xbf"),
		PAIR("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"), /* above U+10FFFF */
		PAIR("\xf5\x80\xfe\xff", "\\xf5\\x80\\xfe\\xff"),
		PAIR("\xed\x9f\xbf\xee\x80\x80",
		     "\xed\x9f\xbf\xee\x80\x80"), /* next to surrogates */
		PAIR("\xf4\x8f\xbf\xbf\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf\xf0\x90\x80\x80"),
		PAIR("\xdf\xbf\xe0\xa0\x80", "\xdf\xbf\xe0\xa0\x80"),
	};

	(void)state;
	check_pairs(escape_terminal, pairs, sizeof(pairs) / sizeof(pairs[0]));
	check_pairs(escape_utf8, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

/*
 * For every buffer size: the result is a prefix of whole units, and nothing is written behind it.
 */
static void test_cut(void **state)
{
	static const char in[] = "a\n\xc3\xa9\xff\xe2\x80\xa8z";
	static const size_t ends[] = { 0, 1, 3, 5, 9, 21, 22 };
	static const char full[] = "a\\n\xc3\xa9\\xff\\xe2\\x80\\xa8z";

	(void)state;
	for (size_t size = 1; size <= sizeof(full) + 2; size++) {
		char out[64];
		size_t want = 0, n;

		memset(out, '#', sizeof(out));
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			want = ends[i] < size ? ends[i] : want;
		n = escape_terminal(out, size, in, sizeof(in) - 1);
		assert_int_equal(n, want);
		assert_memory_equal(out, full, want);
		assert_int_equal(out[want], '\0');
		assert_int_equal(out[size], '#');
	}
}

static void test_no_room(void **state)
{
	char out[2] = "#";

	(void)state;
	assert_int_equal(escape_terminal(NULL, 0, "abc", 3), 0);
	assert_int_equal(escape_utf8(out, 0, "abc", 3), 0);
	assert_int_equal(out[0], '#');
	assert_int_equal(escape_terminal(out, sizeof(out), NULL, 0), 0);
	assert_string_equal(out, "");
}

/* No control character is left, and a JSON parser reads the same string. */
static void test_json(void **state)
{
	static const struct pair pairs[] = {
		PAIR("", ""),
		PAIR("\"a\\n\\u001b\\\\\"", "\"a\\n\\u001b\\\\\""),
		PAIR("\x7f\xc2\x80\xc2\x9f\xc2\xa0", "\\u007f\\u0080\\u009f\xc2\xa0"),
		PAIR("\xe2\x80\xae \xf0\x9f\x90\x9d \xf3\xa0\x80\x81",
		     "\\u202e \xf0\x9f\x90\x9d \\udb40\\udc01"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char out[256];
		size_t n = escape_json(out, pairs[i].in, pairs[i].len);

		assert_int_equal(n, strlen(pairs[i].out));
		assert_memory_equal(out, pairs[i].out, n);
	}
}

/* Longer than one piece of escape_print(), with a character across the end of each piece. */
static void test_print(void **state)
{
	char in[1 + 3 * 100 + 2], want[sizeof(in) + 2], *text = NULL;
	size_t len = 0;

	(void)state;
	for (int shift = 0; shift < 3; shift++) {
		FILE *out = open_memstream(&text, &len);

		memset(in, 'a', sizeof(in));
		for (int i = 0; i < 99; i++)
			memcpy(in + shift + 3 * i, "\xe6\xbc\xa2", 3);
		in[sizeof(in) - 2] = '\n';
		in[sizeof(in) - 1] = '\0';
		assert_non_null(out);
		escape_print(out, in);
		fclose(out);
		memcpy(want, in, sizeof(in) - 2);
		memcpy(want + sizeof(in) - 2, "\\n", 3);
		assert_string_equal(text, want);
		free(text);
	}
}

/* Random bytes: the result fits ESCAPE_MAX, is valid UTF-8 for jansson, and has no control byte. */
static void test_random(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char in[24], out[ESCAPE_MAX(sizeof(in))];
		size_t len, n;
		json_t *json;

		seed = seed * 1103515245u + 12345u;
		len = seed >> 16 & 15;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			/* Mostly bytes that nearly form valid sequences. */
			in[i] = (char)((seed >> 16 & 1 ? 0x80 : 0) | (seed >> 18 & 0x7f));
		}
		n = escape_utf8(out, ESCAPE_MAX(len), in, len);
		json = json_stringn(out, n);
		assert_non_null(json);
		json_decref(json);
		n = escape_terminal(out, ESCAPE_MAX(len), in, len);
		json = json_stringn(out, n);
		assert_non_null(json);
		json_decref(json);
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char)out[i];

			assert_true(c >= 0x20 && c != 0x7f);
			assert_false(c == 0xc2 && (unsigned char)out[i + 1] < 0xa0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal), cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_invalid),  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_no_room),  cmocka_unit_test(test_json),
		cmocka_unit_test(test_print),    cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
