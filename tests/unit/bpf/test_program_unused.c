/* SPDX-License-Identifier: MIT */
/* What no function of a run uses goes, with its comments; malformed text stays as it is. */
#define _GNU_SOURCE
#include "resolving.h"

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
	/* A forward declaration that stands there already says nothing. */
	check("struct a;\nstruct a;\nstruct b { int x; };\nstruct b;\n" USES(
		      "sizeof(struct a *) + sizeof(struct b)"),
	      "struct a;\nstruct b { int x; };\nstruct b;\n" USES(
		      "sizeof(struct a *) + sizeof(struct b)"));
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
	assert_string_equal(text, "#line 1 \"programs/a.c\"\nint a;\n\n#line 6 \"programs/a.c\"\n"
				  "int f(int x)\n{\n#line 13 \"programs/a.c\"\n\treturn 1;\n}\n");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unused),    cmocka_unit_test(test_roots),
		cmocka_unit_test(test_functions), cmocka_unit_test(test_comments),
		cmocka_unit_test(test_heads),     cmocka_unit_test(test_places),
		cmocka_unit_test(test_malformed), cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
