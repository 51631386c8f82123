/* SPDX-License-Identifier: MIT */
/*
 * The expression that a program gets for --name: evaluated here as the program does it, it must say
 * what glob_matches() says. (test_compiler.c runs the compiled instructions.)
 */
#define _GNU_SOURCE
#include "glob_patterns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "glob.h"
#include "program_text.h"
#include "task_filter.h"

enum {
	COMM_MAX = 15,
};

/* ---- what filter_define_names() emits ---- */

/* A glob as a program sees it: FILTER_NAME(c) for every c, and the two masks. */
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
	struct program_text *source = NULL;
	const char *text, *stars, *end;

	assert_int_equal(program_text_new_from(&source, "none.bpf.c", "", &err), 0);
	filter_define_names(glob, 1, 1, source);
	assert_int_equal(program_text_whole(source, &text, &err), 0);
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
	program_text_free(source);
}

/* name_matches() of filter.bpf.h */
static bool program_matches(const struct emitted *e, const char *name, size_t len)
{
	uint64_t state = 1;

	for (size_t i = 0; i < len; i++)
		state = (state & e->elements[(unsigned char)name[i]]) << 1 | (state & e->stars);
	return state & e->end;
}

/* ---- the same answers as glob_matches() ---- */

static void check_name(const struct glob *glob, const struct emitted *e, const char *name)
{
	size_t len = strlen(name);
	bool want = glob_matches(glob, name, len);

	if (len <= COMM_MAX && program_matches(e, name, len) != want)
		fail_msg("'%s': the program does not say %d", name, want);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(glob_patterns); i++) {
		struct emitted e;
		struct glob glob;

		assert_int_equal(glob_parse(&glob, glob_patterns[i]), 0);
		emit(&glob, &e);
		for (size_t n = 0; n < COUNT(glob_names); n++)
			check_name(&glob, &e, glob_names[n]);
	}
}

/* Each single byte against brackets with an edge at each byte. */
static void test_bytes(void **state)
{
	(void)state;
	for (int low = 1; low < 256; low++) {
		struct emitted e;
		struct glob glob;
		char pattern[16];

		glob_edge_pattern(pattern, sizeof(pattern), low);
		assert_int_equal(glob_parse(&glob, pattern), 0);
		emit(&glob, &e);
		for (int c = 1; c < 256; c++)
			check_name(&glob, &e, (const char[]){ (char)c, '\0' });
	}
}

static void test_random(void **state)
{
	uint32_t seed = 3;

	(void)state;
	for (int round = 0; round < 6000; round++) {
		char pattern[12], name[8];
		struct emitted e;
		struct glob glob;

		glob_random_pattern(pattern, &seed);
		if (glob_parse(&glob, pattern) != 0)
			continue;
		emit(&glob, &e);
		for (int n = 0; n < 20; n++) {
			glob_random_name(name, &seed);
			check_name(&glob, &e, name);
		}
	}
}

/* The longest pattern; the star at its end has a place, too. */
static void test_long(void **state)
{
	char pattern[3 * GLOB_ELEMENTS_MAX] = "", name[GLOB_ELEMENTS_MAX];
	struct glob glob;
	struct emitted e;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (int i = 0; i < GLOB_ELEMENTS_MAX - 1; i++)
		strcat(pattern, "*x");
	strcat(pattern, "*");
	assert_int_equal(glob_parse(&glob, pattern), 0);
	emit(&glob, &e);
	assert_true(program_matches(&e, name, GLOB_ELEMENTS_MAX));
	assert_true(program_matches(&e, name, GLOB_ELEMENTS_MAX - 1));
	assert_false(program_matches(&e, name, GLOB_ELEMENTS_MAX - 2));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
