/* SPDX-License-Identifier: MIT */
/*
 * Globs: fnmatch(3) is the judge of glob_matches(), and the expression that a program is compiled
 * with is evaluated, as the program does it, and must say the same. (test_compile runs the compiled
 * instructions.)
 */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glob.h"
#include "program_text.h"
#include "task_filter.h"

enum {
	COMM_MAX = 15,
};

/* ---- what filter_define_name() emits ---- */

/* A program's view of a glob: FILTER_NAME(c) for every c, and the two masks. */
struct emitted {
	uint64_t elements[256];
	uint64_t stars, end;
};

/* The C of FILTER_NAME(c): `|`, `<<`, casts to u64, numbers, and two macros of filter.bpf.h. */
struct parser {
	const char *p;
	uint64_t c;
};

static bool accept_text(struct parser *s, const char *text)
{
	while (*s->p == ' ')
		s->p++;
	if (strncmp(s->p, text, strlen(text)) != 0)
		return false;
	s->p += strlen(text);
	return true;
}

static void expect_text(struct parser *s, const char *text)
{
	if (!accept_text(s, text))
		fail_msg("expected '%s' at '%s'", text, s->p);
}

static uint64_t parse_number(struct parser *s)
{
	char *end;
	uint64_t value;

	while (*s->p == ' ')
		s->p++;
	value = strtoull(s->p, &end, 0);
	assert_true(end > s->p);
	s->p = end;
	return value;
}

static uint64_t parse_or(struct parser *s);

static uint64_t parse_operand(struct parser *s)
{
	uint64_t low, high;

	if (accept_text(s, "(u64)"))
		return parse_operand(s);
	if (accept_text(s, "NAME_BYTE(c,")) {
		low = parse_number(s);
		expect_text(s, ")");
		return s->c == low;
	}
	if (accept_text(s, "NAME_RANGE(c,")) {
		low = parse_number(s);
		expect_text(s, ",");
		high = parse_number(s);
		expect_text(s, ")");
		return s->c >= low && s->c <= high;
	}
	if (accept_text(s, "(")) {
		low = parse_or(s);
		expect_text(s, ")");
		return low;
	}
	return parse_number(s);
}

static uint64_t parse_shift(struct parser *s)
{
	uint64_t value = parse_operand(s);

	while (accept_text(s, "<<"))
		value <<= parse_operand(s);
	return value;
}

static uint64_t parse_or(struct parser *s)
{
	uint64_t value = parse_shift(s);

	while (accept_text(s, "|"))
		value |= parse_shift(s);
	return value;
}

/* The value of `#define NAME VALUE`. */
static const char *value_of(const char *text, const char *name)
{
	char start[64];
	const char *define;

	snprintf(start, sizeof(start), "#define %s ", name);
	define = strstr(text, start);
	assert_non_null(define);
	return define + strlen(start);
}

static void emit(const struct glob *glob, struct emitted *e)
{
	struct error err = ERROR_INIT;
	struct source *source = NULL;
	const char *text, *stars, *end;

	assert_int_equal(source_new_text(&source, "none.bpf.c", "", &err), 0);
	filter_define_name(glob, source);
	assert_int_equal(source_text_whole(source, &text, &err), 0);
	for (uint64_t c = 0; c < 256; c++) {
		struct parser s = { value_of(text, "FILTER_NAME(c)"), c };

		e->elements[c] = parse_or(&s);
		assert_int_equal(*s.p, '\n');
	}
	stars = value_of(text, "FILTER_NAME_STARS");
	end = value_of(text, "FILTER_NAME_END");
	e->stars = strtoull(stars, (char **)&stars, 0);
	e->end = strtoull(end, (char **)&end, 0);
	assert_memory_equal(stars, "ull\n", 4);
	assert_memory_equal(end, "ull\n", 4);
	source_free(source);
}

/* name_matches() of filter.bpf.h */
static bool program_matches(const struct emitted *e, const char *name, size_t len)
{
	uint64_t state = 1;

	for (size_t i = 0; i < len; i++)
		state = (state & e->elements[(unsigned char)name[i]]) << 1 | (state & e->stars);
	return state & e->end;
}

/* ---- one pattern, many names ---- */

struct judge {
	const char *pattern;
	struct glob glob;
	struct emitted emitted;
};

static void judge_begin(struct judge *j, const char *pattern)
{
	j->pattern = pattern;
	if (glob_parse(&j->glob, pattern) != 0)
		fail_msg("'%s' is not taken", pattern);
	emit(&j->glob, &j->emitted);
}

static void judge_name(const struct judge *j, const char *name)
{
	bool want = fnmatch(j->pattern, name, 0) == 0;
	size_t len = strlen(name);

	if (glob_matches(&j->glob, name, len) != want)
		fail_msg("'%s' and '%s': fnmatch says %d", j->pattern, name, want);
	if (len <= COMM_MAX && program_matches(&j->emitted, name, len) != want)
		fail_msg("'%s' and '%s': the program does not say %d", j->pattern, name, want);
}

static const char *const names[] = {
	"",
	"a",
	"b",
	"ab",
	"abc",
	"bash",
	"sh",
	"python3.11",
	"cc1",
	"cc1plus",
	"kworker/0:1",
	"(sd-pam)",
	"a b",
	"[x]",
	"]",
	"-",
	"!",
	"^",
	"\\",
	"*",
	"?",
	"a*b",
	"a-z",
	"A",
	"Z",
	"0",
	"9",
	"\x7f",
	"\x80",
	"\xff",
	"\xc3\xa9",
	"caf\xc3\xa9",
	".hidden",
	"a/b",
	"/",
	"aaaaaaaaaaaaaaa",
	"abababababababa",
	"\001",
	"\n",
	"~",
	"a]",
	"a\\",
	"]a",
	"-a",
	"123456789012345",
};

static const char *const patterns[] = {
	"",
	"a",
	"abc",
	"*",
	"**",
	"?",
	"??",
	"a*",
	"*a",
	"*a*",
	"a?c",
	"a*c",
	"*b*b*",
	"ba*h",
	"py*",
	"*sh",
	"cc1*",
	"k*/*",
	"[abc]",
	"[a-c]",
	"[!a]",
	"[^a]",
	"[!a-c]*",
	"[]]",
	"[!]]",
	"[]-a]",
	"[a-]",
	"[-a]",
	"[--0]",
	"[a-a]",
	"[c-a]",
	"[*]",
	"[?]",
	"[\\]]",
	"[\\\\]",
	"[a\\-z]",
	"\\*",
	"\\?",
	"\\[x]",
	"\\a",
	"\\\\",
	"a\\*b",
	"]",
	"-",
	"!",
	"[!!]",
	"[!^]",
	"[^!]",
	"[a^]",
	"[a!]",
	"*[0-9]",
	"[A-Za-z0-9]*",
	"*.[0-9]*",
	"[.]*",
	"[!.]*",
	"[[]x[]]",
	"[[x]*",
	"?*?",
	"*?*?*",
	"a*a*a*a",
	"*ab*ab*ab*",
	"[\x80-\xff]*",
	"*\xc3\xa9",
	"[!\x80-\xff]",
	"\xff",
	"???????????????",
	"???????????????*",
	"[a-]]",
	"[!-]",
	"[]", /* not closed */
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < COUNT(patterns); i++) {
		struct judge j;

		judge_begin(&j, patterns[i]);
		for (size_t n = 0; n < COUNT(names); n++)
			judge_name(&j, names[n]);
	}
	assert_int_equal(glob_parse(&(struct glob){ 0 }, patterns[COUNT(patterns) - 1]), -EINVAL);
}

/* Each single byte against elements with one edge at each byte. */
static void test_bytes(void **state)
{
	(void)state;
	for (int low = 1; low < 256; low++) {
		char pattern[16];
		struct judge j;

		/* \ keeps a byte from meaning anything in brackets */
		snprintf(pattern, sizeof(pattern), "[%s\\%c-\\%c]", low & 1 ? "!" : "", low,
			 low / 2 + 128);
		judge_begin(&j, pattern);
		for (int c = 1; c < 256; c++)
			judge_name(&j, (const char[]){ (char)c, '\0' });
	}
}

/* Random patterns and names over a few bytes, so that many match. */
static void test_random(void **state)
{
	static const char pattern_bytes[] = "aab*?[]!^-\\c\xe9";
	static const char name_bytes[] = "aabbc]-![\\*\xe9";
	uint32_t seed = 3;
	size_t taken = 0, matched = 0;

	(void)state;
	for (int round = 0; round < 6000; round++) {
		char pattern[12] = "", name[20];
		size_t len = random_next(&seed) % (sizeof(pattern) - 1);
		struct judge j;

		for (size_t i = 0; i < len; i++)
			pattern[i] =
				pattern_bytes[random_next(&seed) % (sizeof(pattern_bytes) - 1)];
		pattern[len] = '\0';
		/* fnmatch takes a [ that is not closed, and a \ before nothing, for something else.
		 */
		if (glob_parse(&j.glob, pattern) != 0 || (len && pattern[len - 1] == '\\'))
			continue;
		taken++;
		judge_begin(&j, pattern);
		for (int n = 0; n < 20; n++) {
			len = random_next(&seed) % 8;
			for (size_t i = 0; i < len; i++)
				name[i] = name_bytes[random_next(&seed) % (sizeof(name_bytes) - 1)];
			name[len] = '\0';
			judge_name(&j, name);
			matched += fnmatch(pattern, name, 0) == 0;
		}
	}
	assert_true(taken > 2000);
	assert_true(matched > 1000);
}

static void test_refused(void **state)
{
	static const char *const open[] = { "[",  "[a",  "a[",  "[!",   "[^",
					    "[]", "[!]", "[a-", "[\\]", "*[a-z" };
	struct glob glob;

	(void)state;
	for (size_t i = 0; i < COUNT(open); i++)
		assert_int_equal(glob_parse(&glob, open[i]), -EINVAL);
}

/* The longest that is taken, and one more; stars do not count, and the last one has a place. */
static void test_long(void **state)
{
	char pattern[3 * GLOB_ELEMENTS_MAX] = "", name[GLOB_ELEMENTS_MAX];
	struct glob glob;
	struct emitted e;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (int i = 0; i < GLOB_ELEMENTS_MAX - 1; i++)
		strcat(pattern, "*x");
	assert_int_equal(glob_parse(&glob, pattern), 0);
	assert_true(glob_matches(&glob, name, GLOB_ELEMENTS_MAX - 1));
	assert_false(glob_matches(&glob, name, GLOB_ELEMENTS_MAX - 2));
	strcat(pattern, "*");
	assert_int_equal(glob_parse(&glob, pattern), 0);
	assert_true(glob_matches(&glob, name, GLOB_ELEMENTS_MAX));
	emit(&glob, &e);
	assert_true(program_matches(&e, name, GLOB_ELEMENTS_MAX));
	assert_true(program_matches(&e, name, GLOB_ELEMENTS_MAX - 1));
	assert_false(program_matches(&e, name, GLOB_ELEMENTS_MAX - 2));
	strcat(pattern, "x");
	assert_int_equal(glob_parse(&glob, pattern), -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),  cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_random), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
