/* SPDX-License-Identifier: MIT */
/*
 * Classes of system calls: the table is sorted, and has only names of calls. tests/e2e compares it
 * with strace.
 */
#include "unit.h"

#include <seccomp.h>
#include <string.h>

#include "recent_calls.h"
#include "syscall_classes.h"

static void test_in_order(void **state)
{
	(void)state;
	for (size_t i = 1; syscall_classes_entry(i); i++)
		if (strcmp(syscall_classes_entry(i - 1), syscall_classes_entry(i)) >= 0)
			fail_msg("%s is out of order", syscall_classes_entry(i));
}

/*
 * Each name can be found, is in a class that exists, and is a call of some architecture.
 */
static void test_entries(void **state)
{
	size_t n = 0;

	(void)state;
	for (; syscall_classes_entry(n); n++) {
		const char *name = syscall_classes_entry(n);

		if (!syscall_classes(name) || syscall_classes(name) >= SYSCALL_CLASS_END)
			fail_msg("%s: classes %#x", name, syscall_classes(name));
		if (seccomp_syscall_resolve_name(name) == __NR_SCMP_ERROR &&
		    recent_calls_number(ABI_NATIVE, name) < 0)
			fail_msg("%s: there is no such call", name);
	}
	assert_in_range(n, 250, 400);
}

static void test_classes(void **state)
{
	static const struct {
		const char *name;
		unsigned classes;
	} some[] = {
		{ "accept", SYSCALL_CLASS_NETWORK },
		{ "openat", SYSCALL_CLASS_FILE | SYSCALL_CLASS_DESC },
		{ "unlink", SYSCALL_CLASS_FILE },
		{ "read", SYSCALL_CLASS_DESC },
		{ "fork", SYSCALL_CLASS_PROCESS },
		{ "execve", SYSCALL_CLASS_PROCESS | SYSCALL_CLASS_FILE },
		{ "kill", SYSCALL_CLASS_PROCESS | SYSCALL_CLASS_SIGNAL },
		{ "sendfile", SYSCALL_CLASS_DESC | SYSCALL_CLASS_NETWORK },
		{ "rt_sigreturn", SYSCALL_CLASS_SIGNAL },
		{ "semop", SYSCALL_CLASS_IPC },
		{ "shmat", SYSCALL_CLASS_IPC | SYSCALL_CLASS_MEMORY },
		{ "mmap", SYSCALL_CLASS_DESC | SYSCALL_CLASS_MEMORY },
		{ "mmap2",
		  SYSCALL_CLASS_DESC | SYSCALL_CLASS_MEMORY }, /* i386 and arm alone have it */
		{ "writev", SYSCALL_CLASS_DESC },
		{ "mseal", SYSCALL_CLASS_MEMORY },
		{ "fchmodat2", SYSCALL_CLASS_FILE | SYSCALL_CLASS_DESC },
		{ "getppid", 0 },
		{ "no_such_call", 0 },
		{ "", 0 },
		{ "zzz", 0 },
		{ "i386:openat", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(some); i++)
		if (syscall_classes(some[i].name) != some[i].classes)
			fail_msg("%s: classes %#x", some[i].name, syscall_classes(some[i].name));
}

static void test_names_of_classes(void **state)
{
	(void)state;
	for (unsigned bit = 1; bit < SYSCALL_CLASS_END; bit <<= 1) {
		assert_non_null(syscall_class_name(bit));
		assert_int_equal(syscall_class_bit(syscall_class_name(bit)), bit);
	}
	assert_string_equal(syscall_class_name(SYSCALL_CLASS_MEMORY), "memory");
	assert_int_equal(syscall_class_bit("proc"), SYSCALL_CLASS_PROCESS);
	assert_int_equal(syscall_class_bit("net"), SYSCALL_CLASS_NETWORK);
	assert_int_equal(syscall_class_bit("mem"), SYSCALL_CLASS_MEMORY);
	assert_int_equal(syscall_class_bit("%file"), 0);
	assert_int_equal(syscall_class_bit(""), 0);
	assert_int_equal(syscall_class_bit("fil"), 0);
	assert_null(syscall_class_name(0));
	assert_null(syscall_class_name(SYSCALL_CLASS_END));
	assert_null(syscall_class_name(SYSCALL_CLASS_FILE | SYSCALL_CLASS_DESC));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_names_of_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
