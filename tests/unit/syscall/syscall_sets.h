/* SPDX-License-Identifier: MIT */
/* What the tests of sets of system calls share: a list parsed, and slots counted. */
#ifndef SYSCALL_SETS_H
#define SYSCALL_SETS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "syscall_names.h"
#include "syscall_set.h"

#ifdef __x86_64__
#define COMPAT "i386:"
#else
#define COMPAT "arm:"
#endif

static inline void parse(struct syscall_set *set, const char *list)
{
	struct error err = ERROR_INIT;

	memset(set, 0, sizeof(*set));
	if (syscall_set_parse(set, list, &err) != 0)
		fail_msg("%s: %s", list, err.text);
	assert_true(set->any);
}

static inline size_t slot_of(enum syscall_abi abi, const char *name)
{
	int number = syscall_number(abi, name);

	if (number < 0)
		fail_msg("%s: no such call", name);
	return (size_t)abi * ABI_CALLS + (size_t)number;
}

static inline bool has(const struct syscall_set *set, enum syscall_abi abi, const char *name)
{
	return syscall_set_has(set, slot_of(abi, name));
}

static inline size_t count_in(const struct syscall_set *set, size_t abi)
{
	size_t n = 0;

	for (size_t number = 0; number < ABI_CALLS; number++)
		n += syscall_set_has(set, abi * ABI_CALLS + number);
	return n;
}

static inline size_t count(const struct syscall_set *set)
{
	size_t n = 0;

	for (size_t abi = 0; abi < ABI_COUNT; abi++)
		n += count_in(set, abi);
	return n;
}

/* Two lists that mean the same. */
static inline void same(const char *one, const char *other)
{
	struct syscall_set a, b;

	parse(&a, one);
	parse(&b, other);
	if (memcmp(a.bits, b.bits, sizeof(a.bits)) != 0)
		fail_msg("%s and %s: %zu and %zu slots", one, other, count(&a), count(&b));
}

#endif
