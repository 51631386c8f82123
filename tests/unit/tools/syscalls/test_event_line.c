/* SPDX-License-Identifier: MIT */
/* System calls: arguments and results of a record to JSON, CSV and a line. */
#define _GNU_SOURCE
#include "call_lines.h"

#include <errno.h>

/* One call, in each format, when it succeeds and when it fails. */
static void test_openat(void **state)
{
	struct record r = opening("/etc/passwd", 3);
	char *got;

	(void)state;
	check_line(&r,
		   "openat(dfd=AT_FDCWD, filename=\"/etc/passwd\", flags=O_RDONLY|O_CLOEXEC) = 3 "
		   "<12.3us>");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/etc/"
		       "passwd\",\"flags\":524288,\"mode\":0},\"truncated\":false,\"ret\":3,"
		       "\"errno\":null,"
		       "\"duration_ns\":"
		       "12345}\n");
	got = report_with(REPORT_TABLE, true, &r, r.size, table, 0);
	assert_memory_equal(got, "13:03:03.123456     1234  cat              openat(", 50);
	free(got);
	got = report_with(REPORT_CSV, false, &r, r.size, table, 0);
	assert_string_equal(got,
			    "call,1763816583.123456789,1234,1235,1000,cat,openat,"
			    "dfd=-100 filename=/etc/passwd flags=524288 mode=0,false,3,,12345\n");
	free(got);
	event(&r)->args[2] |= O_CREAT;
	event(&r)->args[3] = 0xffff000000000000 | 0644;
	event(&r)->ret = -ENOENT;
	check_line(&r, "openat(dfd=AT_FDCWD, filename=\"/etc/passwd\", "
		       "flags=O_RDONLY|O_CREAT|O_CLOEXEC, mode=0644) = "
		       "-1 ENOENT (No such file or directory) <12.3us>");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/etc/"
		       "passwd\",\"flags\":524352,"
		       "\"mode\":420},\"truncated\":false,\"ret\":-2,\"errno\":\"ENOENT\","
		       "\"duration_ns\":12345}\n");
}

/* Of a call whose beginning was not seen: arguments, and no duration. */
static void test_late(void **state)
{
	struct record r = opening("/etc/shadow", -EACCES);

	(void)state;
	event(&r)->flags = CALL_LATE_ARGS;
	check_line(&r, "openat(dfd=AT_FDCWD, filename=\"/etc/shadow\", flags=O_RDONLY|O_CLOEXEC) = "
		       "-1 EACCES (Permission denied)");
	check_json(&r, "\"syscall\":\"openat\",\"args\":{\"dfd\":-100,\"filename\":\"/etc/"
		       "shadow\",\"flags\":524288,\"mode\":0},\"truncated\":false,\"ret\":-13,"
		       "\"errno\":\"EACCES\",\"duration_ns\":null}\n");
}

/* What kinds of arguments look like, with bits above those that count. */
static void test_kinds(void **state)
{
	struct record r =
		record("lseek", 5, ARGS(0xdeadbeef00000003, (uint64_t)-5, 0xdeadbeef00000001));

	(void)state;
	check_line(&r, "lseek(fd=3, offset=-5, whence=SEEK_CUR) = 5 <12.3us>");
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
	check_line(&r, "fchown(fd=4, user=-1, group=1000) = 0 <12.3us>");
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
	check_line(&r, "mmap(addr=NULL, len=4096, prot=PROT_READ|PROT_WRITE, "
		       "flags=MAP_PRIVATE|MAP_ANONYMOUS, fd=-1, off=0) = "
		       "0x7f0000000000 <12.3us>");
	check_json(&r, "\"syscall\":\"mmap\",\"args\":{\"addr\":0,\"len\":4096,\"prot\":3,"
		       "\"flags\":34,\"fd\":-1,\"off\":0},"
		       "\"truncated\":false,\"ret\":139637976727552,\"errno\":null,\"duration_ns\":"
		       "12345}\n");
	event(&r)->ret = -ENOMEM;
	check_line(&r, "mmap(addr=NULL, len=4096, prot=PROT_READ|PROT_WRITE, "
		       "flags=MAP_PRIVATE|MAP_ANONYMOUS, fd=-1, off=0) = -1 ENOMEM (Cannot "
		       "allocate memory) <12.3us>");
	r = record("brk", 0x55d000, ARGS(0x55d000));
	check_line(&r, "brk(brk=0x55d000) = 0x55d000 <12.3us>");
	r = record("brk", 0, ARGS(0));
	check_line(&r, "brk(brk=NULL) = 0x0 <12.3us>");
}

/* Results from -1 to -4095 are errnos; those with which the kernel restarts a call are marked. */
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

/* A call that never returns has no result and no duration. */
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

/* A call whose beginning was not seen has no arguments and no duration. */
static void test_no_beginning(void **state)
{
	struct record r = record("openat", -EINTR, ARGS(1, 2, 3, 4));

	(void)state;
	event(&r)->flags = 0;
	check_line(&r, "openat(...) = -1 EINTR (Interrupted system call)");
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
		 "%s:openat(dfd=AT_FDCWD, filename=\"a\", flags=O_RDONLY|O_CLOEXEC) = 3 <12.3us>",
		 prefix);
	check_line(&r, want);
	r = record("lseek", 0, ARGS(3, 0xfffffffb, 1));
	event(&r)->call = slot(ABI_COMPAT, "lseek");
	snprintf(want, sizeof(want), "%s:lseek(fd=3, offset=-5, whence=SEEK_CUR) = 0 <12.3us>",
		 prefix);
	check_line(&r, want);
	r = record("pread64", 0, ARGS(3, 0x1234, 5, 0xffffffff00000001, 2, 0));
	event(&r)->call = slot(ABI_COMPAT, "pread64");
	snprintf(want, sizeof(want), "%s:pread64(0x3, 0x1234, 0x5, 0x1, 0x2, 0x0) = 0 <12.3us>",
		 prefix);
	check_line(&r, want);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late),         cmocka_unit_test(test_openat),
		cmocka_unit_test(test_kinds),        cmocka_unit_test(test_pointer_results),
		cmocka_unit_test(test_results),      cmocka_unit_test(test_no_return),
		cmocka_unit_test(test_no_beginning), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_compat),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, make_table, free_table);
}
