/* SPDX-License-Identifier: MIT */
/* Records of system calls: the bytes of each to JSON and to a line, and bytes that are none. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "event_line.h"
#include "syscall_names.h"

#define WALL UINT64_C(1763816583000000000)

/* ---- names of arguments, from a directory like tracefs ---- */

static struct syscall_args_table *table;

static const char *const described[][7] = {
	{ "openat", "int dfd", "const char * filename", "int flags", "umode_t mode" },
	{ "write", "unsigned int fd", "const char * buf", "size_t count" },
	{ "mount", "char * dev_name", "char * dir_name", "char * type", "unsigned long flags",
	  "void * data" },
	{ "lseek", "unsigned int fd", "off_t offset", "unsigned int whence" },
	{ "mmap", "unsigned long addr", "unsigned long len", "unsigned long prot",
	  "unsigned long flags", "unsigned long fd", "unsigned long off" },
	{ "brk", "unsigned long brk" },
	{ "exit_group", "int error_code" },
	{ "getpid", NULL },
	{ "fchown", "unsigned int fd", "uid_t user", "gid_t group" },
	{ "pread64", "unsigned int fd", "char * buf", "size_t count", "loff_t pos" },
};

static void describe(const char *root, const char *const *call)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s", root, call[0]);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s/format", root, call[0]);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"name: sys_enter_%s\n\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n",
		call[0]);
	for (size_t i = 1; i < 7 && call[i]; i++)
		fprintf(file, "\tfield:%s;\toffset:%zu;\tsize:8;\tsigned:0;\n", call[i], 8 + 8 * i);
	fclose(file);
}

static void forget(const char *root, const char *call)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s/format", root, call);
	unlink(path);
	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s", root, call);
	rmdir(path);
}

static int make_table(void **state)
{
	char root[] = "/tmp/test_call_event.XXXXXX", path[256];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/events", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/events/syscalls", root);
	mkdir(path, 0700);
	for (size_t i = 0; i < COUNT(described); i++)
		describe(root, described[i]);
	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(syscall_args_new(&table, fd, NULL, NULL), 0);
	close(fd);
	for (size_t i = 0; i < COUNT(described); i++)
		forget(root, described[i][0]);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/events", root);
	rmdir(path);
	return rmdir(root);
}

static int free_table(void **state)
{
	(void)state;
	syscall_args_free(table);
	return 0;
}

/* ---- records ---- */

/* As long as any, and aligned. */
struct record {
	_Alignas(8) char bytes[sizeof(struct call_event) + CALL_TEXTS * CALL_TEXT_MAX + 64];
	size_t size;
};

static struct call_event *event(struct record *r)
{
	return (struct call_event *)r->bytes;
}

static uint16_t slot(enum syscall_abi abi, const char *name)
{
	int number = syscall_number(abi, name);

	assert_true(number >= 0);
	return (uint16_t)((int)abi * ABI_CALLS + number);
}

#define ARGS(...)                                                                                  \
	(const uint64_t[CALL_ARGS])                                                                \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

static struct record record(const char *name, int64_t ret, const uint64_t *args)
{
	struct record r = { .size = sizeof(struct call_event) };

	*event(&r) = (struct call_event){ .time_ns = 123456789,
					  .duration_ns = 12345,
					  .ret = ret,
					  .pid = 1234,
					  .tid = 1235,
					  .uid = 1000,
					  .call = slot(ABI_NATIVE, name),
					  .flags = CALL_HAS_ARGS,
					  .comm = "cat" };
	memcpy(event(&r)->args, args, sizeof(event(&r)->args));
	return r;
}

/* Argument @arg as text: @len bytes of it. */
static void add_text(struct record *r, size_t i, unsigned arg, const char *bytes, size_t len)
{
	event(r)->text_arg[i] = (uint8_t)arg;
	event(r)->text_size[i] = (uint16_t)len;
	assert_true(r->size + len <= sizeof(r->bytes));
	memcpy(r->bytes + r->size, bytes, len);
	r->size += len;
}

static struct record opening(const char *path, int64_t ret)
{
	struct record r = record("openat", ret, ARGS((uint64_t)-100, 0x7ffe1000, 0x80000, 0));

	add_text(&r, 0, 2, path, strlen(path) + 1);
	return r;
}

/* ---- reports into memory ---- */

/* With a copy that ends where the record does, so that a byte too many is caught. Return: heap
 * memory, or NULL. */
static char *report_with(enum report_format format, bool timestamp, const struct record *r,
			 size_t size, const struct syscall_args_table *args, int want)
{
	struct report_options opts = { .format = format,
				       .layout.columns = call_event_columns,
				       .layout.ncolumns = CALL_EVENT_COLUMNS,
				       .timestamp = timestamp,
				       .layout.streaming = true,
				       .layout.one_type = true,
				       .layout.detail_escaped = true };
	const struct call_context context = { .wall_ns = WALL, .args = args };
	struct error err = ERROR_INIT;
	struct report *report = NULL;
	void *copy = malloc(size ? size : 1);
	char *text = NULL;
	size_t len = 0;

	opts.out = open_memstream(&text, &len);
	assert_true(opts.out && copy);
	memcpy(copy, r->bytes, size);
	assert_int_equal(report_new(&report, &opts, &err), 0);
	assert_int_equal(call_event_report(report, copy, size, &context), want);
	report_free(report);
	fclose(opts.out);
	free(copy);
	return text;
}

#define HEAD "   1234  cat              "

static void check_line_of(const struct syscall_args_table *args, const struct record *r,
			  const char *want)
{
	char *got = report_with(REPORT_TABLE, false, r, r->size, args, 0);
	size_t len = strlen(got);

	assert_true(len && got[len - 1] == '\n' && !memchr(got, '\n', len - 1));
	got[len - 1] = '\0';
	assert_memory_equal(got, HEAD, strlen(HEAD));
	assert_string_equal(got + strlen(HEAD), want);
	free(got);
}

static void check_line(const struct record *r, const char *want)
{
	check_line_of(table, r, want);
}

/* What stands behind comm. */
static void check_json_of(const struct syscall_args_table *args, const struct record *r,
			  const char *want)
{
	static const char head[] = "{\"type\":\"call\",\"ts\":1763816583.123456789,\"pid\":1234,"
				   "\"tid\":1235,\"uid\":1000,"
				   "\"comm\":\"cat\",";
	char *got = report_with(REPORT_JSON, false, r, r->size, args, 0);
	json_t *json = json_loads(got, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);

	assert_non_null(json);
	json_decref(json);
	assert_memory_equal(got, head, strlen(head));
	assert_string_equal(got + strlen(head), want);
	free(got);
}

static void check_json(const struct record *r, const char *want)
{
	check_json_of(table, r, want);
}

/* ---- calls ---- */

static void test_openat(void **state)
{
	struct record r = opening("/etc/passwd", 3);
	char *got;

	(void)state;
	check_line(&r, "openat(dfd=AT_FDCWD, filename=\"/etc/passwd\", flags=0x80000, mode=0) = 3 "
		       "<12.3us>");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/etc/"
		       "passwd\",\"flags\":524288,"
		       "\"mode\":0},\"truncated\":false,\"ret\":3,\"errno\":null,\"duration_ns\":"
		       "12345}\n");
	got = report_with(REPORT_TABLE, true, &r, r.size, table, 0);
	assert_memory_equal(got, "13:03:03.123456     1234  cat              openat(", 50);
	free(got);
	got = report_with(REPORT_CSV, false, &r, r.size, table, 0);
	assert_string_equal(got,
			    "call,1763816583.123456789,1234,1235,1000,cat,openat,"
			    "dfd=-100 filename=/etc/passwd flags=524288 mode=0,false,3,,12345\n");
	free(got);
	event(&r)->args[3] = 0xffff000000000000 | 0644;
	event(&r)->ret = -ENOENT;
	check_line(&r, "openat(dfd=AT_FDCWD, filename=\"/etc/passwd\", flags=0x80000, mode=0644) = "
		       "-1 ENOENT <12.3us>");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/etc/"
		       "passwd\",\"flags\":524288,"
		       "\"mode\":420},\"truncated\":false,\"ret\":-2,\"errno\":\"ENOENT\","
		       "\"duration_ns\":12345}\n");
}

/* What kinds of arguments look like, with bits above those that count. */
static void test_kinds(void **state)
{
	struct record r =
		record("lseek", 5, ARGS(0xdeadbeef00000003, (uint64_t)-5, 0xdeadbeef00000001));

	(void)state;
	check_line(&r, "lseek(fd=3, offset=-5, whence=1) = 5 <12.3us>");
	check_json(&r, "\"syscall\":\"lseek\",\"args\":{\"fd\":3,\"offset\":-5,\"whence\":1},"
		       "\"truncated\":false,\"ret\":5,"
		       "\"errno\":null,\"duration_ns\":12345}\n");
	r = record("write", 7, ARGS(1, 0x7ffe0000beef, UINT64_MAX));
	check_line(&r, "write(fd=1, buf=0x7ffe0000beef, count=18446744073709551615) = 7 <12.3us>");
	check_json(&r, "\"syscall\":\"write\",\"args\":{\"fd\":1,\"buf\":140728898469615,\"count\":"
		       "18446744073709551615},"
		       "\"truncated\":false,\"ret\":7,\"errno\":null,\"duration_ns\":12345}\n");
	r = record("write", 0, ARGS(0xffffffff, 0, 0));
	check_line(&r, "write(fd=-1, buf=NULL, count=0) = 0 <12.3us>");
	r = record("fchown", 0, ARGS(4, 0xffffffff, 1000));
	check_line(&r, "fchown(fd=4, user=4294967295, group=1000) = 0 <12.3us>");
	r = record("getpid", 1234, ARGS(1, 2, 3));
	check_line(&r, "getpid() = 1234 <12.3us>");
	check_json(&r, "\"syscall\":\"getpid\",\"args\":{},\"truncated\":false,\"ret\":1234,"
		       "\"errno\":null,"
		       "\"duration_ns\":12345}\n");
}

/* Addresses are in hex, and still can be errors. */
static void test_pointer_results(void **state)
{
	struct record r = record("mmap", 0x7f0000000000, ARGS(0, 4096, 3, 0x22, 0xffffffff, 0));

	(void)state;
	check_line(&r, "mmap(addr=0, len=4096, prot=0x3, flags=0x22, fd=-1, off=0) = "
		       "0x7f0000000000 <12.3us>");
	check_json(&r, "\"syscall\":\"mmap\",\"args\":{\"addr\":0,\"len\":4096,\"prot\":3,"
		       "\"flags\":34,\"fd\":-1,\"off\":0},"
		       "\"truncated\":false,\"ret\":139637976727552,\"errno\":null,\"duration_ns\":"
		       "12345}\n");
	event(&r)->ret = -ENOMEM;
	check_line(
		&r,
		"mmap(addr=0, len=4096, prot=0x3, flags=0x22, fd=-1, off=0) = -1 ENOMEM <12.3us>");
	r = record("brk", 0x55d000, ARGS(0x55d000));
	check_line(&r, "brk(brk=0x55d000) = 0x55d000 <12.3us>");
	r = record("brk", 0, ARGS(0));
	check_line(&r, "brk(brk=0) = 0x0 <12.3us>");
}

static void test_results(void **state)
{
	static const int restarts[] = { 512, 513, 514, 516 };
	struct record r;
	char want[128];

	(void)state;
	r = record("getpid", -4095, ARGS(0));
	snprintf(want, sizeof(want), "getpid() = -1 %s <12.3us>", error_name(4095));
	check_line(&r, want);
	assert_true(call_event_failed(event(&r)));
	r = record("getpid", -4096, ARGS(0));
	assert_false(call_event_failed(event(&r)));
	check_line(&r, "getpid() = -4096 <12.3us>");
	r = record("getpid", INT64_MIN, ARGS(0));
	check_line(&r, "getpid() = -9223372036854775808 <12.3us>");
	r = record("getpid", -515, ARGS(0));
	snprintf(want, sizeof(want), "getpid() = -1 %s <12.3us>", error_name(515));
	check_line(&r, want);
	for (size_t i = 0; i < COUNT(restarts); i++) {
		r = record("getpid", -restarts[i], ARGS(0));
		snprintf(want, sizeof(want), "getpid() = ? %s <12.3us>", error_name(restarts[i]));
		check_line(&r, want);
		snprintf(want, sizeof(want),
			 "\"syscall\":\"getpid\",\"args\":{},\"truncated\":false,\"ret\":-%d,"
			 "\"errno\":\"%s\","
			 "\"duration_ns\":12345}\n",
			 restarts[i], error_name(restarts[i]));
		check_json(&r, want);
	}
}

static void test_no_return(void **state)
{
	struct record r = record("exit_group", -1, ARGS(0));

	(void)state;
	event(&r)->flags |= CALL_NO_RETURN;
	assert_false(call_event_failed(event(&r)));
	check_line(&r, "exit_group(error_code=0) = ?");
	check_json(&r, "\"syscall\":\"exit_group\",\"args\":{\"error_code\":0},\"truncated\":false,"
		       "\"ret\":null,\"errno\":null,"
		       "\"duration_ns\":null}\n");
	event(&r)->flags = CALL_NO_RETURN;
	check_line(&r, "exit_group(...) = ?");
}

static void test_no_beginning(void **state)
{
	struct record r = record("openat", -EINTR, ARGS(1, 2, 3, 4));

	(void)state;
	event(&r)->flags = 0;
	check_line(&r, "openat(...) = -1 EINTR");
	check_json(&r, "\"syscall\":\"openat\",\"args\":null,\"truncated\":false,\"ret\":-4,"
		       "\"errno\":\"EINTR\","
		       "\"duration_ns\":null}\n");
}

/* Nothing is known of the call, or of any: registers as they are. */
static void test_unknown(void **state)
{
	struct record r = record("close", 0, ARGS(0x1, 0x7ffe12345678, 0, UINT64_MAX, 5, 6));

	(void)state;
	check_line(&r,
		   "close(0x1, 0x7ffe12345678, 0x0, 0xffffffffffffffff, 0x5, 0x6) = 0 <12.3us>");
	check_json(&r,
		   "\"syscall\":\"close\",\"args\":{\"arg1\":1,\"arg2\":140729203840632,\"arg3\":0,"
		   "\"arg4\":18446744073709551615,\"arg5\":5,\"arg6\":6},\"truncated\":false,"
		   "\"ret\":0,\"errno\":null,"
		   "\"duration_ns\":12345}\n");
	event(&r)->call = SYSCALL_OTHER;
	check_line(&r,
		   "unknown(0x1, 0x7ffe12345678, 0x0, 0xffffffffffffffff, 0x5, 0x6) = 0 <12.3us>");
	r = opening("x\ny", 3);
	check_line_of(NULL, &r,
		      "openat(0xffffffffffffff9c, \"x\\ny\", 0x80000, 0x0, 0x0, 0x0) = 3 <12.3us>");
	check_json_of(
		NULL, &r,
		"\"syscall\":\"openat\",\"args\":{\"arg1\":18446744073709551516,\"arg2\":\"x\\ny\","
		"\"arg3\":524288,"
		"\"arg4\":0,\"arg5\":0,\"arg6\":0},\"truncated\":false,\"ret\":3,\"errno\":null,"
		"\"duration_ns\":12345}\n");
}

/* 32-bit calls: the native call's names, half its registers, and none where they would be wrong. */
static void test_compat(void **state)
{
	struct record r = opening("a", 3);
	char prefix[SYSCALL_NAME_MAX], want[256];

	(void)state;
	event(&r)->call = slot(ABI_COMPAT, "openat");
	event(&r)->args[0] = 0xffffff9c;
	syscall_slot_name(event(&r)->call, prefix, sizeof(prefix));
	*strchr(prefix, ':') = '\0';
	snprintf(want, sizeof(want),
		 "%s:openat(dfd=AT_FDCWD, filename=\"a\", flags=0x80000, mode=0) = 3 <12.3us>",
		 prefix);
	check_line(&r, want);
	r = record("lseek", 0, ARGS(3, 0xfffffffb, 1));
	event(&r)->call = slot(ABI_COMPAT, "lseek");
	snprintf(want, sizeof(want), "%s:lseek(fd=3, offset=-5, whence=1) = 0 <12.3us>", prefix);
	check_line(&r, want);
	r = record("pread64", 0, ARGS(3, 0x1234, 5, 0xffffffff00000001, 2, 0));
	event(&r)->call = slot(ABI_COMPAT, "pread64");
	snprintf(want, sizeof(want), "%s:pread64(0x3, 0x1234, 0x5, 0x1, 0x2, 0x0) = 0 <12.3us>",
		 prefix);
	check_line(&r, want);
}

/* ---- texts ---- */

static void test_two_texts(void **state)
{
	struct record r = record("mount", -EPERM, ARGS(0x1000, 0x2000, 0x3000, 0x11, 0));

	(void)state;
	add_text(&r, 0, 1, "proc", 5);
	add_text(&r, 1, 2, "/proc", 6);
	check_line(&r, "mount(dev_name=\"proc\", dir_name=\"/proc\", type=0x3000, flags=0x11, "
		       "data=NULL) = -1 EPERM <12.3us>");
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
		       "= -1 EFAULT <12.3us>");
	check_json(&r, "\"syscall\":\"mount\",\"args\":{\"dev_name\":0,\"dir_name\":\"/"
		       "proc\",\"type\":12288,\"flags\":0,"
		       "\"data\":0},\"truncated\":false,\"ret\":-14,\"errno\":\"EFAULT\","
		       "\"duration_ns\":12345}\n");
	r = record("openat", -EFAULT, ARGS(3, 0x8, 0, 0));
	add_text(&r, 0, 2, "", 0);
	check_line(&r, "openat(dfd=3, filename=0x8, flags=0, mode=0) = -1 EFAULT <12.3us>");
}

static void test_empty_text(void **state)
{
	struct record r = opening("", -ENOENT);

	(void)state;
	check_line(
		&r,
		"openat(dfd=AT_FDCWD, filename=\"\", flags=0x80000, mode=0) = -1 ENOENT <12.3us>");
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
		 "openat(dfd=3, filename=\"%.255s\"..., flags=0, mode=0) = 3 <12.3us>", path);
	check_line(&r, want);
	snprintf(want, sizeof(want),
		 "\"syscall\":\"openat\",\"args\":{\"dfd\":3,\"filename\":\"%.255s...\",\"flags\":"
		 "0,\"mode\":0},"
		 "\"truncated\":true,\"ret\":3,\"errno\":null,\"duration_ns\":12345}\n",
		 path);
	check_json(&r, want);
	r.bytes[r.size - 1] = '\0';
	snprintf(want, sizeof(want),
		 "openat(dfd=3, filename=\"%.255s\", flags=0, mode=0) = 3 <12.3us>", path);
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
		   "\\e[2J\\xff\\\\\\xe2\\x80\\xae\", flags=0x80000, mode=0) = 3 <12.3us>");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"a\\\", "
		       "flags=0) = 3 <1us>\\n13:00:00 1 init "
		       "\\u001B[2J\\\\xff\\\\\\u202e\",\"flags\":524288,\"mode\":0},\"truncated\":"
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
	assert_non_null(strstr(got, "\\xff\"..., type=0xffffffffffffffff, "
				    "flags=0xffffffffffffffff, data=0xffffffffffffffff) "
				    "= -1 EPERM <12.3us>\n"));
	assert_true(strlen(got) > (size_t)2 * 4 * CALL_TEXT_MAX);
	free(got);
	event(&r)->duration_ns = UINT64_MAX;
	got = report_with(REPORT_TABLE, false, &r, r.size, NULL, 0);
	assert_non_null(strstr(got, " = -1 EPERM <18446744073.7s>\n"));
	free(got);
}

/* ---- what is no record ---- */

static void check_refused(const struct record *r, size_t size)
{
	char *got = report_with(REPORT_TABLE, false, r, size, table, -EINVAL);

	assert_string_equal(got, "");
	free(got);
}

static void test_short(void **state)
{
	struct record r = record("mount", 0, ARGS(1, 2, 3));

	(void)state;
	for (size_t size = 0; size < r.size; size++)
		check_refused(&r, size);
	add_text(&r, 0, 1, "abc", 4);
	add_text(&r, 1, 2, "def", 4);
	for (size_t size = 0; size < r.size; size++)
		check_refused(&r, size);
}

/* A perf record is padded to eight bytes; more than that is another record than the sizes say. */
static void test_padding(void **state)
{
	struct record r = opening("abc", 3);

	(void)state;
	memset(r.bytes + r.size, 'Z', 8);
	for (size_t more = 0; more < 8; more++) {
		char *got = report_with(REPORT_TABLE, false, &r, r.size + more, table, 0);

		assert_non_null(strstr(got, "filename=\"abc\", flags"));
		free(got);
	}
	check_refused(&r, r.size + 8);
}

static void test_lies(void **state)
{
	struct record r = opening("abc", 3);

	(void)state;
	event(&r)->text_size[0] = CALL_TEXT_MAX + 1;
	check_refused(&r, sizeof(r.bytes));
	r = opening("abc", 3);
	event(&r)->text_size[1] = 1;
	event(&r)->text_arg[1] = 3;
	check_refused(&r, r.size);
	event(&r)->text_size[1] = UINT16_MAX;
	check_refused(&r, r.size);
	r = opening("abc", 3);
	event(&r)->text_arg[0] = CALL_ARGS + 1;
	check_refused(&r, r.size);
	event(&r)->text_arg[0] = 0;
	check_refused(&r, r.size);
	r = opening("abc", 3);
	event(&r)->call = SYSCALL_SLOTS;
	check_refused(&r, r.size);
	event(&r)->call = UINT16_MAX;
	check_refused(&r, r.size);
}

/* Any bytes at all: refused, or a line that is JSON, and one line of text. */
static void test_random(void **state)
{
	size_t refused = 0, taken = 0;
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct record r;
		struct call_event *e = event(&r);
		size_t size = sizeof(*e) + random_next(&seed) % 64;

		for (size_t i = 0; i < sizeof(r.bytes); i++)
			r.bytes[i] = (char)random_next(&seed);
		e->call = (uint16_t)(random_next(&seed) % (SYSCALL_SLOTS + 20));
		if (round % 8) {
			e->text_size[0] = (uint16_t)(random_next(&seed) % 32);
			e->text_size[1] = (uint16_t)(random_next(&seed) % 32);
			e->text_arg[0] = (uint8_t)(random_next(&seed) % 7);
			e->text_arg[1] = (uint8_t)(random_next(&seed) % 8);
			size = sizeof(*e) + e->text_size[0] + e->text_size[1] +
			       random_next(&seed) % 9;
		}
		if (e->call < SYSCALL_SLOTS && e->text_size[0] <= CALL_TEXT_MAX &&
		    e->text_size[1] <= CALL_TEXT_MAX && e->text_arg[0] <= CALL_ARGS &&
		    e->text_arg[1] <= CALL_ARGS && (e->text_arg[0] || !e->text_size[0]) &&
		    (e->text_arg[1] || !e->text_size[1]) &&
		    size >= sizeof(*e) + e->text_size[0] + e->text_size[1] &&
		    size < sizeof(*e) + e->text_size[0] + e->text_size[1] + 8) {
			char *line = report_with(REPORT_TABLE, false, &r, size, table, 0);
			char *got = report_with(REPORT_JSON, false, &r, size, table, 0);
			json_t *json = json_loads(got,
						  JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL |
							  JSON_REJECT_DUPLICATES,
						  NULL);

			assert_non_null(json);
			assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
			json_decref(json);
			free(got);
			free(line);
			taken++;
		} else {
			check_refused(&r, size);
			refused++;
		}
	}
	assert_true(refused > 500 && taken > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openat),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_pointer_results),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_no_return),
		cmocka_unit_test(test_no_beginning),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_compat),
		cmocka_unit_test(test_two_texts),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_empty_text),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_random),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, make_table, free_table);
}
