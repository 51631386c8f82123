/* SPDX-License-Identifier: MIT */
/* Texts of programs: defines in front, each header once, and #line that leads to the right line. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "program_text.h"

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static struct program_text *begin(const char *text)
{
	struct error err = ERROR_INIT;
	struct program_text *s = NULL;

	assert_int_equal(program_text_new_from(&s, "mine.bpf.c", text, &err), 0);
	return s;
}

static const char *whole(struct program_text *s)
{
	struct error err = ERROR_INIT;
	const char *text = NULL;

	assert_int_equal(program_text_whole(s, &text, &err), 0);
	return text;
}

static void test_unknown(void **state)
{
	struct error err = ERROR_INIT;
	struct program_text *s = NULL;

	(void)state;
	assert_int_equal(program_text_new(&s, "nosuch.bpf.c", &err), -ENOENT);
	assert_null(s);
	assert_non_null(strstr(err.text, "nosuch.bpf.c"));
	assert_int_equal(program_text_new(&s, "", &err), -ENOENT);
	error_clear(&err);
	program_text_free(NULL);
	assert_null(embedded_find("nosuch.bpf.c"));
	assert_non_null(embedded_find("openat/count.bpf.c"));
}

static void test_defines(void **state)
{
	struct program_text *s = begin("int f;\n");

	(void)state;
	assert_string_equal(program_text_name(s), "programs/mine.bpf.c");
	assert_string_equal(whole(s), "#line 1 \"programs/mine.bpf.c\"\nint f;\n");
	program_text_define(s, "A", "%d", 12);
	program_text_define(s, "F(c)", "((c) == %u)", 7u);
	assert_string_equal(whole(s), "#define A 12\n#define F(c) ((c) == 7)\n"
				      "#line 1 \"programs/mine.bpf.c\"\nint f;\n");
	/* A text that has been handed out does not keep later defines away. */
	program_text_define(s, "B", "%s", "");
	assert_string_equal(whole(s), "#define A 12\n#define F(c) ((c) == 7)\n#define B \n"
				      "#line 1 \"programs/mine.bpf.c\"\nint f;\n");
	program_text_free(s);
}

static void test_fold(void **state)
{
	struct program_text *s =
		begin("// one\n#include \"lib/drops.h\"\n// three\n#include <linux/ptrace.h>\n"
		      "#include \"lib/drops.h\"\n// six, without an end");
	const char *text = whole(s), *at;

	(void)state;
	assert_int_equal(count(text, "enum drop {"), 1);
	assert_int_equal(count(text, "#include \""), 0);
	assert_int_equal(count(text, "#include <linux/ptrace.h>\n"), 1);
	at = strstr(text, "// one\n#line 1 \"programs/lib/drops.h\"\n");
	assert_non_null(at);
	/* Line 5, the second include, is an empty line: the count goes on without a directive. */
	at = strstr(at, "#line 3 \"programs/mine.bpf.c\"\n// three\n#include <linux/ptrace.h>\n\n"
			"// six, without an end\n");
	assert_non_null(at);
	assert_string_equal(strchr(strstr(at, "// six"), '\n'), "\n");
	program_text_free(s);
}

/* An include is one only at the start of a line, and only of a file that is there. */
static void test_missing(void **state)
{
	struct program_text *s = begin("/*\n * #include \"nosuch.h\"\n */\n");
	struct error err = ERROR_INIT;
	const char *text;

	(void)state;
	assert_non_null(strstr(whole(s), " * #include \"nosuch.h\"\n"));
	program_text_free(s);

	s = begin("int a;\n#include \"nosuch.h\"\n");
	assert_int_equal(program_text_whole(s, &text, &err), -ENOENT);
	assert_non_null(strstr(err.text, "programs/mine.bpf.c:2"));
	error_clear(&err);
	program_text_free(s);

	/* The name must be whole: openat.h is not openat.hx, drops.h not drops. */
	s = begin("#include \"drops\"\n");
	assert_int_equal(program_text_whole(s, &text, &err), -ENOENT);
	error_clear(&err);
	program_text_free(s);
}

/* A place in a folded text: the file and line that #line directives say it comes from. */
struct place {
	char path[64];
	unsigned line;
};

/* The line @number of an embedded file, without its newline. */
static size_t embedded_line(const char *path, unsigned number, const char **line)
{
	*line = embedded_find(path);
	assert_non_null(*line);
	while (--number) {
		*line = strchr(*line, '\n');
		assert_non_null(*line);
		++*line;
	}
	return strcspn(*line, "\n");
}

static void check_line(const struct place *at, const char *text, size_t len)
{
	const char *original;
	size_t original_len;

	/* Where an include was, and after the last line, there may be nothing. */
	if (!len)
		return;
	original_len = embedded_line(at->path, at->line, &original);
	assert_int_equal(len, original_len);
	assert_memory_equal(text, original, len);
}

/* Every line of each program is the one that its #line says, and no header comes twice. */
static void check_program(const char *program)
{
	struct error err = ERROR_INIT;
	struct place at = { "", 0 };
	struct program_text *s = NULL;
	size_t files = 0, lines = 0;
	const char *text;

	assert_int_equal(program_text_new(&s, program, &err), 0);
	program_text_define(s, "FIRST", "1");
	assert_int_equal(program_text_whole(s, &text, &err), 0);
	assert_memory_equal(text, "#define FIRST 1\n#line 1 \"programs/", 34);
	text = strchr(text, '\n') + 1;
	for (size_t len; *text; text += len + 1) {
		len = strcspn(text, "\n");
		assert_int_equal(text[len], '\n');
		if (strncmp(text, "#line ", 6) == 0) {
			assert_int_equal(
				sscanf(text, "#line %u \"programs/%63[^\"]\"", &at.line, at.path),
				2);
			files += at.line == 1;
			continue;
		}
		assert_int_not_equal(strncmp(text, "#include \"", 10), 0);
		check_line(&at, text, len);
		at.line++;
		lines++;
	}
	assert_true(files > 3 && lines > 200);
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		char directive[128];

		snprintf(directive, sizeof(directive), "#line 1 \"programs/%s\"\n", f->path);
		assert_int_equal(program_text_whole(s, &text, &err), 0);
		assert_true(count(text, directive) <= 1);
	}
	program_text_free(s);
}

static void test_programs(void **state)
{
	(void)state;
	check_program("openat/count.bpf.c");
	check_program("fork/fork.bpf.c");
	check_program("syscalls/count.bpf.c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),  cmocka_unit_test(test_defines),
		cmocka_unit_test(test_fold),     cmocka_unit_test(test_missing),
		cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
