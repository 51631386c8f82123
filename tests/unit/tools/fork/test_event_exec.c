/* SPDX-License-Identifier: MIT */
/* Execs: the bytes of a record to JSON and to a line. */
#define _GNU_SOURCE
#include "fork_lines.h"

#include <errno.h>
#include <jansson.h>

static void check_exec(const char *path, const char *args, size_t args_read, size_t args_size,
		       const char *json, const char *line)
{
	_Alignas(8) char record[1024];
	char want[1024];
	size_t len, size = exec_record(record, path, args, args_read, args_size);

	snprintf(want, sizeof(want), HEAD_JSON("exec") "%s", json);
	check_text(REPORT_JSON, record, size, FORK_EXEC, want);
	snprintf(want, sizeof(want), HEAD_LINE("exec  ") "%s", line);
	/* No blanks at the end of a line. */
	for (len = strlen(want); want[len - 1] == ' '; len--)
		;
	memcpy(want + len, "\n", 2);
	check_text(REPORT_TABLE, record, size, FORK_EXEC, want);
}

/* Arguments are quoted as a shell would, and what was cut off is marked. */
static void test_exec(void **state)
{
	(void)state;
	check_exec("/bin/ls", "ls\0-l\0a b\0", 10, 10,
		   "\"filename\":\"/bin/ls\",\"argv\":[\"ls\",\"-l\",\"a b\"],\"truncated\":false,"
		   "\"ret\":0,\"old_comm\":\"sh\"}\n",
		   "ls -l 'a b'");
	/* Empty arguments are arguments. */
	check_exec(
		"x", "\0\0a\0\0", 5, 5,
		"\"filename\":\"x\",\"argv\":[\"\",\"\",\"a\",\"\"],\"truncated\":false,\"ret\":0,"
		"\"old_comm\":\"sh\"}\n",
		"'' '' a ''");
	check_exec("x", "", 0, 0,
		   "\"filename\":\"x\",\"argv\":[],\"truncated\":false,\"ret\":0,\"old_comm\":"
		   "\"sh\"}\n",
		   "");
	/* Cut in the middle of an argument, and between two. */
	check_exec(
		"x", "cat\0/etc/pass", 13, 5000,
		"\"filename\":\"x\",\"argv\":[\"cat\",\"/etc/pass\"],\"truncated\":true,\"ret\":0,"
		"\"old_comm\":\"sh\"}\n",
		"cat /etc/pass...");
	check_exec("x", "cat\0", 4, 5,
		   "\"filename\":\"x\",\"argv\":[\"cat\"],\"truncated\":true,\"ret\":0,\"old_"
		   "comm\":\"sh\"}\n",
		   "cat...");
	check_exec("x", "", 0, 9,
		   "\"filename\":\"x\",\"argv\":[],\"truncated\":true,\"ret\":0,\"old_comm\":"
		   "\"sh\"}\n",
		   "...");
	check_exec("/tmp/\xff\n", "a\033[2J\0\xc3\xa9\0", 9, 9,
		   "\"filename\":\"/tmp/\\\\xff\\n\","
		   "\"filename_bytes\":\"2f746d702fff0a\",\"argv\":[\"a\\u001B[2J\",\"\xc3\xa9\"],"
		   "\"truncated\":false,\"ret\":0,\"old_comm\":\"sh\"}\n",
		   "$'a\\e[2J' $'\xc3\xa9'");
}

/* The stream's records are padded: what is behind the record's own sizes does not count. */
static void test_padding(void **state)
{
	_Alignas(8) char record[1024];
	struct fork_birth b[2] = { birth(FORK_FORK, 0), birth(FORK_FORK, ~0ULL) };
	size_t size = exec_record(record, "x", "a\0b\0", 4, 4);

	(void)state;
	memset(record + size, 'Z', 8);
	for (size_t more = 0; more < 8; more++) {
		check_text(REPORT_TABLE, record, size + more, FORK_EXEC,
			   HEAD_LINE("exec  ") "a b\n");
		check_text(REPORT_TABLE, b, sizeof(b[0]) + more, FORK_FORK,
			   HEAD_LINE("fork  ") "by tmux\n");
	}
}

/* An exec whose earlier name is not known has none. */
static void test_no_old_name(void **state)
{
	_Alignas(8) char record[1024];
	size_t size = exec_record(record, "x", "a\0", 2, 2);

	(void)state;
	memset(record + offsetof(struct fork_exec, old_comm), 0, FORK_COMM);
	check_text(
		REPORT_JSON, record, size, FORK_EXEC,
		HEAD_JSON(
			"exec") "\"filename\":\"x\",\"argv\":[\"a\"],\"truncated\":false,\"ret\":0,"
				"\"old_comm\":null}\n");
}

/* A failed exec says what was executed and why it failed. */
static void test_failed_exec(void **state)
{
	_Alignas(8) char record[1024];
	struct fork_exec *exec = (struct fork_exec *)record;
	size_t size = exec_record(record, "/bin/no", "no\0", 3, 4);

	(void)state;
	assert_false(fork_event_failed(record));
	exec->ret = -ENOENT;
	assert_true(fork_event_failed(record));
	check_text(REPORT_JSON, record, size, FORK_EXEC,
		   HEAD_JSON("exec") "\"filename\":\"/bin/"
				     "no\",\"argv\":[\"no\"],\"truncated\":true,\"ret\":-2,"
				     "\"old_comm\":\"sh\"}\n");
	check_text(REPORT_TABLE, record, size, FORK_EXEC,
		   HEAD_LINE("exec  ") "/bin/no...: ENOENT\n");
	/* Without arguments, too. */
	size = exec_record(record, "/bin/no", "", 0, 0);
	exec->ret = -ENOENT;
	check_text(REPORT_TABLE, record, size, FORK_EXEC, HEAD_LINE("exec  ") "/bin/no: ENOENT\n");
	exec->head.type = FORK_EXIT;
	assert_false(fork_event_failed(record));
}

/* As long as the program sends them: every argument there, and every byte. */
static void test_long_exec(void **state)
{
	enum { ARGS = 8192, PATH = FORK_PATH - 1 };
	char *record = calloc(1, sizeof(struct fork_exec) + FORK_PATH + ARGS), *args = malloc(ARGS);
	char path[FORK_PATH];
	enum fork_type type;
	json_t *json;
	size_t size;
	struct sink s;

	(void)state;
	assert_true(record && args);
	memset(path, '/', PATH);
	path[PATH] = '\0';
	for (size_t i = 0; i < ARGS; i++)
		args[i] = i % 2 ? '\0' : '\x01';
	size = exec_record(record, path, args, ARGS, ARGS);
	sink_open(&s, REPORT_JSON);
	assert_int_equal(report(&s, record, size, &type), 0);
	json = json_loads(sink_text(&s), 0, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "argv")), ARGS / 2);
	assert_int_equal(json_string_length(json_object_get(json, "filename")), PATH);
	json_decref(json);
	sink_close(&s);
	free(args);
	free(record);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exec),        cmocka_unit_test(test_padding),
		cmocka_unit_test(test_no_old_name), cmocka_unit_test(test_failed_exec),
		cmocka_unit_test(test_long_exec),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
