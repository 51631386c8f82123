/* SPDX-License-Identifier: MIT */
/*
 * Arguments of system calls from the format files of several kernels: names, kinds, and how many
 * bytes of a register are the value.
 */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "syscall_args.h"
#include "syscall_names.h"

#define COMMON                                                                                     \
	"format:\n"                                                                                \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                     \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"                     \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"             \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"                                 \
	"\n"                                                                                       \
	"\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"

#define FIELD(declaration) "\tfield:" declaration ";\toffset:16;\tsize:8;\tsigned:0;\n"

#define PRINT "\nprint fmt: \"dfd: 0x%08lx\", ((unsigned long)(REC->dfd))\n"

static void parse(const char *format, struct syscall_args *args)
{
	assert_int_equal(syscall_args_parse(format, args), 0);
}

static void check_arg(const struct syscall_args *args, size_t i, const char *name,
		      enum syscall_arg_kind kind, unsigned bytes)
{
	assert_true(i < args->count);
	assert_string_equal(args->args[i].name, name);
	assert_int_equal(args->args[i].kind, kind);
	assert_int_equal(args->args[i].bytes, bytes);
}

static void check_openat(const char *format)
{
	struct syscall_args args;

	parse(format, &args);
	assert_int_equal(args.count, 4);
	assert_false(args.wide);
	check_arg(&args, 0, "dfd", ARG_DESCRIPTOR, 4);
	check_arg(&args, 1, "filename", ARG_TEXT, 8);
	check_arg(&args, 2, "flags", ARG_HEX, 4);
	check_arg(&args, 3, "mode", ARG_OCTAL, 2);
}

/* The exact text of Linux 6.18; the text of 5.x differs in the ID only. */
static void test_openat(void **state)
{
	static const char text[] =
		"name: sys_enter_openat\n"
		"ID: 617\n"
		"format:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
		"\n"
		"\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
		"\tfield:int dfd;\toffset:16;\tsize:8;\tsigned:0;\n"
		"\tfield:const char * filename;\toffset:24;\tsize:8;\tsigned:0;\n"
		"\tfield:int flags;\toffset:32;\tsize:8;\tsigned:0;\n"
		"\tfield:umode_t mode;\toffset:40;\tsize:8;\tsigned:0;\n"
		"\n"
		"print fmt: \"dfd: 0x%08lx, filename: 0x%08lx, flags: 0x%08lx, mode: 0x%08lx\", "
		"((unsigned "
		"long)(REC->dfd)), ((unsigned long)(REC->filename)), ((unsigned "
		"long)(REC->flags)), "
		"((unsigned long)(REC->mode))\n";

	(void)state;
	check_openat(text);
	/* Cut behind the fields, as the text of a long file is. */
	check_openat("name: sys_enter_openat\n" COMMON FIELD("int dfd") FIELD(
		"const char * filename") FIELD("int flags") FIELD("umode_t mode"));
}

/* Linux 7 adds the strings that text arguments point to; clang leaves attributes in a type. */
static void test_newer(void **state)
{
	(void)state;
	check_openat("name: sys_enter_openat\n" COMMON FIELD("int dfd")
			     FIELD("const char * filename") FIELD("int flags") FIELD("umode_t mode")
				     FIELD("__data_loc char[] __filename_val") PRINT);
	check_openat("name: sys_enter_openat\n" COMMON FIELD("int dfd")
			     FIELD("const char __attribute__((btf_type_tag(\"user\"))) * filename")
				     FIELD("int flags") FIELD("umode_t mode") PRINT);
	check_openat("name: sys_enter_openat\n" COMMON FIELD("int dfd")
			     FIELD("const  char __attribute__((btf_type_tag(\"user\"))) *filename")
				     FIELD("const int flags") FIELD("umode_t mode") PRINT);
}

static void test_none(void **state)
{
	struct syscall_args args;

	(void)state;
	parse("name: sys_enter_getpid\n" COMMON "\nprint fmt: \"\"\n", &args);
	assert_int_equal(args.count, 0);
}

/* Calls with one argument: kinds that do not depend on another argument. */
static void test_kinds(void **state)
{
	static const struct {
		const char *declaration;
		enum syscall_arg_kind kind;
		unsigned bytes;
	} cases[] = {
		{ "const char * pathname", ARG_TEXT, 8 },
		{ "const char * _fs_name", ARG_TEXT, 8 },
		{ "char * filename", ARG_TEXT, 8 },
		{ "char * dev_name", ARG_TEXT, 8 },
		{ "char * buf", ARG_POINTER, 8 },
		{ "char * optval", ARG_POINTER, 8 },
		{ "const char *const * argv", ARG_POINTER, 8 },
		{ "struct robust_list_head * * head_ptr", ARG_POINTER, 8 },
		{ "int * fildes", ARG_POINTER, 8 },
		{ "unsigned int * flags", ARG_POINTER, 8 },
		{ "const sigset_t * sigmask", ARG_POINTER, 8 },
		{ "struct new_utsname * name", ARG_POINTER, 8 },
		{ "cap_user_header_t header", ARG_POINTER, 8 },
		{ "const cap_user_data_t data", ARG_POINTER, 8 },
		{ "int fd", ARG_DESCRIPTOR, 4 },
		{ "unsigned int fd", ARG_DESCRIPTOR, 4 },
		{ "unsigned long fd", ARG_DESCRIPTOR, 4 },
		{ "int olddfd", ARG_DESCRIPTOR, 4 },
		{ "int pidfd", ARG_DESCRIPTOR, 4 },
		{ "const int ruleset_fd", ARG_DESCRIPTOR, 4 },
		{ "unsigned int fildes", ARG_DESCRIPTOR, 4 },
		{ "mqd_t mqdes", ARG_DESCRIPTOR, 4 },
		{ "unsigned int max_fd", ARG_UNSIGNED, 4 },
		{ "unsigned int nfds", ARG_UNSIGNED, 4 },
		{ "unsigned flags", ARG_HEX, 4 },
		{ "rwf_t flags", ARG_HEX, 4 },
		{ "int flag", ARG_HEX, 4 },
		{ "int msgflg", ARG_HEX, 4 },
		{ "int oflag", ARG_HEX, 4 },
		{ "unsigned long clone_flags", ARG_HEX, 8 },
		{ "unsigned long prot", ARG_HEX, 8 },
		{ "u32 mask", ARG_HEX, 4 },
		{ "unsigned int cmd", ARG_HEX, 4 },
		{ "int cmd", ARG_SIGNED, 4 },
		{ "int protocol", ARG_SIGNED, 4 },
		{ "size_t sizemask", ARG_UNSIGNED, 8 },
		{ "umode_t mode", ARG_OCTAL, 2 },
		{ "int mode", ARG_OCTAL, 4 },
		{ "int mask", ARG_OCTAL, 4 },
		{ "unsigned long addr", ARG_HEX, 8 },
		{ "unsigned long brk", ARG_HEX, 8 },
		{ "unsigned long arg2", ARG_HEX, 8 },
		{ "unsigned long len", ARG_UNSIGNED, 8 },
		{ "aio_context_t ctx_id", ARG_HEX, 8 },
		{ "size_t count", ARG_UNSIGNED, 8 },
		{ "uid_t user", ARG_UNSIGNED, 4 },
		{ "pid_t pid", ARG_SIGNED, 4 },
		{ "long request", ARG_SIGNED, 8 },
		{ "off_t offset", ARG_SIGNED, 8 },
		{ "const clockid_t which_clock", ARG_SIGNED, 4 },
		{ "const enum landlock_rule_type rule_type", ARG_SIGNED, 4 },
		{ "__s32 wd", ARG_SIGNED, 4 },
		{ "never_seen_t what", ARG_HEX, 8 },
	};
	struct syscall_args args;
	char format[256];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(format, sizeof(format), "\tfield:%s;\toffset:16;\tsize:8;\tsigned:0;\n",
			 cases[i].declaration);
		parse(format, &args);
		assert_int_equal(args.count, 1);
		if (args.args[0].kind != cases[i].kind || args.args[0].bytes != cases[i].bytes)
			fail_msg("%s: kind %d, %d bytes", cases[i].declaration,
				 (int)args.args[0].kind, args.args[0].bytes);
	}
}

/* Whether a char pointer is text can depend on the next argument. */
static void test_sized(void **state)
{
	struct syscall_args args;

	(void)state;
	parse(COMMON FIELD("unsigned int fd") FIELD("const char * buf") FIELD("size_t count") PRINT,
	      &args);
	check_arg(&args, 1, "buf", ARG_POINTER, 8);
	parse(COMMON FIELD("char * name") FIELD("int len") PRINT, &args);
	check_arg(&args, 0, "name", ARG_POINTER, 8);
	parse(COMMON FIELD("char * name") FIELD("int flags") PRINT, &args);
	check_arg(&args, 0, "name", ARG_TEXT, 8);
	parse(COMMON FIELD("mqd_t mqdes") FIELD("const char * u_msg_ptr") FIELD("size_t msg_len")
		      PRINT,
	      &args);
	check_arg(&args, 1, "u_msg_ptr", ARG_POINTER, 8);
	parse(COMMON FIELD("const char * path") FIELD("long length") PRINT, &args);
	check_arg(&args, 0, "path", ARG_TEXT, 8);
}

/* Arguments that a 32-bit call passes in two registers. */
static void test_wide(void **state)
{
	struct syscall_args args;

	(void)state;
	parse(COMMON FIELD("unsigned int fd") FIELD("char * buf") FIELD("size_t count")
		      FIELD("loff_t pos") PRINT,
	      &args);
	assert_true(args.wide);
	check_arg(&args, 3, "pos", ARG_SIGNED, 8);
	parse(COMMON FIELD("__u64 mask") PRINT, &args);
	assert_true(args.wide);
	parse(COMMON FIELD("loff_t * offset") FIELD("u64 * ids") PRINT, &args);
	assert_false(args.wide);
}

static void test_broken(void **state)
{
	static const char *const broken[] = {
		"",
		"name: x\n",
		"\tfield:\n",
		"\tfield:;\n",
		"\tfield:int;\toffset:16;\n",
		"\tfield:int dfd\n",
		"\tfield:int ;\toffset:16;\n",
		COMMON FIELD("int a") FIELD("int b") FIELD("int c") FIELD("int d") FIELD("int e")
			FIELD("int f") FIELD("int g"),
	};
	struct syscall_args args;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++)
		assert_int_equal(syscall_args_parse(broken[i], &args), -EINVAL);
}

/* A name and a type that are too long are cut, and what follows them is parsed. */
static void test_long(void **state)
{
	struct syscall_args args;
	char format[2048], name[201], type[201];

	(void)state;
	memset(name, 'n', 200);
	memset(type, 't', 200);
	name[200] = type[200] = '\0';
	snprintf(format, sizeof(format),
		 "\tfield:%s %s;\toffset:16;\n\tfield:int __attribute__((x fd;\toffset:24;\n", type,
		 name);
	parse(format, &args);
	assert_int_equal(args.count, 2);
	assert_int_equal(strlen(args.args[0].name), SYSCALL_ARG_NAME_MAX - 1);
	check_arg(&args, 1, "fd", ARG_DESCRIPTOR, 4);
}

/* Without tracefs no argument is known, which is no error. */
static void test_nothing(void **state)
{
	struct syscall_args_table *table = NULL;
	struct call_parts parts = { .part[0] = { .kind = PART_TEXT, .arg = 1 } };

	(void)state;
	assert_int_equal(syscall_args_new(&table, -1, NULL, NULL), 0);
	assert_non_null(table);
	for (size_t slot = 0; slot <= SYSCALL_SLOTS; slot++)
		assert_null(syscall_args_of(table, slot));
	syscall_args_parts(table, (size_t)syscall_number(ABI_NATIVE, "openat"), 32, false, &parts);
	assert_int_equal(parts.part[0].kind, PART_NONE);
	assert_int_equal(parts.part[0].arg, 0);
	syscall_args_free(table);
	syscall_args_free(NULL);
	assert_null(syscall_args_of(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openat),  cmocka_unit_test(test_newer),
		cmocka_unit_test(test_none),    cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_sized),   cmocka_unit_test(test_wide),
		cmocka_unit_test(test_broken),  cmocka_unit_test(test_long),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
