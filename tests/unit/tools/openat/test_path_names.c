/* SPDX-License-Identifier: MIT */
/* What path ids stand for, and for how long. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "made_up_texts.h"
#include "path_join.h"
#include "path_names.h"

/* ---- the room ---- */

static struct path_names *fresh(void)
{
	struct path_names *texts = NULL;

	assert_int_equal(path_names_new(&texts), 0);
	nshorts = nlongs = 0;
	broken = 0;
	return texts;
}

static void take(struct path_names *texts)
{
	struct error err = ERROR_INIT;

	assert_int_equal(path_names_read(texts, NULL, &err), 0);
}

static struct path_name path_of(const struct path_names *texts, uint64_t id)
{
	const uint64_t both[2] = { id, ~id };

	return path_names_path(texts, both);
}

static void use(struct path_names *texts, uint64_t id)
{
	const uint64_t both[2] = { id, ~id };

	path_names_used(texts, both);
}

static void check_text(struct path_name text, const char *want)
{
	if (!text.bytes || text.len != strlen(want) || memcmp(text.bytes, want, text.len) != 0)
		fail_msg("'%.*s' is not '%s'", (int)text.len, text.bytes ? text.bytes : "", want);
}

static void check(const struct path_names *texts, uint64_t id, const char *want)
{
	check_text(path_of(texts, id), want);
}

static void check_unknown(const struct path_names *texts, uint64_t id)
{
	struct path_name text = path_of(texts, id);

	assert_null(text.bytes);
	assert_int_equal(text.len, 0);
}

/* ---- texts ---- */

static void test_empty(void **state)
{
	struct path_names *texts = fresh();

	(void)state;
	check_unknown(texts, 1);
	use(texts, 1);
	path_names_age(texts);
	take(texts);
	check_unknown(texts, 1);
	path_names_free(texts);
	path_names_free(NULL);
}

static void test_texts(void **state)
{
	static char longest[OPEN_PATH_MAX + 1], whole[OPEN_PATH_MAX + 16];
	struct path_names *texts = fresh();

	(void)state;
	memset(longest, 'x', OPEN_PATH_MAX);
	put(1, "/etc/passwd", NULL, 0);
	put(2, "ls", "bin,usr", 0);
	put(3, "ls", "bin", OPEN_DIR_CUT);
	put(4, "/lo", NULL, OPEN_PATH_CUT);
	put(5, "", NULL, 0);
	put(6, longest, "usr", OPEN_PATH_CUT);
	take(texts);
	check(texts, 1, "/etc/passwd");
	check(texts, 2, "/usr/bin/ls");
	check(texts, 3, ".../bin/ls");
	check(texts, 4, "/lo...");
	check(texts, 5, "");
	snprintf(whole, sizeof(whole), "/usr/%s...", longest);
	check(texts, 6, whole);
	path_names_free(texts);
}

/* Both halves count; and what cannot be a path is none. */
static void test_other(void **state)
{
	struct path_names *texts = fresh();
	const uint64_t other[2] = { 1, 1 };

	(void)state;
	put(1, "/etc", NULL, 0);
	put(2, "/etc", NULL, 0);
	shorts[1].value.text.path_size = OPEN_TEXT_SHORT + 1;
	put(3, "/etc", NULL, 0);
	shorts[2].value.text.marks = 0x8000;
	take(texts);
	check(texts, 1, "/etc");
	check_unknown(texts, 2);
	check_unknown(texts, 3);
	assert_null(path_names_path(texts, other).bytes);
	path_names_free(texts);
}

/* More than there are buckets to begin with. */
static void test_many(void **state)
{
	struct path_names *texts = fresh();
	char path[32];

	(void)state;
	for (uint64_t id = 1; id <= TABLE_MAX - 1; id++) {
		snprintf(path, sizeof(path), "/%d", (int)id);
		put(id, path, NULL, 0);
	}
	take(texts);
	for (uint64_t id = 1; id <= TABLE_MAX - 1; id++) {
		snprintf(path, sizeof(path), "/%d", (int)id);
		check(texts, id, path);
	}
	path_names_free(texts);
}

static void test_broken(void **state)
{
	struct path_names *texts = fresh();
	struct error err = ERROR_INIT;

	(void)state;
	put(1, "/etc", NULL, 0);
	broken = -EIO;
	assert_int_equal(path_names_read(texts, NULL, &err), -EIO);
	check(texts, 1, "/etc");
	path_names_free(texts);
}

/* ---- for how long ---- */

/* A text that came with one reading is there for the rows of the next, and gone when that has none
 * for it. */
static void test_age(void **state)
{
	struct path_names *texts = fresh();

	(void)state;
	put(1, "/etc", NULL, 0);
	take(texts);
	path_names_age(texts);
	check(texts, 1, "/etc");
	take(texts);
	check(texts, 1, "/etc");
	path_names_age(texts);
	take(texts);
	path_names_age(texts);
	check_unknown(texts, 1);
	path_names_free(texts);
}

/* Rows are read first, and their texts then: those keep it, each time. */
static void test_used(void **state)
{
	struct path_names *texts = fresh();

	(void)state;
	put(1, "/etc", NULL, 0);
	put(2, "/usr", NULL, 0);
	take(texts);
	path_names_age(texts);
	for (int i = 0; i < 5; i++) {
		use(texts, 1);
		take(texts);
		check(texts, 1, "/etc");
		path_names_age(texts);
	}
	check_unknown(texts, 2);
	/* The program sends it again for another interval's row. */
	for (int i = 0; i < 5; i++) {
		put(1, "/etc", NULL, 0);
		take(texts);
		path_names_age(texts);
	}
	check(texts, 1, "/etc");
	path_names_free(texts);
}

/* ---- common ids ---- */

static uint64_t common_of(struct path_names *texts, uint64_t id, bool dir)
{
	const uint64_t both[2] = { id, ~id };
	uint64_t common[2] = { 77, 77 };

	assert_int_equal(path_names_common(texts, both, dir, common), 0);
	assert_int_equal(common[1], 0);
	return common[0];
}

static void check_named(const struct path_names *texts, uint64_t common, const char *want)
{
	const uint64_t both[2] = { common, 0 };

	check_text(path_names_named(texts, both), want);
}

static void test_common_path(void **state)
{
	struct path_names *texts = fresh();
	uint64_t ls, sh;

	(void)state;
	put(1, "/usr/bin/ls", NULL, 0);
	put(2, "ls", "bin,usr", 0);
	put(3, "bin/ls", "usr", 0);
	put(4, "/usr/bin/sh", NULL, 0);
	put(5, "/usr/bin/l", NULL, 0);
	take(texts);
	ls = common_of(texts, 1, false);
	sh = common_of(texts, 4, false);
	assert_true(ls && sh && ls != sh);
	assert_int_equal(common_of(texts, 2, false), ls);
	assert_int_equal(common_of(texts, 3, false), ls);
	assert_true(common_of(texts, 5, false) != ls);
	check_named(texts, ls, "/usr/bin/ls");
	check_named(texts, sh, "/usr/bin/sh");
	path_names_free(texts);
}

static void test_common_dir(void **state)
{
	struct path_names *texts = fresh();
	uint64_t bin;

	(void)state;
	put(1, "/usr/bin/ls", NULL, 0);
	put(2, "sh", "bin,usr", 0);
	put(3, "/x", NULL, 0);
	put(4, "x", NULL, 0);
	put(5, "y", NULL, 0);
	put(6, "", NULL, 0);
	take(texts);
	bin = common_of(texts, 1, true);
	assert_int_equal(common_of(texts, 2, true), bin);
	check_named(texts, bin, "/usr/bin");
	check_named(texts, common_of(texts, 3, true), "/");
	check_named(texts, common_of(texts, 4, true), ".");
	assert_int_equal(common_of(texts, 5, true), common_of(texts, 4, true));
	assert_int_equal(common_of(texts, 6, true), common_of(texts, 4, true));
	path_names_free(texts);
}

/* What is not known has no name, and no name is somebody else's. */
static void test_common_unknown(void **state)
{
	struct path_names *texts = fresh();
	const uint64_t zeros[2] = { 0, 0 }, beyond[2] = { 2, 0 };
	uint64_t common[2];

	(void)state;
	put(1, "/etc", NULL, 0);
	take(texts);
	assert_int_equal(common_of(texts, 9, false), 0);
	assert_int_equal(path_names_common(texts, zeros, true, common), 0);
	assert_true(!common[0] && !common[1]);
	assert_null(path_names_named(texts, zeros).bytes);
	assert_int_equal(common_of(texts, 1, false), 1);
	assert_null(path_names_named(texts, beyond).bytes);
	/* Common ids are gone with the interval. */
	path_names_age(texts);
	assert_null(path_names_named(texts, (const uint64_t[2]){ 1, 0 }).bytes);
	assert_int_equal(common_of(texts, 1, false), 1);
	path_names_free(texts);
}

static void test_common_many(void **state)
{
	struct path_names *texts = fresh();
	char path[32];

	(void)state;
	for (int id = 1; id < TABLE_MAX; id++) {
		snprintf(path, sizeof(path), "/%d/x", id % 2500);
		put((uint64_t)id, path, NULL, 0);
	}
	take(texts);
	for (int id = 1; id < TABLE_MAX; id++) {
		snprintf(path, sizeof(path), "/%d", id % 2500);
		check_named(texts, common_of(texts, (uint64_t)id, true), path);
	}
	assert_true(common_of(texts, 1, true) == common_of(texts, 2501, true));
	path_names_free(texts);
}

/* Long paths that somebody makes up do not fill the memory, and there is room again later. */
static void test_full(void **state)
{
	enum { LEN = 4000, MORE = PATH_NAMES_BYTES / LEN + 1000 };
	struct path_names *texts = fresh();
	char path[LEN + 1];

	(void)state;
	memset(path, 'a', LEN);
	path[LEN] = '\0';
	for (uint64_t id = 1; id <= MORE; id++) {
		put(id, path, NULL, 0);
		take(texts);
	}
	check(texts, 1, path);
	check(texts, PATH_NAMES_BYTES / (LEN + 100), path);
	check_unknown(texts, MORE);
	path_names_age(texts);
	put(MORE, path, NULL, 0);
	take(texts);
	check(texts, MORE, path);
	check_unknown(texts, 1);
	path_names_free(texts);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),       cmocka_unit_test(test_texts),
		cmocka_unit_test(test_other),       cmocka_unit_test(test_many),
		cmocka_unit_test(test_broken),      cmocka_unit_test(test_age),
		cmocka_unit_test(test_used),        cmocka_unit_test(test_common_path),
		cmocka_unit_test(test_common_dir),  cmocka_unit_test(test_common_unknown),
		cmocka_unit_test(test_common_many), cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
