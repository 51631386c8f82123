/* SPDX-License-Identifier: MIT */
/* Which system calls a list means: items of each kind, and their order. */
#include "syscall_sets.h"

#include <errno.h>
#include <stdlib.h>

#include "syscall_classes.h"

static void test_name(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "openat");
	assert_int_equal(count(&set), SYSCALL_ABIS);
	for (int abi = 0; abi < SYSCALL_ABIS; abi++)
		assert_true(has(&set, (enum syscall_abi)abi, "openat"));
	parse(&set, "mmap2,read"); /* the first is compat's alone */
	assert_true(has(&set, ABI_NATIVE, "read"));
	assert_int_equal(count_in(&set, ABI_NATIVE), 1);
	parse(&set, COMPAT "mmap2");
	assert_int_equal(count(&set), 1);
	assert_true(has(&set, ABI_COMPAT, "mmap2"));
}

static void test_prefix(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, COMPAT "openat");
	assert_int_equal(count(&set), 1);
	assert_true(has(&set, ABI_COMPAT, "openat"));
	parse(&set, COMPAT "*");
	assert_int_equal(count(&set), ABI_CALLS);
	assert_int_equal(count_in(&set, ABI_COMPAT), ABI_CALLS);
	same(COMPAT "*", COMPAT "%all");
	same("openat,!" COMPAT "*,!" COMPAT "openat", "openat,!" COMPAT "openat");
	parse(&set, COMPAT "%file");
	assert_true(has(&set, ABI_COMPAT, "openat"));
	assert_int_equal(count(&set), count_in(&set, ABI_COMPAT));
	parse(&set, COMPAT "1");
	assert_true(has(&set, ABI_COMPAT, "exit"));
	assert_int_equal(count(&set), 1);
#ifdef __x86_64__
	parse(&set, "x32:openat,x32:520");
	assert_true(has(&set, ABI_X32, "openat"));
	assert_true(has(&set, ABI_X32, "execve"));
	assert_int_equal(count(&set), 2);
	same("openat,!x32:*,!i386:*", "257");
#endif
}

static void test_number(void **state)
{
	struct syscall_set set;
	char list[64];

	(void)state;
	snprintf(list, sizeof(list), "%d,0,1021,0900", syscall_number(ABI_NATIVE, "openat"));
	parse(&set, list);
	assert_true(has(&set, ABI_NATIVE, "openat"));
	assert_true(syscall_set_has(&set, 0));
	assert_true(syscall_set_has(&set, 900)); /* a number without a name */
	assert_true(syscall_set_has(&set, 1021));
	assert_int_equal(count(&set), 4);
}

static void test_glob(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "*at");
	assert_true(has(&set, ABI_NATIVE, "openat"));
	assert_true(has(&set, ABI_COMPAT, "unlinkat"));
	assert_false(has(&set, ABI_NATIVE, "openat2"));
	assert_false(syscall_set_has(&set, SYSCALL_OTHER));
	same("epoll_ctl,epoll_ct[k-m]", "epoll_ctl");
	same("clos[e]", "close");
	same("[!a-bd-z]los?", "close");
	parse(&set, "*64*");
	assert_false(
		syscall_set_has(&set, 964)); /* a number without a name does not match a glob */
}

/* Patterns with bytes that have a meaning in lists. */
static void test_glob_in_a_list(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "%all,!*,[!b-z]ccept");
	assert_true(has(&set, ABI_NATIVE, "accept"));
	assert_int_equal(count_in(&set, ABI_NATIVE), 1);
}

static void test_class(void **state)
{
	struct syscall_set set;

	(void)state;
	for (unsigned bit = 1; bit < SYSCALL_CLASS_END; bit <<= 1) {
		char list[32];

		snprintf(list, sizeof(list), "%%%s", syscall_class_name(bit));
		parse(&set, list);
		for (size_t slot = 0; slot < SYSCALL_ABIS * ABI_CALLS; slot++) {
			enum syscall_abi abi = (enum syscall_abi)(slot / ABI_CALLS);
			char *name = syscall_name(abi, (int)(slot % ABI_CALLS));
			bool want = name && syscall_classes(name) & bit;

			if (slot % ABI_CALLS == SYSCALL_NONE)
				want = bit == SYSCALL_CLASS_SIGNAL;
			if (syscall_set_has(&set, slot) != want)
				fail_msg("%s: slot %zu (%s)", list, slot, name ? name : "-");
			free(name);
		}
	}
	same("%proc", "%process");
	same("%net", "%network");
	same("%mem", "%memory");
}

static void test_all(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "%all");
	assert_int_equal(count(&set), SYSCALL_SLOTS);
	same("%all", "*");
	same("%all", "**");
	same("!openat", "!openat,openat");
	same("%all", "openat,*");
}

static void test_negation(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "!openat");
	assert_int_equal(count(&set), SYSCALL_SLOTS - SYSCALL_ABIS);
	assert_false(has(&set, ABI_NATIVE, "openat"));
	assert_false(has(&set, ABI_COMPAT, "openat"));
	assert_true(syscall_set_has(&set, SYSCALL_OTHER));
	assert_true(syscall_set_has(&set, SYSCALL_NONE));
	assert_true(syscall_set_has(&set, 900));
	parse(&set, "!%file,!%desc");
	assert_false(has(&set, ABI_NATIVE, "read"));
	assert_false(has(&set, ABI_NATIVE, "chdir"));
	assert_true(has(&set, ABI_NATIVE, "getppid"));
	parse(&set, "%file,!openat");
	assert_false(has(&set, ABI_NATIVE, "openat"));
	assert_true(has(&set, ABI_NATIVE, "openat2"));
	assert_false(has(&set, ABI_NATIVE, "read"));
	same("!" COMPAT "*", "%all,!" COMPAT "%all");
	same("!0", "%all,!0");
}

/* Items apply from left to right: a later one wins. */
static void test_order(void **state)
{
	struct syscall_set set;

	(void)state;
	same("!openat,close", "!openat,!close"); /* as strace */
	same("openat,!close", "openat");
	same("openat,!openat,close", "close");
	same("openat,close,!openat", "close");
	same("!*at,close", "%all,!*at,!close");
	parse(&set, "%file,!*at,openat");
	assert_true(has(&set, ABI_NATIVE, "openat"));
	assert_false(has(&set, ABI_NATIVE, "unlinkat"));
	assert_true(has(&set, ABI_NATIVE, "chdir"));
	parse(&set, "%file,openat,!*at");
	assert_false(has(&set, ABI_NATIVE, "openat"));
	same("%all,!%all,openat", "openat");
}

static void test_duplicates(void **state)
{
	(void)state;
	same("openat,openat", "openat");
	same("openat,openat,%file,openat", "%file");
	same("!openat,!openat", "!openat");
	same("close,c*e,close", "c*e");
}

/* sigreturn returns without its number, so SYSCALL_NONE is in the set with the call. */
static void test_sigreturn(void **state)
{
	static const char *const with[] = { "rt_sigreturn", "rt_*",    "%signal",
					    "*return",      "!openat", "openat,rt_sigreturn" };
	static const char *const without[] = { "openat",   "%file",         "!rt_sigreturn",
					       "!%signal", "%all,!rt_sig*", "rt_*,!*return" };
	struct syscall_set set;
	char number[16];

	(void)state;
	for (size_t i = 0; i < COUNT(with); i++) {
		parse(&set, with[i]);
		for (size_t abi = 0; abi < SYSCALL_ABIS; abi++)
			assert_true(syscall_set_has(&set, abi * ABI_CALLS + SYSCALL_NONE));
	}
	for (size_t i = 0; i < COUNT(without); i++) {
		parse(&set, without[i]);
		assert_false(syscall_set_has(&set, SYSCALL_NONE));
	}
	snprintf(number, sizeof(number), "%d", syscall_number(ABI_NATIVE, "rt_sigreturn"));
	parse(&set, number);
	assert_int_equal(count(&set), 2);
	assert_true(syscall_set_has(&set, SYSCALL_NONE));
	parse(&set, "sigreturn"); /* compat's alone */
	assert_int_equal(count(&set), 2);
	assert_true(syscall_set_has(&set, ABI_COMPAT * ABI_CALLS + SYSCALL_NONE));
	parse(&set, "!sigreturn"); /* rt_sigreturn is left */
	assert_int_equal(count(&set), SYSCALL_SLOTS - 1);
	parse(&set, "!" COMPAT "sigreturn,!" COMPAT "rt_sigreturn");
	assert_int_equal(count(&set), SYSCALL_SLOTS - 3);
	assert_true(syscall_set_has(&set, SYSCALL_NONE));
	assert_false(syscall_set_has(&set, ABI_COMPAT * ABI_CALLS + SYSCALL_NONE));
}

/*
 * "unknown", the name in reports for numbers that no kernel has, can be added and removed.
 */
static void test_unknown_row(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "unknown");
	assert_true(syscall_set_has(&set, SYSCALL_OTHER));
	assert_int_equal(count_in(&set, ABI_NATIVE), 1);
	parse(&set, "!unknown");
	assert_false(syscall_set_has(&set, SYSCALL_OTHER));
}

static void test_whatever_a_report_says_can_be_asked_for(void **state)
{
	(void)state;
	for (size_t slot = 0; slot < SYSCALL_ABIS * ABI_CALLS; slot += 7) {
		char name[SYSCALL_NAME_MAX];
		struct syscall_set set;

		syscall_slot_name(slot, name, sizeof(name));
		parse(&set, name);
		if (!syscall_set_has(&set, slot))
			fail_msg("%s does not mean slot %zu", name, slot);
	}
}

/* A long item, and a long list. */
static void test_long(void **state)
{
	struct error err = ERROR_INIT;
	struct syscall_set set;
	char list[8 * 2000 + 1] = "";

	(void)state;
	for (size_t i = 0; i < 200; i++)
		memcpy(list + 7 * i, "openat,", 8);
	memcpy(list + 7 * 200, "close", 6);
	same(list, "openat,close");
	memset(list, 'a', sizeof(list) - 1);
	list[sizeof(list) - 1] = '\0';
	assert_int_equal(syscall_set_parse(&set, list, &err), -EINVAL);
	assert_string_equal(error_name(err.code), "EINVAL");
	error_clear(&err);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_glob_in_a_list),
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_negation),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_sigreturn),
		cmocka_unit_test(test_unknown_row),
		cmocka_unit_test(test_whatever_a_report_says_can_be_asked_for),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
