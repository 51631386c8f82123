/* SPDX-License-Identifier: MIT */
/*
 * Names of system calls: the C library's numbers, names in other ABIs, and numbers without a name.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "syscall_names.h"

static void check_slot(size_t slot, const char *want)
{
	char name[SYSCALL_NAME_MAX];

	syscall_slot_name(slot, name, sizeof(name));
	assert_string_equal(name, want);
}

static void test_native(void **state)
{
	static const struct {
		long number;
		const char *name;
	} calls[] = {
		{ SYS_read, "read" },
		{ SYS_write, "write" },
		{ SYS_openat, "openat" },
		{ SYS_exit, "exit" },
		{ SYS_exit_group, "exit_group" },
		{ SYS_execve, "execve" },
		{ SYS_futex, "futex" },
		{ SYS_clone, "clone" },
		{ SYS_bpf, "bpf" },
		{ SYS_pidfd_open, "pidfd_open" },
		{ SYS_clone3, "clone3" },
		{ SYS_openat2, "openat2" },
		{ SYS_rt_sigreturn, "rt_sigreturn" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		assert_int_equal(syscall_number(ABI_NATIVE, calls[i].name), calls[i].number);
		check_slot((size_t)calls[i].number, calls[i].name);
	}
	assert_true(syscall_number(ABI_NATIVE, "no_such_call") < 0);
	assert_true(syscall_number(ABI_NATIVE, "") < 0);
}

#ifdef __x86_64__
/* Numbers of i386 and x32 are in no header of an x86-64 program; the kernel never changes them. */
static void test_other_abis(void **state)
{
	(void)state;
	assert_int_equal(syscall_number(ABI_COMPAT, "exit"), 1);
	assert_int_equal(syscall_number(ABI_COMPAT, "exit_group"), 252);
	assert_int_equal(syscall_number(ABI_COMPAT, "openat"), 295);
	assert_int_equal(syscall_number(ABI_X32, "openat"), 257);
	assert_int_equal(syscall_number(ABI_X32, "execve"), 520);
	check_slot(ABI_COMPAT * ABI_CALLS + 5, "i386:open");
	check_slot(ABI_COMPAT * ABI_CALLS + 102, "i386:socketcall");
	check_slot(ABI_COMPAT * ABI_CALLS + 295, "i386:openat");
	check_slot(ABI_COMPAT * ABI_CALLS + 359, "i386:socket");
	check_slot(ABI_X32 * ABI_CALLS + 0, "x32:read");
	check_slot(ABI_X32 * ABI_CALLS + 257, "x32:openat");
	check_slot(ABI_X32 * ABI_CALLS + 520, "x32:execve");
	check_slot(ABI_X32 * ABI_CALLS + 1000, "x32:1000");
	check_slot(ABI_COMPAT * ABI_CALLS + 1000, "i386:1000");
	check_slot(ABI_COMPAT * ABI_CALLS + SYSCALL_OTHER, "i386:unknown");
	check_slot(ABI_COMPAT * ABI_CALLS + SYSCALL_NONE, "i386:rt_sigreturn");
	check_slot(ABI_X32 * ABI_CALLS + SYSCALL_NONE, "x32:rt_sigreturn");
}
#elif defined(__aarch64__)
/* Numbers of arm are in no header of an arm64 program; the kernel never changes them. */
static void test_other_abis(void **state)
{
	int set_tls = syscall_number(ABI_COMPAT, "set_tls");

	(void)state;
	assert_int_equal(syscall_number(ABI_COMPAT, "exit"), 1);
	assert_int_equal(syscall_number(ABI_COMPAT, "exit_group"), 248);
	assert_int_equal(syscall_number(ABI_COMPAT, "openat"), 322);
	check_slot(ABI_COMPAT * ABI_CALLS + 5, "arm:open");
	check_slot(ABI_COMPAT * ABI_CALLS + 221, "arm:fcntl64");
	check_slot(ABI_COMPAT * ABI_CALLS + 322, "arm:openat");
	check_slot(ABI_COMPAT * ABI_CALLS + 1010, "arm:1010");
	check_slot(ABI_COMPAT * ABI_CALLS + SYSCALL_OTHER, "arm:unknown");
	check_slot(ABI_COMPAT * ABI_CALLS + SYSCALL_NONE, "arm:rt_sigreturn");
	/* Far above the others, but with slots. */
	assert_in_range(set_tls, PRIVATE_SLOT, PRIVATE_SLOT + PRIVATE_CALLS_COUNT - 1);
	check_slot(ABI_COMPAT * ABI_CALLS + (size_t)set_tls, "arm:set_tls");
	assert_int_equal(syscall_kernel_number(ABI_COMPAT, set_tls), 0xf0005);
	assert_int_equal(syscall_kernel_number(ABI_NATIVE, set_tls), set_tls);
}
#endif

static void test_unknown(void **state)
{
	(void)state;
	check_slot(900, "900");
	check_slot(SYSCALL_OTHER - 1, "1021");
	check_slot(SYSCALL_OTHER, "unknown");
	check_slot(SYSCALL_NONE, "rt_sigreturn");
}

/* Every slot has a name that fits, and a buffer that is too small is not overrun. */
static void test_all_slots(void **state)
{
	(void)state;
	for (size_t slot = 0; slot < SYSCALL_SLOTS; slot++) {
		char name[SYSCALL_NAME_MAX + 1], small[5] = "####";

		memset(name, '#', sizeof(name));
		syscall_slot_name(slot, name, SYSCALL_NAME_MAX);
		assert_int_equal(name[SYSCALL_NAME_MAX], '#');
		assert_in_range(strlen(name), 1, SYSCALL_NAME_MAX - 2);
		syscall_slot_name(slot, small, 4);
		assert_int_equal(small[3], '\0');
		assert_memory_equal(small, name, strlen(small));
	}
}

/* Name to number and back is the same call in every ABI that knows it. */
static void test_round_trip(void **state)
{
	(void)state;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		for (int number = 0; number < 600; number++) {
			char name[SYSCALL_NAME_MAX];
			const char *bare;
			int back;

			syscall_slot_name((size_t)(abi * ABI_CALLS + number), name, sizeof(name));
			bare = strchr(name, ':') ? strchr(name, ':') + 1 : name;
			if (bare[0] >= '0' && bare[0] <= '9')
				continue;
			back = syscall_number((enum syscall_abi)abi, bare);
			if (back >= 0)
				assert_int_equal(back, number);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_native),     cmocka_unit_test(test_other_abis),
		cmocka_unit_test(test_unknown),    cmocka_unit_test(test_all_slots),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
