/* SPDX-License-Identifier: MIT */
/* System calls: what arguments point to, in lines for people. */
#define _GNU_SOURCE
#include "call_lines.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define AT 0x7ffe1000

/* A buffer that the call was given, and one that it filled, whole and cut. */
static void test_buffers(void **state)
{
	struct record r = record("write", 5, ARGS(1, AT, 5));

	(void)state;
	add_part(&r, 0, PART_GIVEN, 2, "a\"\n\0b", 5);
	check_line(&r, "write(fd=1, buf=\"a\\\"\\n\\0b\", count=5) = 5 <12.3us>");
	check_json(&r, "\"syscall\":\"write\",\"args\":{\"fd\":1,\"buf\":2147356672,\"count\":5},"
		       "\"truncated\":false,\"ret\":5,\"errno\":null,\"duration_ns\":12345}\n");
	r = record("read", 40, ARGS(3, AT, 4096));
	add_part(&r, 0, PART_FILLED, 2, "0123456789abcdef0123456789abcdef", 32);
	check_line(&r, "read(fd=3, buf=\"0123456789abcdef0123456789abcdef\"..., count=4096) = 40 "
		       "<12.3us>");
	event(&r)->ret = 32;
	check_line(&r, "read(fd=3, buf=\"0123456789abcdef0123456789abcdef\", count=4096) = 32 "
		       "<12.3us>");
	r = record("getcwd", 5, ARGS(AT, 4096));
	add_part(&r, 0, PART_FILLED, 1, "/tmp", 5);
	check_line(&r, "getcwd(buf=\"/tmp\", size=4096) = 5 <12.3us>");
}

/* Nothing was read: the address, unless there was nothing to read. */
static void test_unread(void **state)
{
	struct record r = record("write", -EFAULT, ARGS(1, AT, 5));

	(void)state;
	add_part(&r, 0, PART_GIVEN, 2, "", 0);
	check_line(&r, "write(fd=1, buf=0x7ffe1000, count=5) = -1 EFAULT (Bad address) <12.3us>");
	r = record("write", 0, ARGS(1, AT, 0));
	add_part(&r, 0, PART_GIVEN, 2, "", 0);
	check_line(&r, "write(fd=1, buf=\"\", count=0) = 0 <12.3us>");
	r = record("write", 0, ARGS(1, 0, 0));
	add_part(&r, 0, PART_GIVEN, 2, "", 0);
	check_line(&r, "write(fd=1, buf=NULL, count=0) = 0 <12.3us>");
	r = record("read", 0, ARGS(3, AT, 4096));
	add_part(&r, 0, PART_FILLED, 2, "", 0);
	check_line(&r, "read(fd=3, buf=\"\", count=4096) = 0 <12.3us>");
	r = record("read", -EAGAIN, ARGS(3, AT, 4096));
	add_part(&r, 0, PART_FILLED, 2, "", 0);
	check_line(&r, "read(fd=3, buf=0x7ffe1000, count=4096) = -1 EAGAIN (Resource temporarily "
		       "unavailable) <12.3us>");
}

/* A part of another kind or argument than the call's is not shown as one of it. */
static void test_foreign_parts(void **state)
{
	struct record r = record("write", 3, ARGS(1, AT, 3));

	(void)state;
	add_part(&r, 0, PART_FILLED, 2, "abc", 3);
	add_part(&r, 1, PART_GIVEN, 3, "abc", 3);
	add_part(&r, 2, PART_STRINGS, 2, "abc", 3);
	check_line(&r, "write(fd=1, buf=0x7ffe1000, count=3) = 3 <12.3us>");
	check_line_of(NULL, &r, "write(0x1, 0x7ffe1000, 0x3, 0x0, 0x0, 0x0) = 3 <12.3us>");
}

static void test_addresses(void **state)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
					     .sin_port = htons(80),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int room = 128, length = sizeof(address);
	struct record r = record("connect", 0, ARGS(4, AT, sizeof(address)));

	(void)state;
	add_part(&r, 0, PART_GIVEN, 2, &address, sizeof(address));
	check_line(&r, "connect(fd=4, uservaddr={sa_family=AF_INET, sin_port=htons(80), "
		       "sin_addr=inet_addr(\"127.0.0.1\")}, addrlen=16) = 0 <12.3us>");
	r = record("accept", 5, ARGS(4, AT, AT));
	add_part(&r, 0, PART_GIVEN, 3, &room, sizeof(room));
	add_part(&r, 1, PART_FILLED, 2, &address, sizeof(address));
	add_part(&r, 2, PART_FILLED, 3, &length, sizeof(length));
	check_line(&r, "accept(fd=4, upeer_sockaddr={sa_family=AF_INET, sin_port=htons(80), "
		       "sin_addr=inet_addr(\"127.0.0.1\")}, upeer_addrlen=[128 => 16]) = 5 "
		       "<12.3us>");
	event(&r)->ret = -ECONNABORTED;
	check_line(&r, "accept(fd=4, upeer_sockaddr=0x7ffe1000, upeer_addrlen=[128]) = -1 "
		       "ECONNABORTED (Software caused connection abort) <12.3us>");
}

/* Of a socket's options, what is not one int is something else. */
static void test_ints(void **state)
{
	const int values[2] = { 3, 4 }, length = 4;
	struct record r = record("pipe2", 0, ARGS(AT, 02000000));

	(void)state;
	add_part(&r, 0, PART_FILLED, 1, values, 8);
	check_line(&r, "pipe2(fildes=[3, 4], flags=O_CLOEXEC) = 0 <12.3us>");
	r = record("getsockopt", 0, ARGS(3, SOL_SOCKET, SO_TYPE, AT, AT));
	add_part(&r, 0, PART_FILLED, 4, values, 4);
	add_part(&r, 1, PART_FILLED, 5, &length, 4);
	check_line(&r, "getsockopt(fd=3, level=SOL_SOCKET, optname=SO_TYPE, optval=[3], "
		       "optlen=[4]) = 0 <12.3us>");
	r = record("getsockopt", 0, ARGS(3, SOL_SOCKET, SO_LINGER, AT, AT));
	add_part(&r, 0, PART_FILLED, 4, values, 8);
	check_line(&r, "getsockopt(fd=3, level=SOL_SOCKET, optname=SO_LINGER, optval=0x7ffe1000, "
		       "optlen=0x7ffe1000) = 0 <12.3us>");
}

static void test_structures(void **state)
{
	const uint64_t time[2] = { 1, 500 }, set = 1u << 1 | 1u << 16, all = UINT64_MAX - 1;
	const int killed = 9;
	struct record r = record("nanosleep", 0, ARGS(AT, 0));

	(void)state;
	add_part(&r, 0, PART_GIVEN, 1, time, sizeof(time));
	check_line(&r, "nanosleep(rqtp={tv_sec=1, tv_nsec=500}, rmtp=NULL) = 0 <12.3us>");
	r = record("rt_sigprocmask", 0, ARGS(2, AT, AT, 8));
	add_part(&r, 0, PART_GIVEN, 2, &set, 8);
	add_part(&r, 1, PART_FILLED, 3, &all, 8);
	check_line(&r, "rt_sigprocmask(how=SIG_SETMASK, nset=[INT CHLD], oset=~[HUP], "
		       "sigsetsize=8) = 0 <12.3us>");
	r = record("wait4", 77, ARGS((uint64_t)-1, AT, 0, 0));
	add_part(&r, 0, PART_FILLED, 2, &killed, 4);
	check_line(&r, "wait4(upid=-1, stat_addr=[{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], "
		       "options=0, ru=NULL) = 77 <12.3us>");
	event(&r)->ret = 0;
	event(&r)->args[2] = 1;
	check_line(&r, "wait4(upid=-1, stat_addr=0x7ffe1000, options=WNOHANG, ru=NULL) = 0 "
		       "<12.3us>");
}

static void test_strings(void **state)
{
	struct record r = record("execve", 0, ARGS(AT, AT, 0));

	(void)state;
	add_text(&r, 0, 1, "/bin/x", 7);
	add_part(&r, 1, PART_STRINGS, 2, "x\0\0a\033b", 7);
	check_line(&r, "execve(filename=\"/bin/x\", argv=[\"x\", \"\", \"a\\33b\"], envp=NULL) = "
		       "0 <12.3us>");
	event(&r)->flags |= CALL_MORE_ARGV;
	check_line(&r, "execve(filename=\"/bin/x\", argv=[\"x\", \"\", \"a\\33b\", ...], "
		       "envp=NULL) = 0 <12.3us>");
	event(&r)->flags &= (uint16_t)~CALL_MORE_ARGV;
	event(&r)->part_size[1]--;
	r.size--;
	check_line(&r, "execve(filename=\"/bin/x\", argv=[\"x\", \"\", \"a\\33b\"..., ...], "
		       "envp=NULL) = 0 <12.3us>");
}

/* What another argument decides: how many there are, and what a number means. */
static void test_fcntl(void **state)
{
	struct record r = record("fcntl", 1, ARGS(3, F_GETFD, AT));

	(void)state;
	check_line(&r, "fcntl(fd=3, cmd=F_GETFD) = 0x1 (flags FD_CLOEXEC) <12.3us>");
	event(&r)->ret = 0;
	check_line(&r, "fcntl(fd=3, cmd=F_GETFD) = 0 <12.3us>");
	r = record("fcntl", 0, ARGS(3, F_GETFL, AT));
	check_line(&r, "fcntl(fd=3, cmd=F_GETFL) = 0 (flags O_RDONLY) <12.3us>");
	r = record("fcntl", 0, ARGS(3, F_SETFL, O_WRONLY | O_APPEND));
	check_line(&r, "fcntl(fd=3, cmd=F_SETFL, arg=O_WRONLY|O_APPEND) = 0 <12.3us>");
	r = record("fcntl", 10, ARGS(3, F_DUPFD, 10));
	check_line(&r, "fcntl(fd=3, cmd=F_DUPFD, arg=10) = 10 <12.3us>");
	r = record("umask", 022, ARGS(077));
	check_line(&r, "umask(mask=077) = 022 <12.3us>");
}

/* The longest line: strings of nothing but escapes, as many as there is room for. */
static void test_longest(void **state)
{
	struct record r = record("execve", 0, ARGS(AT, AT, UINT64_MAX));
	char path[CALL_TEXT_MAX], strings[CALL_BYTES_MAX], *got;

	(void)state;
	memset(path, 0xff, sizeof(path));
	memset(strings, 0xff, sizeof(strings));
	for (size_t i = 32; i < sizeof(strings); i += 33)
		strings[i] = '\0';
	add_text(&r, 0, 1, path, sizeof(path));
	add_part(&r, 1, PART_STRINGS, 2, strings, sizeof(strings));
	got = report_with(REPORT_TABLE, false, &r, r.size, table, 0);
	assert_non_null(strstr(got, "\\377\", ...], envp=0xffffffffffffffff) = 0 <12.3us>\n"));
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffers),       cmocka_unit_test(test_unread),
		cmocka_unit_test(test_foreign_parts), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_ints),          cmocka_unit_test(test_structures),
		cmocka_unit_test(test_strings),       cmocka_unit_test(test_fcntl),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
