/* SPDX-License-Identifier: MIT */
/* Sets of system calls read back: which slots there are, and the calls that have names. */
#include "syscall_sets.h"

#include "syscall_classes.h"

static void test_no_slot(void **state)
{
	struct syscall_set set;

	(void)state;
	parse(&set, "%all");
	assert_true(syscall_set_has(&set, SYSCALL_SLOTS - 1));
	assert_false(syscall_set_has(&set, SYSCALL_SLOTS));
	assert_false(syscall_set_has(&set, SIZE_MAX));
}

struct seen {
	size_t count, stop_at;
	size_t last; /* slot + 1 */
	const struct syscall_set *set;
};

static int see(const struct syscall_entry *entry, void *context)
{
	struct seen *seen = context;
	size_t slot = (size_t)entry->abi * ABI_CALLS + (size_t)entry->number;
	char name[SYSCALL_NAME_MAX];

	assert_in_range(slot, seen->last, SYSCALL_ABIS * ABI_CALLS - 3);
	seen->last = slot + 1;
	syscall_slot_name(slot, name, sizeof(name));
	assert_string_equal(entry->name, name);
	assert_true(name[strlen(name) - 1] < '0' || strpbrk(name, "abcdefghijklmnopqrstuvwxyz"));
	assert_int_equal(entry->classes,
			 syscall_classes(strchr(name, ':') ? strchr(name, ':') + 1 : name));
	assert_true(!seen->set || syscall_set_has(seen->set, slot));
	return ++seen->count == seen->stop_at ? 77 : 0;
}

static void test_list(void **state)
{
	struct seen every = { 0 }, some = { 0 }, first = { .stop_at = 3 }, last = { 0 };
	struct syscall_set set;

	(void)state;
	assert_int_equal(syscall_list(see, NULL, &every), 0);
	assert_in_range(every.count, 300 * SYSCALL_ABIS, 600 * SYSCALL_ABIS);
	parse(&set, "openat,900,unknown," COMPAT "sigreturn"); /* no row for what has no name */
	some.set = &set;
	assert_int_equal(syscall_list(see, &set, &some), 0);
	assert_int_equal(some.count, SYSCALL_ABIS + 1);
	assert_int_equal(syscall_list(see, NULL, &first), 77);
	assert_int_equal(first.count, 3);
	parse(&set, "%all");
	last.set = &set;
	assert_int_equal(syscall_list(see, &set, &last), 0);
	assert_int_equal(last.count, every.count);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_slot),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
