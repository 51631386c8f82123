/* SPDX-License-Identifier: MIT */
/* System calls: arguments that are text, to JSON and to a line. */
#define _GNU_SOURCE
#include "call_lines.h"

#include <errno.h>

/* Two arguments of a call can be text. */
static void test_two_texts(void **state)
{
	struct record r = record("mount", -EPERM, ARGS(0x1000, 0x2000, 0x3000, 0x11, 0));

	(void)state;
	add_text(&r, 0, 1, "proc", 5);
	add_text(&r, 1, 2, "/proc", 6);
	check_line(&r, "mount(dev_name=\"proc\", dir_name=\"/proc\", type=0x3000, "
		       "flags=MS_RDONLY|MS_SYNCHRONOUS, "
		       "data=NULL) = -1 EPERM (Operation not permitted) <12.3us>");
	check_json(&r, "\"syscall\":\"mount\",\"args\":{\"dev_name\":\"proc\",\"dir_name\":\"/"
		       "proc\",\"type\":12288,\"flags\":17,"
		       "\"data\":0},\"truncated\":false,\"ret\":-1,\"errno\":\"EPERM\",\"duration_"
		       "ns\":12345}\n");
}

/* The first could not be read, or both: they are pointers then. */
static void test_unread(void **state)
{
	struct record r = record("mount", -EFAULT, ARGS(0, 0x2000, 0x3000, 0, 0));

	(void)state;
	add_text(&r, 0, 1, "", 0);
	add_text(&r, 1, 2, "/proc", 6);
	check_line(&r, "mount(dev_name=NULL, dir_name=\"/proc\", type=0x3000, flags=0, data=NULL) "
		       "= -1 EFAULT (Bad address) <12.3us>");
	check_json(&r, "\"syscall\":\"mount\",\"args\":{\"dev_name\":0,\"dir_name\":\"/"
		       "proc\",\"type\":12288,\"flags\":0,"
		       "\"data\":0},\"truncated\":false,\"ret\":-14,\"errno\":\"EFAULT\","
		       "\"duration_ns\":12345}\n");
	r = record("openat", -EFAULT, ARGS(3, 0x8, 0, 0));
	add_text(&r, 0, 2, "", 0);
	check_line(
		&r,
		"openat(dfd=3, filename=0x8, flags=O_RDONLY) = -1 EFAULT (Bad address) <12.3us>");
}

/* An empty text is a text. */
static void test_empty_text(void **state)
{
	struct record r = opening("", -ENOENT);

	(void)state;
	check_line(&r, "openat(dfd=AT_FDCWD, filename=\"\", flags=O_RDONLY|O_CLOEXEC) = -1 ENOENT "
		       "(No such file or directory) <12.3us>");
}

/* Without a NUL at its end it was longer; with one it is all there, however long. */
static void test_cut(void **state)
{
	struct record r = record("openat", 3, ARGS(3, 0x1000, 0, 0));
	char path[CALL_TEXT_MAX], want[512];

	(void)state;
	memset(path, 'p', sizeof(path));
	add_text(&r, 0, 2, path, sizeof(path));
	snprintf(want, sizeof(want),
		 "openat(dfd=3, filename=\"%.255s\"..., flags=O_RDONLY) = 3 <12.3us>", path);
	check_line(&r, want);
	snprintf(want, sizeof(want),
		 "\"syscall\":\"openat\",\"args\":{\"dfd\":3,\"filename\":\"%.255s...\",\"flags\":"
		 "0,\"mode\":0},"
		 "\"truncated\":true,\"ret\":3,\"errno\":null,\"duration_ns\":12345}\n",
		 path);
	check_json(&r, want);
	r.bytes[r.size - 1] = '\0';
	snprintf(want, sizeof(want),
		 "openat(dfd=3, filename=\"%.255s\", flags=O_RDONLY) = 3 <12.3us>", path);
	check_line(&r, want);
}

/* Nothing in a text or a name can begin another line, or end its own quotes. */
static void test_hostile(void **state)
{
	struct record r =
		opening("a\", flags=0) = 3 <1us>\n13:00:00 1 init \033[2J\xff\\\xe2\x80\xae", 3);
	struct record named = opening("x", 3);
	char *got;

	(void)state;
	check_line(&r,
		   "openat(dfd=AT_FDCWD, filename=\"a\\\", flags=0) = 3 <1us>\\n13:00:00 1 init "
		   "\\e[2J\\xff\\\\\\xe2\\x80\\xae\", flags=O_RDONLY|O_CLOEXEC) = 3 <12.3us>");
	check_json(
		&r,
		"\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"a\\\", "
		"flags=0) = 3 <1us>\\n13:00:00 1 init "
		"\\u001B[2J\\\\xff\\\\\\u202e\","
		"\"filename_bytes\":\"61222c20666c6167733d3029203d2033203c3175733e0a31333a30303a30"
		"3020"
		"3120696e6974201b5b324aff5ce280ae\",\"flags\":524288,\"mode\":0},\"truncated\":"
		"false,\"ret\":3,"
		"\"errno\":null,\"duration_ns\":12345}\n");
	memcpy(event(&named)->comm, "\n\033\xff\"..............", CALL_COMM);
	got = report_with(REPORT_TABLE, false, &named, named.size, table, 0);
	assert_memory_equal(got, "   1234  \\n\\e\\xff\"............  openat(", 38);
	free(got);
}

/* The longest line: two texts of bytes that take four each. */
static void test_longest(void **state)
{
	struct record r = record("mount", -EPERM,
				 ARGS(UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX));
	char text[CALL_TEXT_MAX], *got;

	(void)state;
	memset(text, 0xff, sizeof(text));
	add_text(&r, 0, 1, text, sizeof(text));
	add_text(&r, 1, 2, text, sizeof(text));
	got = report_with(REPORT_TABLE, false, &r, r.size, table, 0);
	assert_non_null(strstr(got, "\\xff\"..., type=0xffffffffffffffff, flags=MS_RDONLY|"));
	assert_non_null(strstr(got, "|MS_NOUSER|0xffffffff00000200, data=0xffffffffffffffff) "
				    "= -1 EPERM (Operation not permitted) <12.3us>\n"));
	assert_true(strlen(got) > (size_t)2 * 4 * CALL_TEXT_MAX);
	free(got);
	event(&r)->duration_ns = UINT64_MAX;
	got = report_with(REPORT_TABLE, false, &r, r.size, NULL, 0);
	assert_non_null(strstr(got, " = -1 EPERM (Operation not permitted) <18446744073.7s>\n"));
	free(got);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_texts),  cmocka_unit_test(test_unread),
		cmocka_unit_test(test_empty_text), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_hostile),    cmocka_unit_test(test_longest),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, make_table, free_table);
}
