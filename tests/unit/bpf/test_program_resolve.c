/* SPDX-License-Identifier: MIT */
/* Conditionals and `if` statements of a program: what one run compiles stays. */
#define _GNU_SOURCE
#include "resolving.h"

#include "embedded.h"
#include "program_text.h"

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
		cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
