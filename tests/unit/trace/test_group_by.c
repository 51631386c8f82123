/* SPDX-License-Identifier: MIT */
/* Keys of rows: from the words of --by to the program's struct, and from a key's bytes back to what
 * they mean. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "group_by.h"

enum {
	EVERY = (1 << BY_CALL) - 1, /* of bcc-syscalls */
	ALL = (1 << BY_WORDS) - 1,
	OF_OPENS = ALL & ~(1 << BY_SYSCALL), /* of bcc-openat */
};

static struct group_by parsed_of(const char *list, unsigned known)
{
	struct error err = ERROR_INIT;
	struct group_by by;

	if (group_by_parse(&by, list, known, &err) < 0)
		fail_msg("%s: %s", list, err.text);
	return by;
}

static struct group_by parsed(const char *list)
{
	return parsed_of(list, EVERY);
}

static void test_words(void **state)
{
	(void)state;
	assert_int_equal(parsed("syscall").words, 1 << BY_SYSCALL);
	assert_int_equal(parsed("process,syscall").words, 1 << BY_PROCESS | 1 << BY_SYSCALL);
	assert_int_equal(parsed("syscall,process,syscall").words,
			 1 << BY_PROCESS | 1 << BY_SYSCALL);
	assert_int_equal(parsed("syscall,process,thread,comm,user,cgroup,errno").words, EVERY);
	assert_int_equal(parsed_of("path", OF_OPENS).words, 1 << BY_PATH);
	assert_int_equal(parsed_of("dir,call,dir", OF_OPENS).words, 1 << BY_DIR | 1 << BY_CALL);
	assert_int_equal(
		parsed_of("call,path,dir,process,thread,comm,user,cgroup,errno", OF_OPENS).words,
		OF_OPENS);
}

static void refused(const char *list, unsigned known, const char *in_text)
{
	struct error err = ERROR_INIT;
	struct group_by by;

	assert_int_equal(group_by_parse(&by, list, known, &err), -EINVAL);
	if (!strstr(err.text, in_text))
		fail_msg("'%s' is not in '%s'", in_text, err.text);
}

static void test_no_words(void **state)
{
	(void)state;
	refused("", EVERY, "''");
	refused("pid", EVERY,
		"'pid' is not a key (there are: syscall, process, thread, comm, user, cgroup, "
		"errno)");
	refused("syscall,", EVERY, "''");
	refused(",syscall", EVERY, "''");
	refused("syscal", EVERY, "'syscal'");
	refused("syscalls", EVERY, "'syscalls'");
	refused("syscall,syscall process", EVERY, "'syscall process'");
	refused("pathname", OF_OPENS,
		"'pathname' is not a key (there are: process, thread, comm, user, cgroup, errno, "
		"call, path, dir)");
	refused("path,", OF_OPENS, "''");
	/* A tool may have fewer. */
	refused("syscall", OF_OPENS, "'syscall'");
	refused("call", EVERY, "'call'");
	refused("path", EVERY, "'path'");
	refused("errno", 1 << BY_PROCESS | 1 << BY_COMM,
		"'errno' is not a key (there are: process, comm)");
}

/* What the program's compiler makes of KEY_FIELDS, member by member. */
static size_t size_of_fields(const char *text)
{
	size_t size = 0, align = 1;

	while (*text) {
		size_t one = 0, count = 1;

		sscanf(text, "u%zu", &one);
		one /= 8;
		if (strncmp(text, "char", 4) == 0)
			one = 1;
		if (strchr(text, '[') && strchr(text, '[') < strchr(text, ';'))
			sscanf(strchr(text, '['), "[%zu]", &count);
		assert_true(one > 0);
		assert_int_equal(size % one, 0); /* no gap in front */
		size += one * count;
		align = one > align ? one : align;
		text = strchr(text, ';') + 1;
		text += *text == ' ';
	}
	assert_int_equal(size % align, 0); /* nor at the end */
	return size;
}

/* For every combination: a struct without gaps, of the size that is promised, in words of four
 * bytes. */
static void test_every_key(void **state)
{
	(void)state;
	for (unsigned words = 1; words <= ALL; words++) {
		const struct group_by by = { words };
		struct error err = ERROR_INIT;
		struct program_text *source = NULL;
		const char *text, *fields, *end;
		char copy[256];

		assert_int_equal(program_text_new_from(&source, "mine.bpf.c", "\n", &err), 0);
		group_by_define(&by, source);
		assert_int_equal(program_text_whole(source, &text, &err), 0);
		fields = strstr(text, "#define KEY_FIELDS ");
		assert_non_null(fields);
		fields += strlen("#define KEY_FIELDS ");
		end = strchr(fields, '\n');
		snprintf(copy, sizeof(copy), "%.*s", (int)(end - fields), fields);
		assert_int_equal(size_of_fields(copy), group_by_key_size(&by));
		assert_int_equal(group_by_key_size(&by) % 4, 0);
		assert_true(group_by_key_size(&by) <= BY_KEY_MAX);
		program_text_free(source);
	}
}

/* As struct row_key of programs/lib/rows.bpf.h has it for these words. */
static void test_decode(void **state)
{
	const struct {
		uint64_t start;
		uint32_t pid;
		uint16_t call, cpu;
	} key = { 1234567890123, 4711, 257, 3 };
	const struct group_by by = parsed("process,syscall");
	struct row_id id;

	(void)state;
	assert_int_equal(group_by_key_size(&by), sizeof(key));
	group_by_decode(&by, &key, &id);
	assert_int_equal(id.pid, 4711);
	assert_true(id.start_ns == 1234567890123 && id.thread_start_ns == 0);
	assert_int_equal(id.call, 257);
	assert_int_equal(id.tid | id.uid | id.error, 0);
	assert_int_equal(id.cgroup, 0);
	assert_int_equal(id.comm[0], 0);
}

static void test_decode_all(void **state)
{
	const struct {
		uint64_t cgroup, start, thread_start;
		uint32_t pid, tid, uid;
		uint16_t call, error;
		char comm[ROW_COMM];
		uint16_t cpu, zero[3];
	} key = { UINT64_MAX, 7, 8, 1, 2, 3, 4, 5, "sixteen bytes!!!", 6, { 0 } };
	const struct group_by by = { EVERY };
	struct row_id id;

	(void)state;
	assert_int_equal(group_by_key_size(&by), sizeof(key));
	group_by_decode(&by, &key, &id);
	assert_true(id.cgroup == UINT64_MAX && id.start_ns == 7 && id.thread_start_ns == 8);
	assert_int_equal(id.pid, 1);
	assert_int_equal(id.tid, 2);
	assert_int_equal(id.uid, 3);
	assert_int_equal(id.call, 4);
	assert_int_equal(id.error, 5);
	assert_memory_equal(id.comm, "sixteen bytes!!!", ROW_COMM);
}

/* A path is wide, and comes first: what is behind it needs no gap, but the key is filled up to its
 * alignment. */
static void test_path(void **state)
{
	const struct {
		uint64_t path[2];
		uint16_t cpu, zero[3];
	} path = { { 7, UINT64_MAX }, 3, { 0 } };
	const struct {
		uint64_t path[2], start;
		uint32_t pid;
		uint16_t error, cpu;
	} full = { { 8, 9 }, 10, 4711, 2, 63 };
	const struct group_by by_path = parsed_of("path", OF_OPENS),
			      by_full = parsed_of("errno,dir,process", OF_OPENS);
	struct row_id id;

	(void)state;
	assert_int_equal(group_by_key_size(&by_path), sizeof(path));
	group_by_decode(&by_path, &path, &id);
	assert_true(id.path[0] == 7 && id.path[1] == UINT64_MAX);
	assert_int_equal(id.pid | id.tid | id.uid | id.call | id.error, 0);
	assert_int_equal(group_by_key_size(&by_full), sizeof(full));
	group_by_decode(&by_full, &full, &id);
	assert_true(id.path[0] == 8 && id.path[1] == 9);
	assert_int_equal(id.pid, 4711);
	assert_int_equal(id.error, 2);
	assert_int_equal(id.call, 0);
}

/* Everything there is to tell opens apart by. */
static void test_path_and_all(void **state)
{
	const struct {
		uint64_t path[2], cgroup, start, thread_start;
		uint32_t pid, tid, uid;
		uint16_t call, error;
		char comm[ROW_COMM];
		uint16_t cpu, zero[3];
	} key = { { 1, 2 }, 3, 10, 11, 4, 5, 6, 3070, 8, "sixteen bytes!!!", 9, { 0 } };
	const struct group_by by = { OF_OPENS & ~(1 << BY_DIR) };
	struct row_id id;

	(void)state;
	assert_int_equal(group_by_key_size(&by), sizeof(key));
	assert_int_equal(sizeof(key), BY_KEY_MAX);
	group_by_decode(&by, &key, &id);
	assert_true(id.path[0] == 1 && id.path[1] == 2 && id.cgroup == 3);
	assert_true(id.pid == 4 && id.tid == 5 && id.uid == 6 && id.call == 3070 && id.error == 8);
	assert_memory_equal(id.comm, "sixteen bytes!!!", ROW_COMM);
}

static void check_define(const char *list, const char *want)
{
	const struct group_by by = parsed_of(list, OF_OPENS);
	struct error err = ERROR_INIT;
	struct program_text *source = NULL;
	const char *text;

	assert_int_equal(program_text_new_from(&source, "mine.bpf.c", "\n", &err), 0);
	group_by_define(&by, source);
	assert_int_equal(program_text_whole(source, &text, &err), 0);
	if (!strstr(text, want))
		fail_msg("no '%s' in %s", want, text);
	program_text_free(source);
}

/* The program is asked for the same, whatever the tool calls it. */
static void test_defines(void **state)
{
	(void)state;
	check_define("call", "#define KEY_FIELDS u16 call; u16 cpu; \n#define BY_SYSCALL 1\n");
	check_define("path",
		     "#define KEY_FIELDS u64 path[2]; u16 cpu; u16 zero[3];\n#define BY_PATH 1\n");
	check_define("dir",
		     "#define KEY_FIELDS u64 path[2]; u16 cpu; u16 zero[3];\n#define BY_PATH 1\n");
}

/* The same row whichever CPU counted it. */
static void test_cpu_is_no_part(void **state)
{
	uint16_t one[2] = { 17, 0 }, other[2] = { 17, 63 };
	const struct group_by by = parsed("syscall");
	struct row_id a, b;

	(void)state;
	group_by_decode(&by, one, &a);
	group_by_decode(&by, other, &b);
	assert_memory_equal(&a, &b, sizeof(a));
}

static void test_keep(void **state)
{
	struct row_id id = { .path = { 7, 8 },
			     .cgroup = 9,
			     .pid = 1,
			     .tid = 2,
			     .uid = 3,
			     .call = 4,
			     .error = 5,
			     .comm = "name" };
	const struct group_by by = parsed("user,comm");

	(void)state;
	group_by_keep(&by, &id);
	assert_int_equal(id.uid, 3);
	assert_string_equal(id.comm, "name");
	assert_int_equal(id.cgroup + id.pid + id.tid + id.call + id.error, 0);
	assert_true(!id.path[0] && !id.path[1]);
}

static void test_keep_path(void **state)
{
	const struct row_id whole = {
		.path = { 11, 12 }, .cgroup = 9, .pid = 1, .call = 4, .error = 5
	};
	struct row_id id = whole;
	const struct group_by by_path = parsed_of("path,errno", OF_OPENS),
			      by_dir = parsed_of("dir,call", OF_OPENS);

	(void)state;
	group_by_keep(&by_path, &id);
	assert_true(id.path[0] == 11 && id.path[1] == 12 && id.error == 5);
	assert_int_equal(id.cgroup + id.pid + id.call, 0);
	id = whole;
	group_by_keep(&by_dir, &id);
	assert_true(id.path[0] == 11 && id.path[1] == 12 && id.call == 4);
	assert_int_equal(id.cgroup + id.pid + id.error, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),        cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_every_key),    cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_all),   cmocka_unit_test(test_cpu_is_no_part),
		cmocka_unit_test(test_keep),         cmocka_unit_test(test_path),
		cmocka_unit_test(test_path_and_all), cmocka_unit_test(test_defines),
		cmocka_unit_test(test_keep_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
