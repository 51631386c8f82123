/* SPDX-License-Identifier: MIT */
/* Quoted arguments: how they look, and that bash reads back the same bytes in several locales. */
#define _GNU_SOURCE
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escape.h"
#include "quote.h"

enum {
	ARGUMENTS = 1500,
	LONGEST = 40,
};

/* The argument as a line of a report shows it. Return: heap memory. */
static char *shown(const char *bytes, size_t len)
{
	char *quoted = NULL, *escaped;
	size_t quoted_len = 0;
	FILE *out = open_memstream(&quoted, &quoted_len);

	assert_non_null(out);
	quote_argument(out, bytes, len);
	fclose(out);
	escaped = malloc(ESCAPE_MAX(quoted_len));
	assert_non_null(escaped);
	escape_terminal(escaped, ESCAPE_MAX(quoted_len), quoted, quoted_len);
	free(quoted);
	return escaped;
}

static void test_looks(void **state)
{
	static const char *const pairs[][2] = {
		{ "ls", "ls" },
		{ "-l", "-l" },
		{ "", "''" },
		{ "/usr/bin/a_b-c.d,e=f:g@h%i+j", "/usr/bin/a_b-c.d,e=f:g@h%i+j" },
		{ "a b", "'a b'" },
		{ "$HOME", "'$HOME'" },
		{ "~", "'~'" },
		{ "it's", "'it'\"'\"'s'" },
		{ "a\nb", "$'a\\nb'" },
		{ "a\\b", "$'a\\\\b'" },
		{ "'\n", "$''\"'\"$'\\n'" },
		{ "\033[2J", "$'\\e[2J'" },
		{ "caf\xc3\xa9", "$'caf\xc3\xa9'" },
		{ "\xff", "$'\\xff'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		char *text = shown(pairs[i][0], strlen(pairs[i][0]));

		assert_string_equal(text, pairs[i][1]);
		free(text);
	}
}

/* No argument has a NUL, but a record from the kernel may. It is quoted and kept. */
static void test_nul(void **state)
{
	char *text = shown("a\0b", 3);

	(void)state;
	assert_string_equal(text, "$'a\\x00b'");
	free(text);
}

/* What bash prints for a script. Script and output are files, because a pipe could fill up. */
static size_t bash(const char *script, size_t script_len, const char *locale, char *out,
		   size_t size)
{
	FILE *in = tmpfile(), *printed = tmpfile();
	size_t len;
	int status;
	pid_t child;

	assert_non_null(in);
	assert_non_null(printed);
	assert_int_equal(fwrite(script, 1, script_len, in), script_len);
	rewind(in);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setenv("LC_ALL", locale, 1);
		dup2(fileno(in), STDIN_FILENO);
		dup2(fileno(printed), STDOUT_FILENO);
		execlp("bash", "bash", "--norc", "-s", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		skip();
	assert_int_equal(status, 0);
	rewind(printed);
	len = fread(out, 1, size, printed);
	fclose(in);
	fclose(printed);
	return len;
}

/* Random bytes except NUL, often those that mean something to a shell. */
static size_t make_argument(uint32_t *seed, char *bytes)
{
	static const char special[] =
		"'\"\\$`!*?[]{}()<>|&;#~ \t\n\r\033\007x0123abcfFeEnu%-=^\xc3\xa9\xe2\x80\xa8\xff";
	size_t len = random_next(seed) % (LONGEST + 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = random_next(seed) % 2
				   ? special[random_next(seed) % (sizeof(special) - 1)]
				   : (char)(1 + random_next(seed) % 255);
	return len;
}

static void check_round_trip(const char *locale)
{
	static char want[ARGUMENTS * (LONGEST + 1)], got[sizeof(want) + 1];
	size_t want_len = 0, script_len = 0, got_len;
	char *script = NULL;
	FILE *out = open_memstream(&script, &script_len);
	uint32_t seed = 42;

	assert_non_null(out);
	/* First every byte alone, then mixtures. */
	for (int i = 1; i < ARGUMENTS; i++) {
		char bytes[LONGEST], *text;
		size_t len = i < 256 ? 1 : make_argument(&seed, bytes);

		if (i < 256)
			bytes[0] = (char)i;
		text = shown(bytes, len);
		fprintf(out, "printf '%%s\\0' %s\n", text);
		free(text);
		memcpy(want + want_len, bytes, len);
		want[want_len + len] = '\0';
		want_len += len + 1;
	}
	fclose(out);
	got_len = bash(script, script_len, locale, got, sizeof(got));
	assert_int_equal(got_len, want_len);
	assert_memory_equal(got, want, want_len);
	free(script);
}

static void test_bash(void **state)
{
	(void)state;
	check_round_trip("C");
}

static void test_bash_utf8(void **state)
{
	(void)state;
	check_round_trip("C.UTF-8");
}

/* In double quotes: no byte can end the quotes or the line. */
static void test_strings(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *quoted;
	} cases[] = {
		{ "", 0, "\"\"" },
		{ "/etc/passwd", 11, "\"/etc/passwd\"" },
		{ "a b'c", 5, "\"a b'c\"" },
		{ "\"", 1, "\"\\\"\"" },
		{ "a\"\"b", 4, "\"a\\\"\\\"b\"" },
		{ "\\\"", 2, "\"\\\\\\\"\"" },
		{ "a\nb\t", 4, "\"a\\nb\\t\"" },
		{ "\0x", 2, "\"\\x00x\"" },
		{ "\033[2J", 4, "\"\\e[2J\"" },
		{ "caf\xc3\xa9\"", 6, "\"caf\xc3\xa9\\\"\"" },
		{ "\xc3\"", 2, "\"\\xc3\\\"\"" },
		{ "\xe2\x80\xae", 3, "\"\\xe2\\x80\\xae\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[QUOTE_STRING_MAX(16)];

		assert_int_equal(quote_string(out, cases[i].bytes, cases[i].len),
				 strlen(cases[i].quoted));
		assert_string_equal(out, cases[i].quoted);
	}
}

/* The longest result fits, and nothing is written behind it. */
static void test_string_size(void **state)
{
	static const char each[] = "\xff\"\\a";

	(void)state;
	for (size_t kind = 0; kind < strlen(each); kind++) {
		for (size_t len = 0; len < LONGEST; len++) {
			char *in = malloc(len + 1), *out = malloc(QUOTE_STRING_MAX(len));
			size_t size;

			assert_true(in && out);
			memset(in, each[kind], len);
			size = quote_string(out, in, len);
			assert_int_equal(size, strlen(out));
			assert_true(size < QUOTE_STRING_MAX(len));
			free(in);
			free(out);
		}
	}
}

/* Bytes in the shortest escapes that the byte behind them allows. */
static void test_bytes(void **state)
{
	static const struct {
		const char *in, *want;
		size_t len;
	} cases[] = {
		{ "", "\"\"", 0 },
		{ "a b~", "\"a b~\"", 4 },
		{ "\t\n\v\f\r\"\\'", "\"\\t\\n\\v\\f\\r\\\"\\\\'\"", 8 },
		{ "\0a\0", "\"\\0a\\0\"", 3 },
		{ "\0"
		  "7\0"
		  "8",
		  "\"\\0007\\0008\"", 4 },
		{ "\033[2J\177", "\"\\33[2J\\177\"", 5 },
		{ "\303\2511", "\"\\303\\2511\"", 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[QUOTE_STRING_MAX(8)];

		assert_int_equal(quote_bytes(got, cases[i].in, cases[i].len),
				 strlen(cases[i].want));
		assert_string_equal(got, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks),   cmocka_unit_test(test_nul),
		cmocka_unit_test(test_bash),    cmocka_unit_test(test_bash_utf8),
		cmocka_unit_test(test_strings), cmocka_unit_test(test_string_size),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
