/* SPDX-License-Identifier: MIT */
/* Opens: the fields of a record to JSON, CSV and a line. */
#define _GNU_SOURCE
#include "open_lines.h"

#include <errno.h>

#include "call_names.h"

/* An open that succeeded, in each format. */
static void test_opened(void **state)
{
	struct record r = opening("/etc/passwd");
	char *got;

	(void)state;
	check_line(&r, "3       -      12.3us  O_RDONLY O_CLOEXEC  /etc/passwd\n");
	check_json(&r, "\"call\":\"openat\",\"fd\":3,\"slot\":null,\"errno\":null,\"flags\":[\"O_"
		       "RDONLY\",\"O_"
		       "CLOEXEC\"],\"mode\":null,"
		       "\"dirfd\":null,\"path\":\"/etc/"
		       "passwd\",\"given\":null,\"truncated\":false,\"duration_ns\":12345}\n");
	got = report_with(REPORT_TABLE, true, &r, r.size, 0);
	assert_memory_equal(got, "13:03:03.123456     1234   1000  cat  ", 38);
	free(got);
	got = report_with(REPORT_CSV, false, &r, r.size, 0);
	assert_string_equal(got, "open,1763816583.123456789,1234,1235,1000,cat,openat,3,,,O_RDONLY "
				 "O_CLOEXEC,,,/etc/passwd,,"
				 "false,12345\n");
	free(got);
}

/* An open that failed shows its errno instead of a descriptor. Errnos are -1 to -4095. */
static void test_failed(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->ret = -ENOENT;
	event(&r)->flags = O_WRONLY | O_CREAT | O_TRUNC;
	event(&r)->mode = 0644;
	event(&r)->dirfd = 7;
	assert_true(open_event_failed(event(&r)));
	check_line(&r, "ENOENT  0644   12.3us  O_WRONLY O_CREAT O_TRUNC  x\n");
	check_json(
		&r,
		"\"call\":\"openat\",\"fd\":null,\"slot\":null,\"errno\":\"ENOENT\",\"flags\":[\"O_"
		"WRONLY\",\"O_CREAT\",\"O_TRUNC\"],"
		"\"mode\":\"0644\",\"dirfd\":7,\"path\":\"x\",\"given\":null,\"truncated\":false,"
		"\"duration_ns\":12345}\n");
	event(&r)->ret = -4095;
	assert_true(open_event_failed(event(&r)));
	event(&r)->ret = 0;
	assert_false(open_event_failed(event(&r)));
	check_json_has(&r, "\"fd\":0,\"slot\":null,\"errno\":null,");
	event(&r)->ret = -512;
	check_json_has(&r, "\"fd\":null,\"slot\":null,\"errno\":\"ERESTARTSYS\",");
}

/* The mode is shown only for flags that use it, and without bits that are no permissions. */
static void test_mode(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->flags = O_TMPFILE | O_RDWR;
	event(&r)->mode = 0;
	check_json_has(&r, "\"flags\":[\"O_RDWR\",\"O_TMPFILE\"],\"mode\":\"0000\"");
	event(&r)->mode = 04755;
	check_json_has(&r, "\"mode\":\"4755\"");
	event(&r)->mode = 0xffff0000 | 0100600;
	check_json_has(&r, "\"mode\":\"0600\"");
	event(&r)->flags = O_DIRECTORY;
	check_json_has(&r, "\"flags\":[\"O_RDONLY\",\"O_DIRECTORY\"],\"mode\":null");
	event(&r)->flags = UINT64_MAX;
	check_json_has(&r, "\"O_TMPFILE\",\"0xffffffffff80003c\"],\"mode\":\"0600\"");
}

/* Each call that opens has its name, with the ABI or io_uring in front. */
static void test_calls(void **state)
{
	static const struct {
		const char *name;
		uint16_t call;
	} uring[] = {
		{ "\"call\":\"io_uring:openat\"", OPEN_URING_OPENAT },
		{ "\"call\":\"io_uring:openat2\"", OPEN_URING_OPENAT2 },
	};
	struct record r = opening("x");
	char name[SYSCALL_NAME_MAX];

	(void)state;
	event(&r)->call = slot(ABI_NATIVE, "openat2");
	check_json_has(&r, "\"call\":\"openat2\"");
	event(&r)->call = slot(ABI_NATIVE, "open_by_handle_at");
	check_json_has(&r, "\"call\":\"open_by_handle_at\"");
#if defined(__x86_64__)
	event(&r)->call = slot(ABI_COMPAT, "openat");
	check_json_has(&r, "\"call\":\"i386:openat\"");
#endif
	for (size_t i = 0; i < COUNT(uring); i++) {
		event(&r)->call = uring[i].call;
		check_json_has(&r, uring[i].name);
	}
	open_slot_name(slot(ABI_NATIVE, "creat"), name, sizeof(name));
	assert_string_equal(name, "creat");
	open_slot_name(SYSCALL_SLOTS - 1, name, sizeof(name));
	assert_non_null(strstr(name, "rt_sigreturn"));
}

/* A duration of 0 says that the beginning was not seen. */
static void test_no_beginning(void **state)
{
	struct record r = opening("x");

	(void)state;
	event(&r)->duration_ns = 0;
	check_line(&r, "3       -           -  O_RDONLY O_CLOEXEC  x\n");
	check_json_has(&r, "\"duration_ns\":null}");
	event(&r)->duration_ns = UINT64_MAX;
	check_json_has(&r, "\"duration_ns\":18446744073709551615}");
}

/* A request to an io_uring whose end will not be told. */
static void test_no_args(void **state)
{
	struct record r = record_of("", 0);
	char *got;

	(void)state;
	event(&r)->text.marks = OPEN_NO_ARGS;
	event(&r)->call = OPEN_URING_OPENAT;
	event(&r)->ret = event(&r)->duration_ns = 0;
	event(&r)->flags = 0;
	check_line(&r, "-       -           -  -                   -\n");
	check_json(&r, "\"call\":\"io_uring:openat\",\"fd\":null,\"slot\":null,\"errno\":null,"
		       "\"flags\":null,"
		       "\"mode\":null,"
		       "\"dirfd\":null,\"path\":null,\"given\":null,\"truncated\":false,\"duration_"
		       "ns\":null}\n");
	got = report_with(REPORT_CSV, false, &r, r.size, 0);
	assert_string_equal(
		got,
		"open,1763816583.123456789,1234,1235,1000,cat,io_uring:openat,,,,,,,,,false,\n");
	free(got);
	event(&r)->text.marks = OPEN_NO_RESULT;
	check_line(&r, "-       -           -  O_RDONLY            -\n");
	event(&r)->text.marks = OPEN_UNSURE << 1;
	got = report_with(REPORT_JSON, false, &r, r.size, -EINVAL);
	free(got);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opened),       cmocka_unit_test(test_failed),
		cmocka_unit_test(test_mode),         cmocka_unit_test(test_calls),
		cmocka_unit_test(test_no_beginning), cmocka_unit_test(test_no_args),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
