/* SPDX-License-Identifier: MIT */
/* Paths of opened files: put together from what the kernel's program sends, and taken apart. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path_join.h"

/* ---- texts ---- */

struct sent {
	struct open_text text;
	char bytes[OPEN_TEXT_MAX + 16];
	size_t size;
};

/* A path as it was given, without its NUL when it is cut. */
static struct sent sent(const char *path, unsigned marks)
{
	struct sent s = { .text.marks = (uint16_t)marks };

	s.text.path_size = (uint16_t)(strlen(path) + !(marks & OPEN_PATH_CUT));
	memcpy(s.bytes, path, s.text.path_size);
	s.size = s.text.path_size;
	return s;
}

/* Names of a directory, innermost first, from "bin,usr". */
static struct sent sent_in(const char *path, const char *names, unsigned marks)
{
	struct sent s = sent(path, marks | OPEN_HAS_DIR);

	for (const char *at = names; *at; at++)
		s.bytes[s.size++] = *at == ',' ? '\0' : *at;
	s.size += *names != '\0';
	s.text.dir_size = (uint16_t)(s.size - s.text.path_size);
	return s;
}

/* From and into memory that ends where the bytes do, so that one too many is caught. */
static int join(const struct sent *s, size_t room, size_t size, char **out, bool *truncated)
{
	char *copy = malloc(room ? room : 1);
	int r;

	*out = malloc(size ? size : 1);
	assert_true(copy && *out);
	memcpy(copy, s->bytes, room);
	r = open_path_join(&s->text, copy, room, *out, size, truncated);
	free(copy);
	return r;
}

static void check(struct sent s, const char *want, bool want_truncated)
{
	bool truncated = !want_truncated;
	char *out;
	int r = join(&s, s.size, OPEN_PATH_JOINED_MAX, &out, &truncated);

	assert_int_equal(r, strlen(want));
	assert_string_equal(out, want);
	assert_int_equal(truncated, want_truncated);
	free(out);
	/* What comes behind is somebody else's. */
	memset(s.bytes + s.size, 'Z', 7);
	assert_int_equal(join(&s, s.size + 7, OPEN_PATH_JOINED_MAX, &out, &truncated), r);
	assert_string_equal(out, want);
	free(out);
}

static void check_refused(struct sent s, int want)
{
	bool truncated;
	char *out;

	assert_int_equal(join(&s, s.size, OPEN_PATH_JOINED_MAX, &out, &truncated), want);
	free(out);
}

/* ---- put together ---- */

static void test_given(void **state)
{
	(void)state;
	check(sent("/etc/passwd", 0), "/etc/passwd", false);
	check(sent("a/b", 0), "a/b", false);
	check(sent("", 0), "", false);
	check(sent("/long", OPEN_PATH_CUT), "/long", true);
	check(sent("lon", OPEN_PATH_CUT), "lon", true);
	check(sent("a\n\xff\x01 \"", 0), "a\n\xff\x01 \"", false);
}

static void test_absolute(void **state)
{
	(void)state;
	check(sent_in("/etc/passwd", "bin,usr", 0), "/etc/passwd", false);
	check(sent_in("/", "bin,usr", 0), "/", false);
	check(sent_in("/etc", "bin", OPEN_DIR_CUT), "/etc", false);
	check(sent_in("/et", "bin", OPEN_DIR_CUT | OPEN_PATH_CUT), "/et", true);
}

static void test_relative(void **state)
{
	(void)state;
	check(sent_in("ls", "bin,usr", 0), "/usr/bin/ls", false);
	check(sent_in("ls", "", 0), "/ls", false);
	check(sent_in("../x/./y/", "c,b,a", 0), "/a/b/c/../x/./y/", false);
	check(sent_in("x", "\xff\n,a b", 0), "/a b/\xff\n/x", false);
	check(sent_in("lon", "usr", OPEN_PATH_CUT), "/usr/lon", true);
}

/* The names are those of the file itself; what was given does not matter. */
static void test_resolved(void **state)
{
	(void)state;
	check(sent_in("x", "ls,bin,usr", OPEN_RESOLVED), "/usr/bin/ls", false);
	check(sent_in("/x/y", "ls,bin", OPEN_RESOLVED), "/bin/ls", false);
	check(sent_in("/", "", OPEN_RESOLVED), "/", false);
	check(sent_in("/x", "memfd:a", OPEN_RESOLVED | OPEN_DIR_CUT), ".../memfd:a", true);
	check(sent_in("/proc/self/fd/0", "", OPEN_RESOLVED | OPEN_DIR_CUT), "/proc/self/fd/0",
	      true);
}

/* A path that can have been rewritten is shown if it ends as the file's own does. */
static void test_unsure(void **state)
{
	unsigned marks = OPEN_RESOLVED | OPEN_UNSURE;

	(void)state;
	check(sent_in("bin/ls", "ls,bin,usr", marks), "bin/ls", false);
	check(sent_in("/usr/bin/ls", "ls,bin,usr", marks), "/usr/bin/ls", false);
	check(sent_in("/bin/ls", "ls,bin,usr", marks), "/usr/bin/ls", false);
	check(sent_in("s", "ls,bin,usr", marks), "/usr/bin/ls", false);
	check(sent_in("", "ls,bin", marks), "/bin/ls", false);
}

/* An absolute path starts from the directory, too. */
static void test_in_root(void **state)
{
	(void)state;
	check(sent_in("//etc/x", "b,a", OPEN_IN_ROOT), "/a/b/etc/x", false);
	check(sent("/etc/x", OPEN_IN_ROOT), "/etc/x", false);
}

static void test_cut_dir(void **state)
{
	(void)state;
	check(sent_in("ls", "bin,usr", OPEN_DIR_CUT), ".../usr/bin/ls", true);
	check(sent_in("ls", "", OPEN_DIR_CUT), ".../ls", true);
	check(sent_in("", "bin,usr", OPEN_DIR_CUT), ".../usr/bin", true);
	check(sent_in("", "", OPEN_DIR_CUT), ".../", true);
	check(sent_in("lon", "bin", OPEN_DIR_CUT | OPEN_PATH_CUT), ".../bin/lon", true);
}

static void test_directory(void **state)
{
	(void)state;
	check(sent_in("", "bin,usr", 0), "/usr/bin", false);
	check(sent_in("", "x", 0), "/x", false);
	check(sent_in("", "", 0), "/", false);
}

/* What a pipe or a memfd is called: no name of a directory, but it can be sent as one. */
static void test_nameless(void **state)
{
	(void)state;
	check(sent_in("x", ",a", 0), "/a/x", false);
	check(sent_in("x", ",", 0), "/x", false);
	check(sent_in("", ",,b,,a,,", 0), "/a/b", false);
}

static void test_not_known(void **state)
{
	struct sent s = sent("", 0);

	(void)state;
	s.text.path_size = 0;
	s.size = 0;
	check_refused(s, -ENODATA);
	s = sent_in("", "usr", 0);
	memmove(s.bytes, s.bytes + 1, 4);
	s.text.path_size = 0;
	s.size = 4;
	check_refused(s, -ENODATA);
}

/* Nothing is known of it, which is no lie. With a path it would be none either. */
static void test_no_args(void **state)
{
	struct sent s = sent("", OPEN_NO_ARGS);

	(void)state;
	s.text.path_size = 0;
	s.size = 0;
	check_refused(s, -ENODATA);
	check(sent("/etc", OPEN_NO_ARGS), "/etc", false);
	check(sent_in("/et", "bin", OPEN_NO_ARGS | OPEN_DIR_CUT | OPEN_PATH_CUT), "/et", true);
}

/* As long as can be, and in a buffer that holds just that. */
static void test_longest(void **state)
{
	struct sent s = { .text = { OPEN_PATH_MAX, OPEN_DIR_MAX,
				    OPEN_HAS_DIR | OPEN_DIR_CUT | OPEN_PATH_CUT, 0 } };
	bool truncated;
	char *out;

	(void)state;
	s.size = OPEN_TEXT_MAX;
	memset(s.bytes, 'p', OPEN_TEXT_MAX);
	for (size_t i = 0; i < OPEN_DIR_MAX; i += 32)
		s.bytes[OPEN_PATH_MAX + i + 31] = '\0';
	assert_int_equal(join(&s, s.size, OPEN_PATH_JOINED_MAX, &out, &truncated),
			 OPEN_TEXT_MAX + 4);
	assert_int_equal(strlen(out), OPEN_TEXT_MAX + 4);
	assert_memory_equal(out, ".../pppp", 8);
	assert_true(out[4 + 31] == '/' && out[4 + OPEN_DIR_MAX - 1] == '/' && truncated);
	free(out);
	s.bytes[OPEN_PATH_MAX - 1] = '\0';
	s.text.marks = OPEN_HAS_DIR;
	assert_int_equal(join(&s, s.size, OPEN_PATH_JOINED_MAX, &out, &truncated), OPEN_TEXT_MAX);
	free(out);
}

static void check_room(struct sent s, size_t needed)
{
	for (size_t size = 0; size < needed + 4; size++) {
		bool truncated;
		char *out;
		int r = join(&s, s.size, size, &out, &truncated);

		if (size < needed)
			assert_int_equal(r, -ENOSPC);
		else
			assert_true(r >= 0);
		free(out);
	}
}

static void test_little_room(void **state)
{
	(void)state;
	check_room(sent("/etc", 0), sizeof("/etc"));
	check_room(sent("", 0), sizeof(""));
	check_room(sent_in("ls", "bin,usr", 0), sizeof("/usr/bin/ls"));
	check_room(sent_in("ls", "bin", OPEN_DIR_CUT), sizeof(".../bin/ls"));
	check_room(sent_in("", "bin", 0), sizeof("/bin/"));
	check_room(sent_in("", "", 0), sizeof("/"));
}

/* ---- what does not fit ---- */

static void test_sizes(void **state)
{
	struct sent s = sent_in("ls", "bin,usr", 0);
	bool truncated;
	char *out;

	(void)state;
	for (size_t room = 0; room < s.size; room++) {
		assert_int_equal(join(&s, room, OPEN_PATH_JOINED_MAX, &out, &truncated), -EINVAL);
		free(out);
	}
	s.text.path_size = OPEN_PATH_MAX + 1;
	s.size = sizeof(s.bytes);
	check_refused(s, -EINVAL);
	s.text.path_size = UINT16_MAX;
	s.text.dir_size = UINT16_MAX;
	check_refused(s, -EINVAL);
	s = sent_in("ls", "bin", 0);
	s.text.dir_size = OPEN_DIR_MAX + 1;
	s.size = sizeof(s.bytes);
	check_refused(s, -EINVAL);
}

static void test_ends(void **state)
{
	struct sent s = sent("etc", 0);

	(void)state;
	s.bytes[3] = 'x'; /* no NUL, and not cut */
	check_refused(s, -EINVAL);
	s = sent("etc", 0);
	s.bytes[1] = '\0';
	check_refused(s, -EINVAL);
	s = sent("etc", OPEN_PATH_CUT);
	s.bytes[1] = '\0';
	check_refused(s, -EINVAL);
	s.bytes[1] = 't';
	s.bytes[2] = '\0';
	check(s, "et", true);
	s = sent_in("ls", "bin,usr", 0);
	s.bytes[s.size - 1] = 'x';
	check_refused(s, -EINVAL);
}

static void test_marks(void **state)
{
	struct sent s = sent_in("ls", "bin", 0);

	(void)state;
	s.text.marks = 0;
	check_refused(s, -EINVAL);
	s = sent("ls", OPEN_DIR_CUT);
	check_refused(s, -EINVAL);
	s = sent("ls", OPEN_UNSURE << 1);
	check_refused(s, -EINVAL);
	s = sent("ls", OPEN_NO_ARGS | 1u << 15);
	check_refused(s, -EINVAL);
}

/* Any bytes: refused, or a path of the length that was returned. */
static void test_random(void **state)
{
	uint32_t seed = 11;
	size_t taken = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct sent s = { .size = 0 };
		bool truncated = false;
		char *out;
		int r;

		s.text.path_size = (uint16_t)(random_next(&seed) % 6);
		s.text.dir_size = (uint16_t)(random_next(&seed) % 8);
		s.text.marks = (uint16_t)(random_next(&seed) % 17);
		s.size = random_next(&seed) % 14;
		for (size_t i = 0; i < s.size; i++)
			s.bytes[i] = "\0\0a/"[random_next(&seed) % 4];
		r = join(&s, s.size, 20, &out, &truncated);
		assert_true(r >= 0 || r == -EINVAL || r == -ENODATA);
		if (r >= 0) {
			assert_int_equal(strlen(out), r);
			assert_true(open_path_dir(out, (size_t)r) <= (size_t)r);
			taken++;
		}
		free(out);
	}
	assert_true(taken > 500);
}

/* ---- taken apart ---- */

static void check_dir(const char *path, const char *want)
{
	size_t len = strlen(path);
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, path, len);
	assert_int_equal(open_path_dir(copy, len), strlen(want));
	assert_memory_equal(copy, want, strlen(want));
	free(copy);
}

static void test_dir(void **state)
{
	(void)state;
	check_dir("/usr/bin", "/usr");
	check_dir("/x", "/");
	check_dir("x", "");
	check_dir("", "");
	check_dir("/", "/");
	check_dir("//", "/");
	check_dir("//x", "/");
	check_dir("/x/", "/");
	check_dir("/x//", "/");
	check_dir("x/", "");
	check_dir("a/b", "a");
	check_dir("a/b/", "a");
	check_dir("a//b//", "a");
	check_dir("./x", ".");
	check_dir("../../x", "../..");
	check_dir(".../x", "...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given),    cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_relative), cmocka_unit_test(test_cut_dir),
		cmocka_unit_test(test_resolved), cmocka_unit_test(test_unsure),
		cmocka_unit_test(test_in_root),  cmocka_unit_test(test_directory),
		cmocka_unit_test(test_nameless), cmocka_unit_test(test_not_known),
		cmocka_unit_test(test_longest),  cmocka_unit_test(test_little_room),
		cmocka_unit_test(test_sizes),    cmocka_unit_test(test_ends),
		cmocka_unit_test(test_marks),    cmocka_unit_test(test_no_args),
		cmocka_unit_test(test_random),   cmocka_unit_test(test_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
