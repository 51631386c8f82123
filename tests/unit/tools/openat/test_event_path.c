/* SPDX-License-Identifier: MIT */
/* Opens: the path in a record to JSON and to a line. */
#define _GNU_SOURCE
#include "open_lines.h"

/* A relative path begins with the directory that it is relative to, when that is known. */
static void test_dir(void **state)
{
	struct record r = opening("passwd");

	(void)state;
	add_dir(&r, "b\0a", 4);
	check_line_ends(&r, "  /a/b/passwd");
	check_json_has(&r, "\"path\":\"/a/b/passwd\",\"given\":\"passwd\",\"truncated\":false");
	event(&r)->text.marks |= OPEN_DIR_CUT;
	check_line_ends(&r, "  .../a/b/passwd");
	check_json_has(&r, "\"path\":\".../a/b/passwd\",\"given\":\"passwd\",\"truncated\":true");
}

/* A path that could not be read is not an empty path. */
static void test_not_known(void **state)
{
	struct record r = record_of("", 0);

	(void)state;
	check_line_ends(&r, "CLOEXEC  -");
	check_json_has(&r, "\"path\":null,\"given\":null,\"truncated\":false");
	r = opening("");
	check_line_ends(&r, "CLOEXEC");
	check_json_has(&r, "\"path\":\"\",\"given\":null,\"truncated\":false");
}

/* Of a file that was opened, what was given matters only where it differs. */
static void test_resolved(void **state)
{
	struct record r = opening("link");

	(void)state;
	add_dir(&r, "file\0a", 7);
	event(&r)->text.marks |= OPEN_RESOLVED;
	check_line_ends(&r, "  /a/file");
	check_json_has(&r, "\"path\":\"/a/file\",\"given\":\"link\",\"truncated\":false");
	r = opening("/a/file");
	add_dir(&r, "file\0a", 7);
	event(&r)->text.marks |= OPEN_RESOLVED;
	check_json_has(&r, "\"path\":\"/a/file\",\"given\":null,");
}

/* A slot of an io_uring is no descriptor. */
static void test_slot(void **state)
{
	struct record r = opening("/a");

	(void)state;
	event(&r)->text.marks = OPEN_RING_SLOT;
	check_json_has(&r, "\"fd\":null,\"slot\":3,\"errno\":null,");
}

/* What was cut off is marked, at the end of a path and in front of a directory. */
static void test_cut(void **state)
{
	static char path[OPEN_PATH_MAX + 1];
	struct record r = record_of("/usr/l", 6);

	(void)state;
	event(&r)->text.marks = OPEN_PATH_CUT;
	check_line_ends(&r, "  /usr/l...");
	check_json_has(&r, "\"path\":\"/usr/l\",\"given\":null,\"truncated\":true");
	memset(path, 'x', OPEN_PATH_MAX);
	r = record_of(path, OPEN_PATH_MAX);
	event(&r)->text.marks = OPEN_PATH_CUT | OPEN_DIR_CUT;
	memset(path, 'd', OPEN_DIR_MAX - 1);
	path[OPEN_DIR_MAX - 1] = '\0';
	add_dir(&r, path, OPEN_DIR_MAX);
	check_line_ends(&r, "xxxxxxx...");
	check_json_has(&r, "\"path\":\".../ddd");
	check_json_has(&r, "xxx\",\"truncated\":true");
}

/* Nothing in a path or a name can begin another line. */
static void test_hostile(void **state)
{
	struct record r = opening("a\n13:00:00 1 init \033[2J\xff\\\"\xe2\x80\xae");
	char *got;

	(void)state;
	check_line_ends(&r, "  a\\n13:00:00 1 init \\e[2J\\xff\\\\\"\\xe2\\x80\\xae");
	check_json_has(&r, "\"path\":\"a\\n13:00:00 1 init \\u001B[2J\\\\xff\\\\\\\"\\u202e\",");
	memcpy(event(&r)->comm, "\n\033\xff\"..............", OPEN_COMM);
	got = report_with(REPORT_TABLE, false, &r, r.size, 0);
	assert_memory_equal(got, "   1234   1000  \\n\\e\\xff\"............  3 ", 41);
	free(got);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dir),  cmocka_unit_test(test_not_known),
		cmocka_unit_test(test_cut),  cmocka_unit_test(test_resolved),
		cmocka_unit_test(test_slot), cmocka_unit_test(test_hostile),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
