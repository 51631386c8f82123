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
	check("#if A\nint a;\n#endif\n#define A 1\n#if A\nint b;\n#endif\n", "int b;\n");
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
	check("  #  define A /* of */ 2\n# if A && \\\n 2 /* more\n */\nint a;\n#endif // A\n",
	      "int a;\n");
}

static void test_conditions(void **state)
{
	static const char defines[] = "#define ONE 1\n#define TWO (ONE && ONE)\n#define NIL\n"
				      "#define F(x) 1\n#define ZERO 0x0ull /* none */\n";

	(void)state;
	check_condition(defines, "defined(ONE)", true);
	check_condition(defines, "defined NIL && defined F", true);
	check_condition(defines, "!defined(ONE) || defined(THREE)", false);
	check_condition(defines, "TWO && (ONE || ZERO) && !ZERO && !!ONE", true);
	check_condition(defines, "ZERO || ZERO && ONE", false);
	check_condition(defines, "ONE || ONE && ZERO", true);
	check_condition(defines, "/* of */ UNKNOWN", false);
	check_condition(defines, "10ul && 3LL && 010 && !00", true);
	/* A macro's value is asked where the macro is used. */
	check_condition("#define A (B)\n#define B 1", "A", true);
	/* The other side is not looked at. */
	check_condition(defines, "0 && __clang_major__ > 12", false);
	check_condition(defines, "1 || __clang_major__ > 12", true);
#ifdef __x86_64__
	check_condition(defines, "defined(__x86_64__) && !defined(__aarch64__)", true);
#endif
}

/* What nobody here can know is an error. */
static void test_undecided(void **state)
{
	static const char *const conditions[] = {
		"__clang_major__",
		"defined(__BPF__)",
		"BPF_X",
		"KERNEL_VERSION(5, 10, 0)",
		"NIL",
		"MACRO(1)",
		"SELF",
		"1 &&",
		"(1",
		"1 + 1",
		"1 ? 1 : 0",
		"1.5",
		"\"a\"",
		"SUM",
		"",
		"TWICE",
		"0, 1",
		"defined 1",
		"defined(A",
		"defined",
		"-1",
		"0 && 1 ? 0 : 1",
		"DOUBLE0 && 1",
		"99999999999999999999",
	};
	static const char defines[] = "#define NIL\n#define SELF SELF\n#define SUM 0 || 1\n"
				      "#define MACRO(x) 1\n#define TWICE 1\n#undef TWICE\n"
				      "#define DOUBLE0 (DOUBLE1 && DOUBLE1)\n"
				      "#define DOUBLE1 (DOUBLE0 && DOUBLE0)\n";

	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		char text[512];

		snprintf(text, sizeof(text), "%s#if %s\nint a;\n#else\nint b;\n#endif\n", defines,
			 conditions[i]);
		check_fails(text, "line 9: an #if may only use names that have one meaning, "
				  "numbers, !, && and ||");
	}
	check_fails("#define A 1\n#define A 2\n#if A\n#endif\n",
		    "line 3: an #if may only use names that have one meaning, "
		    "numbers, !, && and ||");
	check("#define A 1\n#define A 1\n#if A\nint a;\n#endif\n", "int a;\n");
	/* Nobody asks one that is not compiled, nor one behind a branch that is. */
	check("#if 0\n#if __a\n#endif\n#elif 1\nint a;\n#elif __a\nint b;\n#endif\n", "int a;\n");
	check_fails("#ifdef __a\n#endif\n", "line 1: an #if may only use names that have one "
					    "meaning, numbers, !, && and ||");
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
	check_body("\tif (NO)\n\t\treturn x ? a() : b();\n\tc();\n", "\tc();\n");
	/* A block that declares stays one. */
	check_body("\tif (YES) {\n\t\tint y = 1;\n\n\t\ta(y);\n\t}\n",
		   "\t{\n\t\tint y = 1;\n\n\t\ta(y);\n\t}\n");
	check_body("\tif (NO)\n\t\tfor (;;)\n\t\t\tif (x) { a(); } else b();\n\tc();\n",
		   "\tc();\n");
}

/* Left as they are: the body of another statement, and statements that are not read. */
static void test_other_branches(void **state)
{
	static const char *const bodies[] = {
		"\tfor (;;)\n\t\tif (NO)\n\t\t\ta();\n",
		"\twhile (x) if (YES) { a(); b(); }\n",
		"\tif (NO)\n\t\tagain: while (x) { a(); }\n\tc();\n",
		"\tif (NO)\n\t\tdo a(); while (x);\n\tc();\n",
		"\tif (NO) {\n#include <linux/types.h>\n\t}\n",
		"\tif (NO && x ? a() : b())\n\t\tc();\n",
		"\tif (NO, x)\n\t\tc();\n",
		/* What comes first has effects. */
		"\tif (a() && NO)\n\t\treturn 1;\n",
		"\tif (a() || YES)\n\t\treturn 1;\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		char text[512];

		snprintf(text, sizeof(text),
			 "#define YES 1\n#define NO 0\nint f(int x)\n{\n%s\treturn YES + NO;\n}\n",
			 bodies[i]);
		check_stays(text);
	}
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
	check_body("\tif (YES &&\n\t    a(x))\n\t\treturn 1;\n", "\tif (a(x))\n\t\treturn 1;\n");
	check_body("\tif (x && YES)\n\t\treturn 1;\n", "\tif (x)\n\t\treturn 1;\n");
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
		cmocka_unit_test(test_sides),         cmocka_unit_test(test_other_branches),
		cmocka_unit_test(test_open_branches), cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
