/* SPDX-License-Identifier: MIT */
/*
 * The calls that libseccomp may not know: the table is sorted, has no gap, and agrees with every
 * libseccomp about the calls that both know. So a newer libseccomp checks the table.
 */
#include "unit.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "recent_calls.h"
#include "syscall_names.h"

enum {
	SHARED_FIRST = 424, /* from here on all ABIs have the same numbers */
	X32_FIRST = 512,    /* from here on the numbers are x32's own */
	RECENT_LAST = 471,
};

static const struct {
	uint32_t arch;
	int bit;
} abis[] = {
#if defined(__x86_64__)
	[ABI_NATIVE] = { SCMP_ARCH_X86_64, 0 },
	[ABI_COMPAT] = { SCMP_ARCH_X86, 0 },
	[ABI_X32] = { SCMP_ARCH_X32, __X32_SYSCALL_BIT },
#else
	[ABI_NATIVE] = { SCMP_ARCH_AARCH64, 0 },
	[ABI_COMPAT] = { SCMP_ARCH_ARM, 0 },
#endif
};

/* Ascending: so no number is there twice. */
static void test_in_order(void **state)
{
	const struct recent_call *call, *previous = recent_calls_entry(0);

	(void)state;
	assert_non_null(previous);
	for (size_t i = 1; (call = recent_calls_entry(i)); i++, previous = call)
		if (call->number <= previous->number || call->number >= X32_FIRST)
			fail_msg("%s is out of order", call->name);
	assert_int_equal(previous->number, RECENT_LAST);
}

static void test_no_gap(void **state)
{
	(void)state;
	for (int number = SHARED_FIRST; number <= RECENT_LAST; number++)
		if (!recent_calls_name(ABI_NATIVE, number))
			fail_msg("%d has no name", number);
	assert_null(recent_calls_name(ABI_NATIVE, RECENT_LAST + 1));
	assert_null(recent_calls_name(ABI_NATIVE, SHARED_FIRST - 1));
	assert_null(recent_calls_name(ABI_NATIVE, -1));
}

static void check_with_libseccomp(enum syscall_abi abi, const struct recent_call *call)
{
	char *name = seccomp_syscall_resolve_num_arch(abis[abi].arch, call->number | abis[abi].bit);
	int number = seccomp_syscall_resolve_name_arch(abis[abi].arch, call->name);

	if (number >= 0 && !(call->abis & 1U << abi))
		fail_msg("%s%s: libseccomp has it", syscall_prefix(abi), call->name);
	if (name && call->abis & 1U << abi && strcmp(name, call->name) != 0)
		fail_msg("%s%d: libseccomp has %s, not %s", syscall_prefix(abi), call->number, name,
			 call->name);
	if (number >= 0 && (number & ~abis[abi].bit) != call->number)
		fail_msg("%s%s: libseccomp has %d, not %d", syscall_prefix(abi), call->name,
			 number & ~abis[abi].bit, call->number);
	free(name);
}

static void test_libseccomp_agrees(void **state)
{
	const struct recent_call *call;

	(void)state;
	for (int abi = 0; abi < SYSCALL_ABIS; abi++)
		for (size_t i = 0; (call = recent_calls_entry(i)); i++)
			check_with_libseccomp((enum syscall_abi)abi, call);
}

/* Whether libseccomp knows a call or not, name and number lead to each other in each ABI. */
static void test_round_trip(void **state)
{
	const struct recent_call *call;

	(void)state;
	for (int i = 0; i < SYSCALL_ABIS; i++) {
		enum syscall_abi abi = (enum syscall_abi)i;

		for (size_t n = 0; (call = recent_calls_entry(n)); n++) {
			bool has = call->abis & 1U << abi;
			char *name = syscall_name(abi, call->number);

			assert_int_equal(recent_calls_number(abi, call->name),
					 has ? call->number : -1);
			assert_true(!has || syscall_number(abi, call->name) == call->number);
			assert_true(!has || (name && strcmp(name, call->name) == 0));
			free(name);
		}
	}
	assert_int_equal(recent_calls_number(ABI_NATIVE, "no_such_call"), -1);
	assert_int_equal(recent_calls_number(ABI_NATIVE, ""), -1);
}

static void check_slot(enum syscall_abi abi, int number, const char *want)
{
	char name[SYSCALL_NAME_MAX];

	syscall_slot_name((size_t)abi * ABI_CALLS + (size_t)number, name, sizeof(name));
	assert_string_equal(name, want);
}

/* Numbers as the headers of Linux 7.2 have them. */
static void test_known(void **state)
{
	(void)state;
	check_slot(ABI_NATIVE, 447, "memfd_secret");
	check_slot(ABI_NATIVE, 451, "cachestat");
	check_slot(ABI_NATIVE, 462, "mseal");
	check_slot(ABI_NATIVE, 463, "setxattrat");
	check_slot(ABI_NATIVE, 468, "file_getattr");
	check_slot(ABI_NATIVE, 470, "listns");
	check_slot(ABI_NATIVE, 471, "rseq_slice_yield");
	check_slot(ABI_NATIVE, RECENT_LAST + 29, "500");
#if defined(__x86_64__)
	check_slot(ABI_NATIVE, 335, "uretprobe");
	check_slot(ABI_X32, 336, "x32:uprobe");
	check_slot(ABI_COMPAT, 335, "i386:rt_tgsigqueueinfo");
	check_slot(ABI_COMPAT, 462, "i386:mseal");
	check_slot(ABI_X32, 462, "x32:mseal");
#else
	check_slot(ABI_COMPAT, 447, "arm:447");
	check_slot(ABI_COMPAT, 462, "arm:mseal");
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),   cmocka_unit_test(test_no_gap),
		cmocka_unit_test(test_known),      cmocka_unit_test(test_libseccomp_agrees),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
