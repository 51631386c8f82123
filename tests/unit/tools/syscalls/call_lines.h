/* SPDX-License-Identifier: MIT */
/*
 * Fixture for tests of event_line.h: records of system calls, a table of their arguments' names
 * made from a directory like tracefs, and the text that each becomes, as JSON and as a line.
 */
#ifndef CALL_LINES_H
#define CALL_LINES_H

#include "unit.h"

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
	{ "read", "unsigned int fd", "char * buf", "size_t count" },
	{ "getcwd", "char * buf", "unsigned long size" },
	{ "connect", "int fd", "struct sockaddr * uservaddr", "int addrlen" },
	{ "accept", "int fd", "struct sockaddr * upeer_sockaddr", "int * upeer_addrlen" },
	{ "getsockopt", "int fd", "int level", "int optname", "char * optval", "int * optlen" },
	{ "execve", "const char * filename", "const char *const * argv",
	  "const char *const * envp" },
	{ "rt_sigprocmask", "int how", "sigset_t * nset", "sigset_t * oset", "size_t sigsetsize" },
	{ "nanosleep", "struct __kernel_timespec * rqtp", "struct __kernel_timespec * rmtp" },
	{ "wait4", "pid_t upid", "int * stat_addr", "int options", "struct rusage * ru" },
	{ "pipe2", "int * fildes", "int flags" },
	{ "fcntl", "unsigned int fd", "unsigned int cmd", "unsigned long arg" },
	{ "umask", "int mask" },
};

static inline void describe(const char *root, const char *const *call)
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

static inline void forget(const char *root, const char *call)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s/format", root, call);
	unlink(path);
	snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_%s", root, call);
	rmdir(path);
}

static inline int make_table(void **state)
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

static inline int free_table(void **state)
{
	(void)state;
	syscall_args_free(table);
	return 0;
}

/* As long as any, and aligned. */
struct record {
	_Alignas(8) char bytes[sizeof(struct call_event) + CALL_PARTS * CALL_BYTES_MAX + 64];
	size_t size;
};

static inline struct call_event *event(struct record *r)
{
	return (struct call_event *)r->bytes;
}

static inline uint16_t slot(enum syscall_abi abi, const char *name)
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

static inline struct record record(const char *name, int64_t ret, const uint64_t *args)
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
static inline void add_text(struct record *r, size_t i, unsigned arg, const char *bytes, size_t len)
{
	event(r)->part_arg[i] = (uint8_t)arg;
	event(r)->part_kind[i] = PART_TEXT;
	event(r)->part_size[i] = (uint16_t)len;
	assert_true(r->size + len <= sizeof(r->bytes));
	memcpy(r->bytes + r->size, bytes, len);
	r->size += len;
}

/* Part @i of the record: what argument @arg points to. */
static inline void add_part(struct record *r, size_t i, enum call_part_kind kind, unsigned arg,
			    const void *bytes, size_t len)
{
	add_text(r, i, arg, bytes, len);
	event(r)->part_kind[i] = (uint8_t)kind;
}

static inline struct record opening(const char *path, int64_t ret)
{
	struct record r = record("openat", ret, ARGS((uint64_t)-100, 0x7ffe1000, 0x80000, 0));

	add_text(&r, 0, 2, path, strlen(path) + 1);
	return r;
}

/* With a copy that ends where the record does, so that a byte too many is caught. Return: heap
 * memory, or NULL. */
static __attribute__((noinline)) char *report_with(enum report_format format, bool timestamp,
						   const struct record *r, size_t size,
						   const struct syscall_args_table *args, int want)
{
	struct report_options opts = { .format = format,
				       .layout.columns = call_event_columns,
				       .layout.ncolumns = CALL_EVENT_COLUMNS,
				       .timestamp = timestamp,
				       .layout.streaming = true,
				       .layout.one_type = true,
				       .layout.detail_escaped = true };
	const struct call_context context = { .wall_ns = WALL, .args = args, .limit = 32 };
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

static inline void check_line_of(const struct syscall_args_table *args, const struct record *r,
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

static inline void check_line(const struct record *r, const char *want)
{
	check_line_of(table, r, want);
}

/* What stands behind comm. */
static inline void check_json_of(const struct syscall_args_table *args, const struct record *r,
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

static inline void check_json(const struct record *r, const char *want)
{
	check_json_of(table, r, want);
}

#endif
