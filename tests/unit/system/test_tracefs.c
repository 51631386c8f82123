/* SPDX-License-Identifier: MIT */
/* Format files of tracepoints as several kernels write them: where a field lies. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tracefs.h"

/* Linux 5.10 to 6.13 */
static const char fork_fixed[] =
	"name: sched_process_fork\n"
	"ID: 315\n"
	"format:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
	"\n"
	"\tfield:char parent_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
	"\tfield:pid_t parent_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
	"\tfield:char child_comm[16];\toffset:28;\tsize:16;\tsigned:0;\n"
	"\tfield:pid_t child_pid;\toffset:44;\tsize:4;\tsigned:1;\n"
	"\n"
	"print fmt: \"comm=%s pid=%d child_comm=%s child_pid=%d\", REC->parent_comm, "
	"REC->parent_pid, REC->child_comm, REC->child_pid\n";

/* later kernels */
static const char fork_located[] =
	"name: sched_process_fork\n"
	"ID: 322\n"
	"format:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
	"\n"
	"\tfield:__data_loc char[] parent_comm;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:pid_t parent_pid;\toffset:12;\tsize:4;\tsigned:1;\n"
	"\tfield:__data_loc char[] child_comm;\toffset:16;\tsize:4;\tsigned:0;\n"
	"\tfield:pid_t child_pid;\toffset:20;\tsize:4;\tsigned:1;\n"
	"\n"
	"print fmt: \"comm=%s pid=%d child_comm=%s child_pid=%d\", __get_str(parent_comm), "
	"REC->parent_pid, __get_str(child_comm), REC->child_pid\n";

static const char others[] =
	"name: made_up\n"
	"ID: 1\n"
	"format:\n"
	"\tfield:long id;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;\n"
	"\tfield:const char * filename;\toffset:64;\tsize:8;\tsigned:0;\n"
	"\tfield:const char *path;\toffset:72;\tsize:8;\tsigned:0;\n"
	"\tfield:struct timespec64 ts[2][3];\toffset:80;\tsize:96;\tsigned:0;\n"
	"\tfield:u64 name[TASK_COMM_LEN];\toffset:176;\tsize:16;\tsigned:0;\n"
	"\tfield special:u64 odd;\toffset:192;\tsize:8;\tsigned:0;\n"
	"\tfield:u64 broken;\tsize:8;\n"
	"\tfield:u64 unended\n"
	"print fmt: \"\"\n";

static int look_up(const char *format, const char *name, struct tracefs_field *field)
{
	FILE *file = fmemopen((void *)format, strlen(format), "r");
	int r;

	assert_non_null(file);
	memset(field, 0xff, sizeof(*field));
	r = tracefs_format_field(file, name, field);
	fclose(file);
	return r;
}

static void check(const char *format, const char *name, unsigned offset, unsigned size,
		  bool data_loc)
{
	struct tracefs_field field;

	assert_int_equal(look_up(format, name, &field), 0);
	assert_int_equal(field.offset, offset);
	assert_int_equal(field.size, size);
	assert_int_equal(field.data_loc, data_loc);
}

static void test_fork(void **state)
{
	(void)state;
	check(fork_fixed, "parent_comm", 8, 16, false);
	check(fork_fixed, "parent_pid", 24, 4, false);
	check(fork_fixed, "child_comm", 28, 16, false);
	check(fork_fixed, "child_pid", 44, 4, false);
	check(fork_fixed, "common_pid", 4, 4, false);
	check(fork_located, "parent_comm", 8, 4, true);
	check(fork_located, "parent_pid", 12, 4, false);
	check(fork_located, "child_comm", 16, 4, true);
	check(fork_located, "child_pid", 20, 4, false);
}

static void test_declarations(void **state)
{
	(void)state;
	check(others, "id", 8, 8, false);
	check(others, "args", 16, 48, false);
	check(others, "filename", 64, 8, false);
	check(others, "path", 72, 8, false);
	check(others, "name", 176, 16, false);
}

static void test_missing(void **state)
{
	static const char *const names[] = {
		"comm", "pid",   "parent", "child_comm[16]", "char", "16",
		"",     "field", "REC",    "nosuch",
	};
	struct tracefs_field field;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(look_up(fork_fixed, names[i], &field), -ENOENT);
		assert_int_equal(look_up(fork_located, names[i], &field), -ENOENT);
	}
	assert_int_equal(look_up("\n", "comm", &field), -ENOENT);
}

static void test_broken(void **state)
{
	struct tracefs_field field;

	(void)state;
	assert_int_equal(look_up(others, "broken", &field), -EINVAL);
	assert_int_equal(look_up(others, "unended", &field), -ENOENT);
	assert_int_equal(look_up("\tfield:int x;\toffset:-;\tsize:4;\n", "x", &field), -EINVAL);
	/* A bracket that nothing opens, so there is no name in front of it. */
	assert_int_equal(look_up("\tfield:int x];\toffset:0;\tsize:4;\n", "x", &field), -ENOENT);
	assert_int_equal(look_up("\tfield:];\toffset:0;\tsize:4;\n", "", &field), -ENOENT);
}

/* A line that is longer than the buffer does not hide the next one. */
static void test_long_line(void **state)
{
	char format[4096];
	int len = snprintf(format, sizeof(format), "\tfield:int ");

	(void)state;
	memset(format + len, 'y', 2000);
	snprintf(format + len + 2000, sizeof(format) - (size_t)len - 2000,
		 ";\toffset:8;\tsize:4;\n\tfield:int x;\toffset:12;\tsize:4;\n");
	check(format, "x", 12, 4, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork),      cmocka_unit_test(test_declarations),
		cmocka_unit_test(test_missing),   cmocka_unit_test(test_broken),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
