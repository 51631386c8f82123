/* SPDX-License-Identifier: MIT */
/* The text of a program, reduced to what one run compiles: exact text in, exact text out. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "program_resolve.h"
#include "program_text.h"

/* A function that refers to @names, so that what they stand for stays. */
#define USES(names) "int kprobe__f(void *ctx)\n{\n\treturn " names ";\n}\n"
#define HEAD(file) "#line 1 \"programs/" file "\"\n"

static char *resolve(const char *text, const char *const *functions, bool places)
{
	struct resolve_request request = { text, functions, places };
	struct error err = ERROR_INIT;
	char *resolved = NULL;

	assert_int_equal(program_resolve(&resolved, &request, &err), 0);
	assert_int_equal(err.code, 0);
	return resolved;
}

/* To resolve it once more changes nothing. */
static void check(const char *text, const char *expected)
{
	char *once = resolve(text, NULL, false), *again;

	assert_string_equal(once, expected);
	again = resolve(once, NULL, false);
	assert_string_equal(again, once);
	free(once);
	free(again);
}

static void check_stays(const char *text)
{
	check(text, text);
}

static void check_fails(const char *text, const char *message)
{
	struct resolve_request request = { .text = text };
	struct error err = ERROR_INIT;
	char *resolved = NULL;

	assert_int_equal(program_resolve(&resolved, &request, &err), -EINVAL);
	assert_null(resolved);
	assert_string_equal(err.text, message);
	error_clear(&err);
}

/* `yes` is compiled, or `no`. */
static void check_condition(const char *defines, const char *condition, bool expected)
{
	char text[512], lines[512];

	snprintf(text, sizeof(text), "%s\n#if %s\nint yes;\n#else\nint no;\n#endif\n", defines,
		 condition);
	snprintf(lines, sizeof(lines), "int %s;\n", expected ? "yes" : "no");
	check(text, lines);
}

/* ---- conditionals ---- */

static void test_conditionals(void **state)
{
	(void)state;
	check("#ifdef A\nint a;\n#else\nint b;\n#endif\nint c;\n", "int b;\nint c;\n");
	check("#define A\n#ifdef A\nint a;\n#else\nint b;\n#endif\n", "int a;\n");
	check("#define A 0\n#ifndef A\nint a;\n#elif A\nint b;\n#elif !A\nint c;\n#else\nint d;\n"
	      "#endif\n",
	      "int c;\n");
	/* In order: what is defined later is not defined yet. */
	check("#if A\nint a;\n#endif\n#define A 1\n#if A\nint b;\n#endif\n#undef A\n#if A\nint c;\n"
	      "#endif\n",
	      "int b;\n");
	/* Within each other, and within what is left out. */
	check("#define A 1\n#if 0\n#if 1\nint a;\n#else\nint b;\n#endif\n#else\n#if A\nint c;\n"
	      "#endif\n#endif\n",
	      "int c;\n");
	/* A definition that is left out is none. */
	check("#if 0\n#define A 1\n#endif\n#ifdef A\nint a;\n#endif\nint b;\n", "int b;\n");
	/* Guards. */
	check("#ifndef A_H\n#define A_H\nint a;\n#endif\n#ifndef A_H\n#define A_H\nint "
	      "a;\n#endif\n",
	      "int a;\n");
	/* Directives with spaces, comments and lines that go on. */
	check("  #  define A /* of */ 2\n# if A == \\\n 2 /* more\n */\nint a;\n#endif // A\n",
	      "int a;\n");
}

static void test_conditions(void **state)
{
	static const char defines[] = "#define ONE 1\n#define TWO (ONE + ONE)\n#define NIL\n"
				      "#define F(x) 1\n#define MINUS -ONE\n#define SELF SELF\n";

	(void)state;
	check_condition(defines, "defined(ONE)", true);
	check_condition(defines, "defined NIL && defined F", true);
	check_condition(defines, "!defined(ONE) || defined(THREE)", false);
	check_condition(defines, "TWO == 2 && TWO * 3 == 6 && TWO != ONE", true);
	check_condition(defines, "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9", true);
	check_condition(defines, "7 / 2 == 3 && 7 % 4 == 3 && 1 << 4 == 0x10 && 020 >> 1 == 8",
			true);
	check_condition(defines, "(6 & 3) == 2 && (6 | 3) == 7 && (6 ^ 3) == 5", true);
	check_condition(defines, "1 < 2 && 2 <= 2 && !(2 > 2) && 2 >= 2", true);
	check_condition(defines, "MINUS == -1 && ~0 == MINUS && - -1 == +1", true);
	check_condition(defines, "ONE ? 0 : 1", false);
	check_condition(defines, "UNKNOWN", false);
	check_condition(defines, "10ul == 10 && 3LL == 3", true);
	/* The other side is not looked at. */
	check_condition(defines, "0 && __clang_major__ > 12", false);
	check_condition(defines, "1 || __clang_major__ > 12", true);
	check_condition(defines, "defined(NIL) ? 1 : BPF_X", true);
#ifdef __x86_64__
	check_condition(defines, "defined(__x86_64__) && !defined(__aarch64__)", true);
#endif
}

/* What the text does not decide stays, with both branches. */
static void test_undecided(void **state)
{
	static const char *const conditions[] = {
		"__clang_major__ > 12",
		"defined(__BPF__)",
		"BPF_X",
		"KERNEL_VERSION(5, 10, 0) > 1",
		"NIL",
		"MACRO(1)",
		"SELF",
		"1 +",
		"(1",
		"1 / 0",
		"0xffffffffffffffff",
		"-1 < 0u",
		"1.5",
		"\"a\"",
		"SUM * 2",
		"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 "#define NIL\n#define SELF SELF\n#define SUM 1 + 1\n#define MACRO(x) 1\n"
			 "#if %s\nint a;\n#else\nint b;\n#endif\nint c = NIL SELF SUM MACRO(1);\n",
			 conditions[i]);
		check_stays(text);
	}
	/* What is decided beside it goes: its own branches, and what follows a true one. */
	check("#if 0\nint a;\n#elif __a\nint b;\n#elif 0\nint c;\n#elif 1\nint d;\n#else\nint e;\n"
	      "#endif\n",
	      "#if __a\nint b;\n#else\nint d;\n#endif\n");
	check("#if __a\nint a;\n#elif __b\nint b;\n#else\nint c;\n#endif\n",
	      "#if __a\nint a;\n#elif __b\nint b;\n#else\nint c;\n#endif\n");
	/* A name that it may have defined is not known from there on. */
	check_stays("#ifdef __a\n#define A 1\n#endif\n#if A\nint a;\n#endif\n");
	check_stays("int kprobe__f(void *ctx)\n{\n#ifdef __a\n\treturn 1;\n#else\n\treturn 2;\n"
		    "#endif\n}\n");
}

static void test_nesting(void **state)
{
	(void)state;
	check_fails("#if 1\nint a;\n", "line 3: an #if without its #endif");
	check_fails("int a;\n#endif\n", "line 2: an #endif without its #if");
	check_fails("\n\n#else\n", "line 3: an #else or #elif without its #if");
	check_fails("#if 1\n#else\n#elif 1\n#endif\n", "line 3: an #else or #elif without its #if");
	check_fails("#if 0\n#if 1\n#endif\n", "line 4: an #if without its #endif");
	check_fails(HEAD("a.h") "int a;\n#endif\n", "programs/a.h:2: an #endif without its #if");
	check_fails("#if 0\n#elifdef A\n#endif\n",
		    "line 2: neither #elifdef nor #elifndef is known here");
}

/* A word that looks like a directive and is none. */
static void test_no_directives(void **state)
{
	(void)state;
	check("/*\n#if 0\n*/\nint a;\n", "/*\n#if 0\n*/\nint a;\n");
	check_stays("const char *a = \"\\\"/*\";\nint b; /* \" */\n");
	check("#if 0\n/*\n#endif\n*/ don't\n#endif\nint a;\n", "int a;\n");
}

/* ---- `if` statements ---- */

static void check_body(const char *body, const char *expected)
{
	static const char format[] = "%sint f(int x)\n{\n%s}\n";
	char text[1024], lines[1024];

	snprintf(text, sizeof(text), format, "#define YES 1\n#define NO 0\n", body);
	snprintf(lines, sizeof(lines), format, "", expected);
	check(text, lines);
}

static void test_branches(void **state)
{
	(void)state;
	check_body("\tif (YES)\n\t\ta(x,\n\t\t  x);\n\tb();\n", "\ta(x,\n\t  x);\n\tb();\n");
	check_body("\t/* why */\n\tif (NO)\n\t\ta();\n\tb();\n", "\tb();\n");
	check_body("\tif (NO)\n\t\ta();\n\telse\n\t\tb();\n\tc();\n", "\tb();\n\tc();\n");
	check_body("\tif (YES)\n\t\ta();\n\telse\n\t\tb();\n\tc();\n", "\ta();\n\tc();\n");
	check_body(
		"\tif (NO) {\n\t\ta();\n\t} else if (x) {\n\t\tb();\n\t} else {\n\t\tc();\n\t}\n",
		"\tif (x) {\n\t\tb();\n\t} else {\n\t\tc();\n\t}\n");
	check_body("\tif (x)\n\t\ta();\n\telse if (NO)\n\t\tb();\n", "\tif (x)\n\t\ta();\n");
	check_body("\tif (YES) {\n\t\ta();\n\t\tif (!NO && YES) {\n\t\t\tb();\n\t\t}\n\t}\n",
		   "\ta();\n\tb();\n");
	/* A block that declares stays one, and so does the body of another statement. */
	check_body("\tif (YES) {\n\t\tint y = 1;\n\n\t\ta(y);\n\t}\n",
		   "\t{\n\t\tint y = 1;\n\n\t\ta(y);\n\t}\n");
	check_body("\tfor (;;)\n\t\tif (NO)\n\t\t\ta();\n", "\tfor (;;)\n\t\t;\n");
	check_body("\twhile (x) if (YES) { a(); b(); }\n", "\twhile (x) { a(); b(); }\n");
	check_body(
		"\tif (NO)\n\t\tfor (;;)\n\t\t\tif (x) { a(); } else do b(); while (1);\n\tc();\n",
		"\tc();\n");
	check_body("\tif (NO)\n\t\tagain: while (x) { a(); }\n\tc();\n", "\tc();\n");
}

static void test_sides(void **state)
{
	(void)state;
	check_body("\tif (NO && a(x))\n\t\treturn 1;\n\tb();\n", "\tb();\n");
	check_body("\tif (YES || a(x))\n\t\treturn 1;\n", "\treturn 1;\n");
	check_body("\tif (YES && a(x) && x == 1)\n\t\treturn 1;\n",
		   "\tif (a(x) && x == 1)\n\t\treturn 1;\n");
	check_body("\tif (a(x) || NO || (u32)x >= 3)\n\t\treturn 1;\n",
		   "\tif (a(x) || (u32)x >= 3)\n\t\treturn 1;\n");
	/* Neither is a chain of one operator. */
	check_body("\tif (!x)\n\t\treturn 1;\n", "\tif (!x)\n\t\treturn 1;\n");
}

/* A name with two meanings, or none, is no constant. */
static void test_open_branches(void **state)
{
	(void)state;
	check_stays("int f(int LATENCY)\n{\n\tif (LATENCY)\n\t\treturn 1;\n}\n");
	check_stays(
		"#define A 1\nint f(int x)\n{\n\tif (A)\n\t\treturn 1;\n}\n#undef A\n#define A 0\n"
		"int g(int x)\n{\n\tif (A)\n\t\treturn 1;\n}\n");
	check_stays("#define A(x) 1\nint f(int x)\n{\n\tif (A(x))\n\t\treturn 1;\n}\n");
}

/* ---- what is not used ---- */

static void test_unused(void **state)
{
	(void)state;
	/* Functions, by way of others; a prototype goes with its function. */
	check("static int a(void);\nstatic int b(void) { return 1; }\n"
	      "static int a(void) { return b(); }\nstatic int c(void) { return a(); }\n" USES(
		      "a()"),
	      "static int a(void);\nstatic int b(void) { return 1; }\n"
	      "static int a(void) { return b(); }\n" USES("a()"));
	check("#define A B\n#define B 1\n#define C A\n#define F(x) (x)\n" USES("A"),
	      "#define A B\n#define B 1\n" USES("A"));
	check("struct a { int x; };\nstruct b { struct a a; };\nunion c { int x; };\n"
	      "typedef struct b d;\ntypedef int e, *g;\n" USES("sizeof(d) + sizeof(g)"),
	      "struct a { int x; };\nstruct b { struct a a; };\ntypedef struct b d;\n"
	      "typedef int e, *g;\n" USES("sizeof(d) + sizeof(g)"));
	check("enum a { A1, A2 = 3, };\nenum { B1 };\nenum c { C1 };\n" USES("A2"),
	      "enum a { A1, A2 = 3, };\n" USES("A2"));
	check("static const int a[] = { 1, 2 }, b = 1;\nstatic int c;\nint d;\n" USES("b"),
	      "static const int a[] = { 1, 2 }, b = 1;\nint d;\n" USES("b"));
	check("struct a;\nstruct b;\n" USES("(int)(struct a *)0"),
	      "struct a;\n" USES("(int)(struct a *)0"));
	/* What a macro's parameters are called refers to nothing. */
	check("#define x 1\n#define F(x) (x)\n" USES("F(2)"), "#define F(x) (x)\n" USES("F(2)"));
}

/* Maps are found by name, so all of them stay, with their types. */
static void test_roots(void **state)
{
	(void)state;
	check_stays("struct value {\n\tint x;\n};\n\nBPF_HASH(map, u32, struct value);\n"
		    "#pragma unroll\n#include <linux/types.h>\n"
		    "TRACEPOINT_PROBE(a, b) { return 0; }\nasm(\"nop\");\n;\n");
	check("#include <linux/types.h>\nint a;\n#include <linux/types.h>\nint b;\n",
	      "#include <linux/types.h>\nint a;\nint b;\n");
	check("struct a { int x; };\nstruct b { int x; };\n_Static_assert(sizeof(struct a) == 4, "
	      "\"\");\n"
	      "_Static_assert(sizeof(struct b) == 4, \"\");\n" USES("sizeof(struct a)"),
	      "struct a { int x; };\n_Static_assert(sizeof(struct a) == 4, \"\");\n" USES(
		      "sizeof(struct a)"));
}

static void test_functions(void **state)
{
	static const char *const functions[] = { "kprobe__a", "kprobe__c", NULL };
	static const char text[] = "int kprobe__a(void *x) { return 1; }\n"
				   "static int d(void) { return 2; }\n"
				   "int kprobe__b(void *x) { return d(); }\n"
				   "int kprobe__c(void *x) { return 3; }\n";
	char *resolved = resolve(text, functions, false);

	(void)state;
	assert_string_equal(resolved, "int kprobe__a(void *x) { return 1; }\n"
				      "int kprobe__c(void *x) { return 3; }\n");
	free(resolved);
	check_stays(text);
}

/* Names made with ## */
static void test_pastes(void **state)
{
	static const char numbers[] = "#define ARG_1 1\n#define ARG_2 2\n#define ONE_ARG 3\n";
	char text[512], expected[512];

	(void)state;
	snprintf(text, sizeof(text), "%s#define F(n) ARG_##n\n" USES("F(1)"), numbers);
	check(text, "#define ARG_1 1\n#define ARG_2 2\n#define F(n) ARG_##n\n" USES("F(1)"));
	snprintf(text, sizeof(text), "%s#define F(n) n ## _ARG\n" USES("F(ONE)"), numbers);
	check(text, "#define ONE_ARG 3\n#define F(n) n ## _ARG\n" USES("F(ONE)"));
	snprintf(text, sizeof(text), "%s#define F(a, n) a##n\n" USES("F(ARG_, 1)"), numbers);
	snprintf(expected, sizeof(expected), "%s", text);
	check(text, expected);
}

/* ---- comments and empty lines ---- */

static void test_comments(void **state)
{
	(void)state;
	/* One directly above goes with what is below it, up to an empty line or another. */
	check("/* a */\nstatic int a;\n/* b */\nint b;\n/* c */\n#define C 1\n#define D 1\n\n// "
	      "e\n// e\n"
	      "int e; /* behind\n */\n",
	      "/* b */\nint b;\n\n// e\n// e\nint e; /* behind\n */\n");
	/* One above a conditional of which nothing is left, too. */
	check("int a;\n\n/* b */\n#ifdef B\nint b;\n#endif\n\n/* c */\n#ifndef B\nint c;\n#endif\n",
	      "int a;\n\n/* c */\nint c;\n");
	check("int a;\n\n\n\nint b;\n\n\nstatic int c;\n\nint d;\n",
	      "int a;\n\nint b;\n\nint d;\n");
	check("int f(void)\n{\n\n#ifdef A\n\ta();\n#endif\n\n\tb();\n\n#ifdef "
	      "A\n#endif\n\n\tc();\n\n}\n",
	      "int f(void)\n{\n\tb();\n\n\tc();\n}\n");
}

/* One that stands alone stays with what is left of its part of the file; a head with the file. */
static void test_heads(void **state)
{
	(void)state;
	check("/* run */\n" HEAD(
		      "a.c") "/* SPDX-License-Identifier: A */\n/*\n * First.\n *\n * More.\n"
			     " */\n" HEAD(
				     "b.h") "/* SPDX-License-Identifier: B */\n/*\n * Second.\n "
					    "*\n * More.\n */\n"
					    "static int b;\nint c;\n\n/* part */\n\nstatic int "
					    "d;\n\n/* other part */\n\nint e;\n" HEAD(
						    "c.h") "/* Third. */\n#include "
							   "<linux/types.h>\nstatic int f;\n"
							   "#line 3 \"programs/a.c\"\nint g;\n",
	      "/* run */\n\n/* SPDX-License-Identifier: A */\n/*\n * First.\n *\n * More.\n */\n\n"
	      "/* Second. */\nint c;\n\n/* other part */\n\nint e;\n\n"
	      "#include <linux/types.h>\n\nint g;\n");
}

/* ---- places ---- */

static void test_places(void **state)
{
	char *text = resolve(
		"#define NO 0\n" HEAD(
			"a.c") "int a;\n#ifdef B\nint b;\n#endif\n\n"
			       "int f(int x)\n{\n#ifdef B\n\tb();\n#endif\n\tif (NO)\n\t\tc();\n"
			       "\treturn 1;\n}\n",
		NULL, true);

	(void)state;
	assert_string_equal(text,
			    "#line 1 \"programs/a.c\"\nint a;\n\n#line 6 \"programs/a.c\"\n"
			    "int f(int x)\n{\n#line 11 \"programs/a.c\"\n\n\n\treturn 1;\n}\n");
	free(text);
}

/* ---- malformed texts ---- */

/* clang says best what is wrong with them. */
static void test_malformed(void **state)
{
	static const char *const texts[] = {
		"",
		"static int a\n",
		"static int a(void) {\n",
		"static int a(void) }\n",
		"static int a[(1]);\n",
		"static int a; /* no end\n",
		"static int a = \"no end;\n",
		"static int a = 'no end;\n",
		"static int a; #define B\n",
		"static int a;\n#define B \\",
		"int f(void)\n{\n\tif (1\n}\n",
		"int f(void)\n{\n\tif (1)\n}\n",
		"static int a(void) { ##\n",
		"#",
		"#define\n",
		"#undef 3\nint a;\n",
		"\"",
		"/",
		"\\",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char *once = resolve(texts[i], NULL, false), *again = resolve(once, NULL, false);

		assert_string_equal(once, again);
		free(once);
		free(again);
		free(resolve(texts[i], NULL, true));
	}
	check_stays("static int a(void) {\n");
	check_stays("static int a; /* no end\n");
	check_stays("static int a[(1]);\n");
}

/* Deep nesting and long chains end, and in time. */
static void test_deep(void **state)
{
	enum { N = 2000 };
	static const char *const parts[] = { "(", "#if 0\n", "if (0) ", "{", "!", "a ? ", "do " };
	char text[16 * N];

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct resolve_request request = { .text = text };
		struct error err = ERROR_INIT;
		size_t len = (size_t)snprintf(text, sizeof(text), "#if 1 || ");
		char *resolved = NULL;

		for (size_t n = i == 1 ? (len = 0) : 0; n < N; n++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", parts[i]);
		if (program_resolve(&resolved, &request, &err) == 0)
			free(resolved);
		error_clear(&err);
	}
}

/* ---- the programs ---- */

/* As they are, without an option: nothing undecided is left, and little is left at all. */
static void test_programs(void **state)
{
	(void)state;
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		size_t len = strlen(f->path);
		const char *whole, *text;
		struct error err = ERROR_INIT;
		struct program_text *s = NULL;
		char *again;

		if (len < 6 || strcmp(f->path + len - 6, ".bpf.c") != 0)
			continue;
		assert_int_equal(program_text_new(&s, f->path, &err), 0);
		assert_int_equal(program_text_whole(s, &whole, &err), 0);
		assert_int_equal(program_text_resolved(s, &text, &err), 0);
		assert_null(strstr(text, "\n#if"));
		assert_null(strstr(text, "\n#e"));
		assert_null(strstr(text, "#line"));
		assert_true(strlen(text) < strlen(whole) * 3 / 4);
		again = resolve(text, NULL, false);
		assert_string_equal(again, text);
		free(again);
		program_text_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditionals),  cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_undecided),     cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_no_directives), cmocka_unit_test(test_branches),
		cmocka_unit_test(test_sides),         cmocka_unit_test(test_open_branches),
		cmocka_unit_test(test_unused),        cmocka_unit_test(test_roots),
		cmocka_unit_test(test_functions),     cmocka_unit_test(test_pastes),
		cmocka_unit_test(test_comments),      cmocka_unit_test(test_heads),
		cmocka_unit_test(test_places),        cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_deep),          cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
